package static

import "testing"

// What a page loads to show a chat stays small: the script, and the chatbox with its styles.
func TestSDKKeepsToItsBudget(t *testing.T) {
	const script, together = 20 << 10, 60 << 10
	sum := 0
	for _, name := range []string{"talk.js", "chatbox.js", "chatbox.css"} {
		a, ok := assets["sdk/dist/"+name]
		if !ok {
			t.Fatalf("no %s", name)
		}
		size := len(a.zip())
		sum += size
		if name == "talk.js" && size > script {
			t.Errorf("%s is %d bytes, compressed; at most %d", name, size, script)
		}
	}
	if sum > together {
		t.Errorf("script, chatbox and styles are %d bytes, compressed; at most %d", sum, together)
	}
}
