package components

import ()

// Tone colours a badge. The word says it too.
type Tone string

const (
	Neutral Tone = ""
	OK      Tone = "ok"
	Warn    Tone = "warn"
	Bad     Tone = "danger"
	Accent  Tone = "accent"
	Outline Tone = "outline"
	Guest   Tone = "guest" // dashed; guests only
)

type BadgeProps struct {
	Text string
	Tone Tone
	Icon string
}

func (p BadgeProps) class() string {
	return classes("badge", when(p.Tone != Neutral, "badge-"+string(p.Tone)))
}
