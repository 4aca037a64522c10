package pages

import (
	"context"
	"net/http"
	"strconv"

	"guestlist/views/layouts"
	"guestlist/views/paths"
	"guestlist/views/words"
)

// ErrorView is a request that failed. It needs no store and no session, so it can be shown when those are what broke.
// The zero values of Title and Text take the status's own words.
type ErrorView struct {
	Status    int
	Title     string
	Text      string // what happened and why
	Hint      string // what to do
	RequestID string // shown for failures of ours, to be looked for in the log
	Back      string // a way on that knows more than the start page: the list that the missing thing was in
	BackLabel string
	Theme     layouts.Theme
	Help      string // where the reason is explained; "" for those who can't look there
}

type errorWords struct{ title, text string }

var errorTexts = map[int]errorWords{
	http.StatusBadRequest:            {words.Key("That can’t be read"), words.Key("The address or the form holds something this page does not understand. Nothing was changed.")},
	http.StatusForbidden:             {words.Key("Your role can’t open this"), words.Key("Your role does not include this. An owner can change your role. Nothing was changed.")},
	http.StatusNotFound:              {words.Key("Not on the list"), words.Key("There is nothing at this address. It may have been deleted, or the address has a typo.")},
	http.StatusMethodNotAllowed:      {words.Key("Not this way"), words.Key("This address is for a form of another page. Go back and use that form. Nothing was changed.")},
	http.StatusConflict:              {words.Key("Someone was quicker"), words.Key("This was changed after you opened the page. Your change was not saved. Reload to see what holds now.")},
	http.StatusRequestEntityTooLarge: {words.Key("Too large"), words.Key("What was sent is larger than this page takes. Nothing was changed. Send less at a time.")},
	http.StatusTooManyRequests:       {words.Key("Too many tries"), words.Key("There were too many requests in a short time. Wait a minute, then try again. Nothing was changed.")},
	http.StatusInternalServerError:   {words.Key("Something broke on our side"), words.Key("The page failed. Your last change may not have been saved. Look before you try again.")},
	http.StatusServiceUnavailable:    {words.Key("Busy for a moment"), words.Key("The server is starting, stopping or has too much to do. Nothing was changed. Try again in a few seconds.")},
}

func (v ErrorView) words() errorWords {
	words, ok := errorTexts[v.Status]
	if !ok && v.Status >= 500 {
		words = errorTexts[http.StatusInternalServerError]
	} else if !ok {
		words = errorTexts[http.StatusBadRequest]
	}
	if v.Title != "" {
		words.title = v.Title
	}
	if v.Text != "" {
		words.text = v.Text
	}
	return words
}

func (v ErrorView) code() string { return strconv.Itoa(v.Status) }

// ours tells that nobody but the server is to blame.
func (v ErrorView) ours() bool { return v.Status >= 500 }

func (v ErrorView) back(ctx context.Context) (href, label string) {
	if v.Back == "" || v.BackLabel == "" {
		return paths.Home(), words.T(ctx, "Back to the start")
	}
	return v.Back, words.Said(ctx, v.BackLabel)
}
