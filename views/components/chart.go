package components

import (
	"fmt"
	"strings"
)

// ChartProps is a small chart of one row of numbers, drawn on the server. Label says in words what it shows; the page has
// the numbers as text beside it.
type ChartProps struct {
	Label  string
	Values []int64
	Line   bool // a level that goes on from point to point; else a bar for each
	Guest  bool // about guests
	Warn   bool // what one would rather not see
	Small  bool // beside a number
}

// The drawing is in units of its own, and is stretched to its place.
const (
	chartWide = 240
	chartHigh = 48
)

func (p ChartProps) box() string { return fmt.Sprintf("0 0 %d %d", chartWide, chartHigh) }

func (p ChartProps) class() string {
	return classes(when(p.Small, "h-6 w-20 shrink-0"), when(!p.Small, "h-12 w-full"), when(p.Guest, "text-guest"), when(p.Warn, "text-danger"), when(!p.Guest && !p.Warn, "text-accent"))
}

// bounds are what the drawing's foot and head stand for: bars start at 0, a line shows its own ups and downs.
func (p ChartProps) bounds() (low, high int64) {
	if len(p.Values) == 0 {
		return 0, 1
	}
	high = p.Values[0]
	if p.Line {
		low = p.Values[0]
	}
	for _, v := range p.Values {
		low, high = min(low, v), max(high, v)
	}
	if high == low {
		high++
		if p.Line {
			low-- // a level that stays is in the middle
		}
	}
	return low, high
}

// y is how far from the top a value is.
func (p ChartProps) y(v int64) float64 {
	low, high := p.bounds()
	return 3 + (chartHigh-5)*(1-float64(v-low)/float64(high-low))
}

// path draws the bars, or the line.
func (p ChartProps) path() string {
	var b strings.Builder
	step := float64(chartWide) / float64(max(len(p.Values), 1))
	for i, v := range p.Values {
		x := step * float64(i)
		switch {
		case p.Line && i == 0:
			fmt.Fprintf(&b, "M%.1f %.1f", x+step/2, p.y(v))
		case p.Line:
			fmt.Fprintf(&b, "L%.1f %.1f", x+step/2, p.y(v))
		case v > 0:
			y := min(p.y(v), chartHigh-3) // what is there is seen
			fmt.Fprintf(&b, "M%.1f %dV%.1fH%.1fV%dZ", x+step*0.12, chartHigh-1, y, x+step*0.88, chartHigh-1)
		}
	}
	return b.String()
}
