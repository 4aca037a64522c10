package components

import (
	"strconv"
	"strings"
	"unicode"
)

// AvatarSize is in pixels.
type AvatarSize int

const (
	AvatarMedium AvatarSize = 0 // 32, in rows
	AvatarSmall  AvatarSize = 24
	AvatarLarge  AvatarSize = 48
)

// PersonProps is someone: on the list, or dashed as a guest.
type PersonProps struct {
	ID     string
	Name   string // the id stands in when it is empty
	Href   string // the person's page; empty: no link
	Size   AvatarSize
	Guest  bool
	Online bool
}

func (p PersonProps) name() string { return or(strings.TrimSpace(p.Name), p.ID) }

func (p PersonProps) avatarClass() string {
	size := p.Size
	if size == AvatarMedium {
		size = 32
	}
	return classes("av", "av-"+strconv.Itoa(int(size)), "av-"+strconv.Itoa(hue(p.ID)), when(p.Guest, "av-guest"), when(p.Online, "av-on"))
}

// hue is one of eight tints. It follows the id, so a person keeps theirs when the name changes.
func hue(id string) int {
	h := uint32(7)
	for _, r := range id {
		h = h*31 + uint32(r)
	}
	return int(h%8) + 1
}

// Initials are the first letters of the first two words, or of one. Marks that belong to a letter stay with it.
func Initials(name string) string {
	var out strings.Builder
	for i, word := range strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '_' || r == '-' || r == '.' }) {
		if i == 2 {
			break
		}
		for j, r := range word {
			if j > 0 && !unicode.Is(unicode.M, r) {
				break
			}
			if unicode.IsPrint(r) {
				out.WriteRune(unicode.ToUpper(r))
			}
		}
	}
	return out.String()
}
