package pages

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"guestlist/db/chat"
	"guestlist/views/viewtest"

	"github.com/PuerkitoBio/goquery"
)

func sampleCharts() ChartsView {
	var hours []chat.Hour
	for i := range 48 {
		hours = append(hours, chat.Hour{Start: now.Truncate(time.Hour).Add(time.Duration(i-47) * time.Hour), Users: int64(i % 2), Participants: -1, Messages: int64(10 + i), Guests: int64(i % 5), Refused: int64(i), Changes: 1})
	}
	return NewCharts(context.Background(), chat.App{ID: "shop", Users: 100, Participants: 50}, Ranges[0], hours, now)
}

func sampleAttention() []Attention {
	findings := sampleHealth(chat.Owner).Findings
	trial := chat.SettingsTrial{Save: settingsEvent(9, `{"guestPolicy":"follow"}`, `{"guestPolicy":"never"}`), Due: now.Add(20 * time.Minute)}
	return NeedsAttention(context.Background(), "shop", findings, []chat.SettingsTrial{trial}, []chat.SettingsPlan{{State: chat.PlanRefused, EndedAt: now, Outcome: "Pia is no admin any more."}, {State: chat.PlanRefused, EndedAt: now.AddDate(0, 0, -2)}, {State: chat.PlanDone, EndedAt: now}},
		[]chat.Job{{State: chat.JobFailed, Title: "Add 5,000 people", FinishedAt: now}, {State: chat.JobDone, FinishedAt: now}}, sampleCharts(), now)
}

func TestChartsSayTheirNumbers(t *testing.T) {
	v := sampleCharts()
	for id, want := range map[string]string{
		"messages":     "Messages over 24 hours: 1,092 messages, 111 % more than the 24 hours before. Most at 12:00: 57.",
		"users":        "Users over 24 hours: 100 users, 12 more than 24 hours ago.",
		"participants": "Participants over 24 hours: 50 places on lists, 23 fewer than 24 hours ago.",
		"guests":       "Guests at once over 24 hours: 4 guests, the most at once.",
		"refused":      "Refused calls over 24 hours: 852 calls, 208 % more than the 24 hours before. Most at 12:00: 47.",
		"changes":      "Changes over 24 hours: 24 changes, as many as the 24 hours before.",
	} {
		if got := v.of(id).chart(t.Context(), v).Label; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	doc := viewtest.Render(t, samples["Overview"])
	if rows := doc.Find("[data-testid=numbers] tbody tr"); rows.Length() != 24 || strings.TrimSpace(rows.Last().Find("td").First().Text()) != "57" {
		t.Error("the table doesn't have the numbers of the charts")
	}
	doc.Find("svg[data-chart]").Each(func(_ int, s *goquery.Selection) {
		if label, ok := s.Attr("aria-label"); !ok || label == "" || s.AttrOr("role", "") != "img" {
			t.Error("a chart without words")
		}
	})
}

func TestEveryRangeEndsNow(t *testing.T) {
	for _, r := range Ranges {
		if end := r.Start(now).Add(r.Length()); end.Before(now) || end.Sub(now) > time.Hour {
			t.Errorf("%s ends at %s", r.Value, end)
		}
		v := NewCharts(t.Context(), chat.App{}, r, []chat.Hour{{Start: now.Truncate(time.Hour), Messages: 5}, {Start: now.Truncate(time.Hour).Add(time.Hour), Messages: 9}, {Start: r.Start(now).Add(-time.Hour), Messages: 2}}, now)
		if s := v.of("messages"); s.total() != 5 || s.before != 2 || s.values[r.Points-1] != 5 || len(v.points(t.Context())) != r.Points {
			t.Errorf("%s: %+v", r.Value, s)
		}
	}
	if ParseRange("7d").Value != "7d" || ParseRange("1y").Value != "24h" || ParseRange("").Value != "24h" {
		t.Error("a range is not found")
	}
}

func TestWhatNeedsAttention(t *testing.T) {
	var texts []string
	for _, a := range sampleAttention() {
		texts = append(texts, a.Text)
	}
	for _, want := range []string{"Guest access goes back in 20 minutes unless it is confirmed.", "A scheduled change was not made: Pia is no admin any more.", "A job failed: Add 5,000 people", "Refused calls are rising: 852, 208 % more than the 24 hours before.", "and 4 more findings"} {
		if !strings.Contains(strings.Join(texts, "\n"), want) {
			t.Errorf("%q is missing in\n%s", want, strings.Join(texts, "\n"))
		}
	}
	if len(texts) != 4+maxFindings+1 {
		t.Errorf("%d things", len(texts))
	}
}

func TestComparisonsInWords(t *testing.T) {
	for _, x := range []struct {
		now, before int64
		want        string
	}{{106, 100, "6 % more than before"}, {94, 100, "6 % fewer than before"}, {100, 100, "as many as before"}, {500, 100, "5 times before"}, {0, 7, "100 % fewer than before"}} {
		if got := compared(t.Context(), x.now, x.before, "before"); got != x.want {
			t.Errorf("%s: %q", fmt.Sprint(x.now, x.before), got)
		}
	}
}
