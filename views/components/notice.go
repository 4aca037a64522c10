package components

import "github.com/a-h/templ"

// NoticeKind says what a notice is about.
type NoticeKind string

const (
	NoticeInfo  NoticeKind = ""
	NoticeOK    NoticeKind = "ok"
	NoticeWarn  NoticeKind = "warn"
	NoticeBad   NoticeKind = "danger"
	NoticeGuest NoticeKind = "guest" // dashed; about guests only
)

// NoticeProps says what happened, why, and what to do. Children stand behind the text.
type NoticeProps struct {
	Kind   NoticeKind
	Title  string // what happened, in bold
	Text   string
	Icon   string // the kind's own unless set
	Alert  bool   // new on this page, and worth an interruption
	Action templ.Component
	Class  string
}

func (p NoticeProps) icon() string {
	kinds := map[NoticeKind]string{NoticeInfo: "info", NoticeOK: "circle-check", NoticeWarn: "triangle-alert", NoticeBad: "circle-alert", NoticeGuest: "info"}
	return or(p.Icon, kinds[p.Kind])
}
