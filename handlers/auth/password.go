package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"

	"guestlist/db/chat"
)

// Passwords are hashed with argon2id at OWASP's parameters: 19 MiB, two passes, one lane.
const (
	argonMemory = 19 * 1024
	argonPasses = 2
	argonKeyLen = 32
	argonSalt   = 16
)

// hashing bounds how many hashes are made at once, and waiting how many may queue: each takes 19 MiB and 50 ms.
var (
	hashing = make(chan struct{}, max(2, runtime.NumCPU()))
	waiting = make(chan struct{}, 20)
)

var errBusy = &chat.Error{Code: chat.RateLimited, Reason: chat.TooManyAttempts, Message: "Too many people are signing in at this moment.",
	Hint: "Try again in a few seconds.", RetryAfter: 5 * time.Second}

func argon(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case waiting <- struct{}{}:
		defer func() { <-waiting }()
	default:
		return nil, errBusy
	}
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(password), salt, argonPasses, argonMemory, 1, argonKeyLen), nil
}

// HashPassword checks a new password and hashes it, in PHC form. field names the input in the error.
func HashPassword(ctx context.Context, field, password string) (string, error) {
	if err := chat.CheckPassword(field, password); err != nil {
		return "", err
	}
	if common(password) {
		return "", chat.InvalidField(field, "is too easy to guess: it is made of passwords that are in lists of leaked ones. Use for example four unrelated words")
	}
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	key, err := argon(ctx, password, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, argonMemory, argonPasses, b64(salt), b64(key)), nil
}

// nobody is what a password is compared with when there is no such admin, so that both take the same time.
var nobody = sync.OnceValue(func() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, argonMemory, argonPasses,
		base64.RawStdEncoding.EncodeToString(make([]byte, argonSalt)), base64.RawStdEncoding.EncodeToString(make([]byte, argonKeyLen)))
})

// passwordMatches compares a password with a hash; an empty hash never matches, and takes as long.
func passwordMatches(ctx context.Context, hash, password string) (bool, error) {
	exists := hash != ""
	if !exists {
		hash = nobody()
	}
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("a stored password hash is not argon2id")
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(err1, err2); err != nil {
		return false, fmt.Errorf("read password hash: %w", err)
	}
	if len(password) > 4*chat.MaxPassword {
		password = password[:4*chat.MaxPassword]
		exists = false
	}
	got, err := argon(ctx, password, salt)
	return err == nil && subtle.ConstantTimeCompare(got, key) == 1 && exists, err
}

// The 6,000 commonest leaked passwords, from the word lists of zxcvbn-ts (MIT licence).
//
//go:embed common_passwords.txt
var commonList string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for line := range strings.Lines(commonList) {
		all[strings.TrimSpace(line)] = true
	}
	return all
})

// common tells passwords that are in the list of leaked ones once what people add to reach a length is taken off:
// digits and signs at the ends, and repetition.
func common(password string) bool {
	p := strings.ToLower(password)
	known := commonPasswords()
	if known[p] || known[once(p)] {
		return true
	}
	core := strings.TrimFunc(p, func(r rune) bool { return r < 'a' || r > 'z' })
	return core == "" || known[core] || known[once(core)]
}

// once is s without its repetition: "abcabc" gives "abc".
func once(s string) string {
	if i := strings.Index((s + s)[1:], s) + 1; i > 0 && i < len(s) {
		return s[:i]
	}
	return s
}
