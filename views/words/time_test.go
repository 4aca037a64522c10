package words

import (
	"testing"
	"time"
)

func TestTimesInWords(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	zone := time.FixedZone("CET", 3600)
	for _, test := range []struct {
		at   time.Time
		want string
	}{
		{now, "just now"}, {now.Add(3 * time.Second), "just now"}, {now.Add(-30 * time.Second), "30 s ago"},
		{now.Add(-4 * time.Minute), "4 min ago"}, {now.Add(-23*time.Hour - 59*time.Minute), "23 h ago"},
		{now.Add(-24 * time.Hour), "13 Mar"}, {now.Add(2 * time.Hour), "in 2 h"}, {now.Add(48 * time.Hour), "16 Mar"},
		{time.Date(2025, 11, 9, 23, 30, 0, 0, time.UTC), "10 Nov 2025"},
	} {
		if got := Relative(t.Context(), test.at, now.In(zone)); got != test.want {
			t.Errorf("Relative(%s) is %q, want %q", test.at, got, test.want)
		}
	}
	if got := Full(t.Context(), now, now.In(zone)); got != "14 March 2026, 13:00:00 CET" {
		t.Errorf("Full is %q", got)
	}
}

func TestDaysAreWrittenAsTheLanguageDoes(t *testing.T) {
	at := time.Date(2026, 5, 3, 14, 5, 9, 0, time.UTC)
	for code, want := range map[string]string{
		"en": "3 May; 3 May 2026; 3 May 2026, 14:05 UTC; 5 min ago; in 2 h",
		"de": "3. Mai; 3. Mai 2026; 3. Mai 2026, 14:05 UTC; vor 5 min; in 2 h",
		"es": "3 may; 3 de mayo de 2026; 3 de mayo de 2026, 14:05 UTC; hace 5 min; dentro de 2 h",
	} {
		ctx := In(t.Context(), code)
		got := Day(ctx, at, at) + "; " + Date(ctx, at) + "; " + Moment(ctx, at, at) + "; " + Relative(ctx, at.Add(-5*time.Minute), at) + "; " + Relative(ctx, at.Add(2*time.Hour), at)
		if got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
