package layouts

import (
	"context"

	"guestlist/views/words"
)

// scriptWords are the sentences that scripts say, by the English ones that stand in them. English needs none.
func scriptWords(ctx context.Context) map[string]string {
	if words.Of(ctx) == words.Languages[0].Code {
		return nil
	}
	said := map[string]string{}
	for _, sentence := range []string{
		words.Key("Copied"), words.Key("Hide"), words.Key("Show"), words.Key("Pause"), words.Key("Go on"), words.Key("Ctrl"),
		words.Key("System"), words.Key("Light"), words.Key("Dark"),
		words.Key("1 change since you opened this."), words.Key("{n} changes since you opened this."), words.Key("There are changes since you opened this."), words.Key("Not live since {time}"), words.Key("Paused at {time}"),
		words.Key("The server did not answer. Press Enter to try the search as a page."),
		words.Key("The server did not offer a passkey. Reload the page."), words.Key("No passkey was used. Try again, or go on another way."),
		words.Key("This device has a passkey for you already."),
		words.Key("The chat’s script did not load. Reload the page."), words.Key("No token: sign in again."),
	} {
		said[sentence] = words.T(ctx, sentence)
	}
	return said
}
