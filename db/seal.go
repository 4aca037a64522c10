package db

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"guestlist/db/chat"
)

// sealer keeps secrets unreadable in the database. Its key is a file of its own beside the database, readable by its
// owner only; without it a copy of the database opens no secret.
type sealer struct {
	aead   cipher.AEAD
	lookup []byte
}

func openSealer(path string, mustExist bool) (*sealer, error) {
	master, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && mustExist:
		return nil, fmt.Errorf("%s is missing: the database's secret keys can't be opened; put the file back from where your backups are", path)
	case errors.Is(err, fs.ErrNotExist):
		if master, err = createMaster(path); err != nil {
			return nil, fmt.Errorf("create %s: %w", path, err)
		}
	case err != nil:
		return nil, err
	case len(master) != 32:
		return nil, fmt.Errorf("%s is not a master key: it has %d bytes, not 32", path, len(master))
	}
	block, err := aes.NewCipher(derive(master, "seal"))
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &sealer{aead: aead, lookup: derive(master, "lookup")}, err
}

// createMaster writes a new key whole or not at all.
func createMaster(path string) ([]byte, error) {
	master := make([]byte, 32)
	rand.Read(master)
	fresh := path + ".new"
	if err := os.WriteFile(fresh, master, 0o600); err != nil {
		return nil, err
	}
	if err := os.Rename(fresh, path); err != nil {
		return nil, err
	}
	return master, syncDir(filepath.Dir(path))
}

func derive(master []byte, purpose string) []byte {
	h := hmac.New(sha256.New, master)
	h.Write([]byte(purpose))
	return h.Sum(nil)
}

// index is what a secret is found by: equal secrets have equal indexes, and nothing else can be told from one.
func (s *sealer) index(secret chat.Secret) []byte {
	h := hmac.New(sha256.New, s.lookup)
	h.Write([]byte(secret.Reveal()))
	return h.Sum(nil)
}

// close seals a secret to its place: it can't be opened in another row.
func (s *sealer) close(secret chat.Secret, place string) []byte {
	nonce := make([]byte, s.aead.NonceSize())
	rand.Read(nonce)
	return s.aead.Seal(nonce, nonce, []byte(secret.Reveal()), []byte(place))
}

func (s *sealer) open(sealed []byte, place string) (chat.Secret, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return "", errors.New("sealed secret is cut short")
	}
	plain, err := s.aead.Open(nil, sealed[:n], sealed[n:], []byte(place))
	if err != nil {
		return "", errors.New("a sealed secret doesn't open: it was moved or altered, or master.key is another one")
	}
	return chat.Secret(plain), nil
}
