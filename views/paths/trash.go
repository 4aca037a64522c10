package paths

import "fmt"

// Trash is the list of what was deleted; a thing in it has a number.
func Trash(app string) string { return inApp(app, "trash") }

func RestoreTrashed(app string, n int64) string {
	return inApp(app, "trash", fmt.Sprint(n), "restore")
}
func PurgeTrashed(app string, n int64) string { return inApp(app, "trash", fmt.Sprint(n), "purge") }

// BanUser, LiftBan, DeleteUser and EraseUser are pages that ask before they act on one user.
func BanUser(app, user string) string    { return inApp(app, "users", id(user), "ban") }
func LiftBan(app, user string) string    { return inApp(app, "users", id(user), "lift") }
func DeleteUser(app, user string) string { return inApp(app, "users", id(user), "delete") }
func EraseUser(app, user string) string  { return inApp(app, "users", id(user), "erase") }

// BannedUsers is the list of users, narrowed to those who are banned.
func BannedUsers(app string) string { return with(inApp(app, "users"), "show", "banned") }
