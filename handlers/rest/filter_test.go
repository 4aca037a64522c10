package rest

import (
	"net/url"
	"strings"
	"testing"

	"guestlist/db/chat"
)

func TestFilters(t *testing.T) {
	with := func(pairs ...string) chat.Conversation {
		custom := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			custom[pairs[i]] = pairs[i+1]
		}
		return chat.Conversation{Custom: custom}
	}
	none, one, two, blank := chat.Conversation{}, with("n", "1"), with("n", "2", "m", "x"), with("n", "")
	all := []chat.Conversation{none, one, two, blank}
	for filter, want := range map[string][4]bool{
		``:                                        {true, true, true, true},
		`{}`:                                      {true, true, true, true},
		`{"custom":{}}`:                           {true, true, true, true},
		`{"custom":null}`:                         {true, true, true, true},
		`{"custom":{"n":"exists"}}`:               {false, true, true, true},
		`{"custom":{"n":"!exists"}}`:              {true, false, false, false},
		`{"custom":{"n":["==","1"]}}`:             {false, true, false, false},
		`{"custom":{"n":["==",""]}}`:              {false, false, false, true},
		`{"custom":{"n":["!=","1"]}}`:             {true, false, true, true},
		`{"custom":{"n":["oneOf",["1","2"]]}}`:    {false, true, true, false},
		`{"custom":{"n":["oneOf",[]]}}`:           {false, false, false, false},
		`{"custom":{"n":["!oneOf",["1","2"]]}}`:   {true, false, false, true},
		`{"custom":{"n":["!oneOf",[]]}}`:          {true, true, true, true},
		`{"custom":{"n":"exists","m":"!exists"}}`: {false, true, false, true},
		`{"custom":{"N":"exists"}}`:               {false, false, false, false},
	} {
		for _, text := range []string{filter, url.QueryEscape(filter)} {
			match, err := parseFilter(text)
			if err != nil || (match == nil) != (filter == "") {
				t.Errorf("%s: %v", text, err)
				continue
			}
			for i, c := range all {
				if match != nil && match(c) != want[i] {
					t.Errorf("%s on %v: %t", text, c.Custom, !want[i])
				}
			}
		}
	}
	for _, filter := range []string{`x`, `[]`, `"custom"`, `{"custom":[]}`, `{"custom":"n"}`, `{"custom":{"n":"maybe"}}`, `{"custom":{"n":null}}`, `{"custom":{"n":[]}}`, `{"custom":{"n":["=="]}}`,
		`{"custom":{"n":["==","1","2"]}}`, `{"custom":{"n":["==",1]}}`, `{"custom":{"n":["==",null]}}`, `{"custom":{"n":["==",["1"]]}}`, `{"custom":{"n":["oneOf","1"]}}`, `{"custom":{"n":["oneOf",null]}}`,
		`{"custom":{"n":["oneOf",["1",null]]}}`, `{"custom":{"n":["exists","1"]}}`, `{"custom":{"n":["~","1"]}}`, `{"custom":{"n":[1,"1"]}}`, `{"custom":{"n":{}}}`, `{"Custom":{"n":"exists"}}`,
		`{"custom":{},"isUnread":{}}`, `{"subject":{"n":"exists"}}`, `{"custom":{}} x`, `{"custom":{"n":"exists","n":"!exists"}}`, `%zz`, `%257B%257D`} {
		if match, err := parseFilter(filter); match != nil || chat.AsError(err) == nil || chat.AsError(err).Fields["filter"] == nil {
			t.Errorf("%s: %v", filter, err)
		}
	}
	twice := `{"custom":{"n":"exists","n":"!exists"}}`
	for _, text := range []string{twice, url.QueryEscape(twice)} {
		if _, err := parseFilter(text); err == nil || !strings.Contains(err.Error(), "twice") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
