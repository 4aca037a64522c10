package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"guestlist/cmd/guestlist/browser"
)

// The server is killed while a message is on its way, and started again on the same data, twice. What was written is
// stored once, whether it left before, during or after.
func TestJourneyTheServerIsKilled(t *testing.T) {
	dir := t.TempDir()
	server, rest := shopIn(t, dir)
	address := strings.TrimPrefix(server.url, "http://")
	rest.must(t, "PUT", "/users/maya", `{"name":"Maya"}`)
	rest.must(t, "PUT", "/users/bob", `{"name":"Bob"}`)
	rest.must(t, "PUT", "/conversations/fair", `{"participants":["maya","bob"]}`)
	site := &shop{page: pageOf(t, server.url)}
	c := browser.Start(t)
	maya, bob := site.visit(t, c, "maya", ``, selectFair).ready(), site.visit(t, c, "bob", ``, selectFair).ready()
	var want []string
	for round := range 2 {
		before, during, after := fmt.Sprint("before ", round), fmt.Sprint("during ", round), fmt.Sprint("after ", round)
		maya.write(before)
		bob.box.See(before)
		maya.box.Fill("Message", during)
		killed := make(chan struct{})
		go func() {
			time.Sleep(time.Duration(round*4) * time.Millisecond)
			server.cmd.Process.Kill()
			server.cmd.Wait()
			close(killed)
		}()
		maya.page.Press(kb.Enter)
		<-killed
		maya.box.See("No connection. Trying again…")
		maya.write(after)
		maya.box.See("Waiting to send")
		server = serve(t, dir, "--addr", address)
		want = append(want, before, during, after)
		for _, v := range []visitor{maya, bob} {
			v.box.Until("the connection is back", `!document.body.innerText.includes("No connection")`)
			v.reads(strings.Join(want, "|"))
		}
		maya.box.NotSee("Waiting to send")
	}
	site.visit(t, c, "maya", ``, selectFair).ready().reads(strings.Join(want, "|"))
	maya.page.Errors() // Chromium tells of connections that were refused
	bob.page.Errors()
}
