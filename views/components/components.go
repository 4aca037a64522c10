// Package components holds the parts that every page is made of: one templ component a part, each with one Props struct
// whose zero value is the ordinary case.
//
// What a person wrote (a name, a subject, an id) is text, never markup, and stands in <bdi> so that its direction of
// writing stays its own. Nothing here uses inline styles, inline scripts or event attributes: the policy forbids them.
package components

import "strings"

// classes joins the names that are not empty.
func classes(names ...string) string {
	kept := names[:0:0]
	for _, name := range names {
		if name != "" {
			kept = append(kept, name)
		}
	}
	return strings.Join(kept, " ")
}

// when is the class that stands only under a condition.
func when(condition bool, class string) string {
	if condition {
		return class
	}
	return ""
}

func or(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
