package auth

import (
	"crypto/rand"
	"crypto/subtle"
	"strings"
	"sync"
	"time"

	"guestlist/db/chat"
)

// setupTime is how long a set-up code is good.
const setupTime = 30 * time.Minute

// Setup guards the page that makes the first owner: it asks for a code that only whoever started the server can see.
// The code is kept in memory only. When it expires, asking for the page prints a new one.
type Setup struct {
	now   func() time.Time
	print func(code string)

	mu      sync.Mutex
	code    string
	expires time.Time
}

// NewSetup prints its codes with print.
func NewSetup(now func() time.Time, print func(code string)) *Setup {
	return &Setup{now: now, print: print}
}

// Renew makes and prints a code unless one is good still.
func (s *Setup) Renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.code != "" && s.now().Before(s.expires) {
		return
	}
	text := rand.Text()
	s.code, s.expires = text[:5]+"-"+text[5:10]+"-"+text[10:15]+"-"+text[15:20], s.now().Add(setupTime)
	s.print(s.code)
}

// Check says whether code is the one that was printed.
func (s *Setup) Check(code string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	code = strings.ToUpper(strings.TrimSpace(code))
	if s.code == "" || !s.now().Before(s.expires) || subtle.ConstantTimeCompare([]byte(code), []byte(s.code)) != 1 {
		return chat.InvalidField("code", "is not the one in the server’s log, or is older than 30 minutes. The log has the newest one")
	}
	return nil
}
