package pages

import "guestlist/views/layouts"

func init() {
	v := HelpView{Frame: sampleFrame("Help", layouts.NavNone), Pages: []HelpLink{{Label: "Settings", Href: "/help/settings", Current: true}, {Label: "Refusals", Href: "/help/refusals"}}}
	samples["HelpIndex"] = HelpIndex(v)
	v.Title, v.HTML = "Settings", `<h2 id="guests">Guests</h2><p>Two gates.</p>`
	v.Contents = []HelpLink{{Label: "Guests", Href: "#guests"}, {Label: "Never", Href: "#never", Sub: true}}
	samples["HelpPage"] = HelpPage(v)
	v.Find, v.Found = "guests", []HelpHit{{Page: "Settings", Title: "Guests", Text: "Two gates.", Href: "/help/settings#guests"}}
	samples["HelpIndex, found"] = HelpIndex(v)
	v.Found = nil
	samples["HelpIndex, nothing"] = HelpIndex(v)
}
