package chat

import "time"

// App is one tenant.
type App struct {
	ID        AppID
	Name      string
	Live      bool // live or test
	CreatedAt time.Time

	Users, Conversations, Participants int64 // kept counts
}

// AppChange creates an app.
type AppChange struct {
	ID   AppID
	Name string
	Live bool
}

// Check says whether the app can be created as described.
func (c AppChange) Check() error {
	problems := fieldErrors{}
	if why := idProblem(string(c.ID)); why != "" {
		problems.add("id", why)
	}
	if c.Name == "" {
		problems.add("name", "is required")
	} else if why := nameProblem(c.Name); why != "" {
		problems.add("name", why)
	}
	return problems.err()
}

// AppRename gives an app another name. Seen is the one that the form was made from.
type AppRename struct{ Seen, Name string }

// Check refuses a name that can't be, and one that was chosen over another than the app has now.
func (r AppRename) Check(now App) error {
	if err := (AppChange{ID: now.ID, Name: r.Name}).Check(); err != nil {
		return err
	}
	if now.Name == r.Seen || now.Name == r.Name || r.Name == r.Seen {
		return nil
	}
	return &Error{Code: Conflict, Reason: StaleChange, Message: "Not saved. Somebody else renamed the app while you were editing.",
		Hint: "Look at both names and choose.", Fields: map[string][]string{"name": {"Yours: “" + r.Name + "”. Now: “" + now.Name + "”."}},
		Clashes: []Clash{{Field: "name", Was: quote(r.Seen), Theirs: quote(now.Name), Mine: quote(r.Name)}}}
}

// MaxKeys is how many secret keys an app may have at once.
const MaxKeys = 10

// Key is a secret key of an app, without the secret.
type Key struct {
	App        AppID
	ID         string
	Name       string
	Hint       string // the last four characters
	Active     bool
	CreatedAt  time.Time
	CreatedBy  string
	LastUsedAt time.Time // zero: never; kept to the minute
}

// Secret is text that must not reach a log, a page or an error by accident: it prints as ***.
type Secret string

func (Secret) String() string               { return "***" }
func (Secret) GoString() string             { return "***" }
func (Secret) MarshalText() ([]byte, error) { return []byte("***"), nil }

// Reveal is the text itself.
func (s Secret) Reveal() string { return string(s) }
