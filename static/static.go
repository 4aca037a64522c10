// Package static serves the files that make up the look, and the browser SDK: styles, scripts, fonts and pictures, embedded
// in the program.
//
// Every file has an address that names its content, so browsers may keep it for ever and a new release is never mixed
// with an old one. One hash covers the whole tree: addresses inside a file (a font in the CSS) stay relative and right.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed css/guestlist.min.css js/*.js img/*.svg fonts/*.woff2 LICENSES.txt sdk/dist
var files embed.FS

// Prefix is where Handler is to be mounted.
const Prefix = "/static/"

// types lists every kind of file that is served. Nothing is guessed, so nothing depends on the machine.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".mjs":   "text/javascript; charset=utf-8",
	".ts":    "text/plain; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// asset is one file with its compressed form, made at the first request that can use it.
type asset struct {
	contentType string
	plain       []byte
	tag         string        // names the content
	zip         func() []byte // nil for what is compressed already
}

var (
	assets = load()
	root   = Prefix + hash(assets) + "/"
)

// URL is the address of a file, named by its path in this folder. It panics on a file that does not exist:
// names are constants of the program, and the first render shows the mistake.
func URL(name string) string {
	if _, ok := assets[name]; !ok {
		panic("static: no file " + name)
	}
	return root + name
}

// Handler serves the files at the addresses URL gives, and nothing else: no folder lists, no source files,
// no old hashes (their content is gone, and an answer would be kept for ever under the wrong name).
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name, inTree := strings.CutPrefix(r.URL.Path, root)
		a, ok := assets[name]
		if !inTree || !ok {
			http.NotFound(w, r)
			return
		}
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
		a.serve(w, r)
	})
}

// ServeSDK serves one file of the SDK's build at an address that stays: browsers keep it for five minutes and then ask
// whether it is still the one they have. It tells whether there is such a file, and writes nothing when there is none.
func ServeSDK(w http.ResponseWriter, r *http.Request, name string) bool {
	a, ok := assets["sdk/dist/"+name]
	if !ok {
		return false
	}
	header := w.Header()
	header.Set("Cache-Control", "public, max-age=300")
	header.Set("ETag", `W/"`+a.tag+`"`) // weak: with and without gzip the content is the same, the bytes are not
	if strings.Contains(r.Header.Get("If-None-Match"), `"`+a.tag+`"`) {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	a.serve(w, r)
	return true
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	header, body := w.Header(), a.plain
	if a.zip != nil {
		header.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			header.Set("Content-Encoding", "gzip")
			body = a.zip()
		}
	}
	header.Set("Content-Type", a.contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader has gone; there is nobody to tell
	}
}

// acceptsGzip reads an Accept-Encoding header. A coding with q=0 is one the client refuses.
func acceptsGzip(accept string) bool {
	any := false
	for coding := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(coding), ";")
		q, hasQ := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		wanted := !hasQ || (err == nil && weight > 0)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip":
			return wanted
		case "*":
			any = wanted
		}
	}
	return any
}

func load() map[string]*asset {
	found := map[string]*asset{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		a := &asset{contentType: types[path.Ext(name)], plain: body, tag: hex.EncodeToString(sum[:8])}
		if a.contentType == "" {
			panic("static: no content type for " + name)
		}
		if path.Ext(name) != ".woff2" {
			a.zip = sync.OnceValue(func() []byte { return compress(body) })
		}
		found[name] = a
		return nil
	})
	if err != nil {
		panic("static: " + err.Error()) // embedded files can always be read
	}
	return found
}

func compress(body []byte) []byte {
	var out bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is a valid constant
	_, _ = zip.Write(body)                                    // a bytes.Buffer takes everything
	_ = zip.Close()
	return out.Bytes()
}

// hash names the content of the whole tree. The walk is in order, so equal trees have equal names.
func hash(assets map[string]*asset) string {
	sum := sha256.New()
	_ = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, _ error) error {
		if a, ok := assets[name]; ok {
			sum.Write([]byte(name + "\x00" + strconv.Itoa(len(a.plain)) + "\x00"))
			sum.Write(a.plain)
		}
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil))[:12]
}
