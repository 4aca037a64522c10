// Package pages holds the pages: a view struct with its wording in the .go file, the markup beside it in .templ.
package pages

import "guestlist/views/layouts"

// SignInView is the sign-in form. After a refusal it comes back with what was typed, except the password.
type SignInView struct {
	Theme layouts.Theme
	Host  string // where one signs in to, as typed in the browser
	Email string
	Next  string // an address of this dashboard, followed after signing in
	Error string // what is wrong and what to do; the same for a wrong address and a wrong password
	Demo  bool
	Foot  string // version
}

// SetupView is the form that makes the first admin. It exists only until there is one.
type SetupView struct {
	Theme  layouts.Theme
	Code   string
	Name   string
	Email  string
	Error  string            // about the form as a whole
	Errors map[string]string // by field: code, name, email, password
}

// first tells which field takes the focus: the first with an error, else the first that is empty.
func (v SetupView) first(name string) bool {
	order := []string{"code", "name", "email", "password"}
	for _, field := range order {
		if v.Errors[field] != "" {
			return field == name
		}
	}
	if v.Code != "" {
		return name == "name"
	}
	return name == "code"
}
