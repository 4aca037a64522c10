package static

import (
	"regexp"
	"sync"
)

var icons = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, match := range regexp.MustCompile(`<symbol id="([^"]+)"`).FindAllSubmatch(assets["img/icons.svg"].plain, -1) {
		names[string(match[1])] = true
	}
	return names
})

// HasIcon tells whether the sprite holds a symbol of this name. An icon without one is drawn as nothing.
func HasIcon(name string) bool { return icons()[name] }
