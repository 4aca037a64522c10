// Package db is what is true: one Store over one SQLite file.
//
// Every change is one method and one transaction: begin, load facts, ask chat.Allow, change rows, record the event,
// commit. An acknowledged change is on disk. Concurrent changes are gathered into one commit (see writer.go). Reads use
// a small pool of read-only connections and never wait for the writer.
//
// Nothing in this process may open the database's files other than through SQLite: closing such a file would drop
// SQLite's locks.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// File is the name of the database in the data directory.
const File = "guestlist.db"

// ErrInUse says that another process has the data directory.
var ErrInUse = errors.New("another Guestlist is running on this data directory")

// Options opens a Store.
type Options struct {
	Dir      string           // data directory, created if missing
	Now      func() time.Time // the clock; nil means time.Now
	MaxBatch int              // changes per commit; 0 means the default, 1 turns group commit off
}

// Store is the database. It is safe for concurrent use.
type Store struct {
	dir    string
	now    func() time.Time
	lock   *flock.Flock
	write  *writer
	readDB *sql.DB
	reads  chan *conn // the idle readers
	seal   *sealer
	keys   keyCache
	queued alarm         // rung after each job that is put into the queue
	failed chan struct{} // closed when the disk can't be trusted any more
	fail   func()
}

// Open takes the data directory, brings the schema up to date and checks the file. The error of a damaged, foreign or
// newer file is one line that names the way out.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("data directory %s: %w", o.Dir, err)
	}
	lock := flock.New(filepath.Join(o.Dir, "LOCK"), flock.SetPermissions(0o600))
	if held, err := lock.TryLock(); err != nil {
		return nil, fmt.Errorf("data directory %s can't be locked: %w", o.Dir, err)
	} else if !held {
		return nil, fmt.Errorf("%s: %w", o.Dir, ErrInUse)
	}
	s := &Store{dir: o.Dir, now: o.Now, lock: lock, failed: make(chan struct{})}
	s.fail = sync.OnceFunc(func() { close(s.failed) })
	if err := s.open(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, o Options) error {
	path := filepath.Join(s.dir, File)
	exists, err := inspect(path)
	if err != nil {
		return err
	}
	if s.seal, err = openSealer(filepath.Join(s.dir, "master.key"), exists); err != nil {
		return err
	}
	if !exists {
		if err := create(ctx, path, s.now()); err != nil {
			return err
		}
	}
	crashed := unclean(path)
	db, err := openWriter(path)
	if err != nil {
		return err
	}
	if err := soundEnough(ctx, db, path, crashed); err != nil {
		return errors.Join(err, db.Close())
	}
	if err := migrate(ctx, db, path, s.now()); err != nil {
		return errors.Join(err, db.Close())
	}
	if s.write, err = newWriter(ctx, db, o.MaxBatch, s.now, s.fail); err != nil {
		return errors.Join(err, db.Close())
	}
	return s.openReaders(ctx, path)
}

func openWriter(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=1&_txlock=immediate&_dqs=0&_defensive=1"+
		"&_pragma=journal_size_limit(67108864)&_pragma=cache_size(-16384)&_pragma=temp_store(2)&_pragma=wal_autocheckpoint(8000)")) // the journal of savepoints stays in memory
	if err == nil {
		db.SetMaxOpenConns(1)
		db.SetMaxIdleConns(1)
		db.SetConnMaxLifetime(0)
	}
	return db, err
}

func openReadOnly(path string) (*sql.DB, error) {
	return sql.Open("sqlite", dsn(path, "mode=ro&_query_only=1&_busy_timeout=5000&_pragma=cache_size(-4096)"))
}

const readers = 4

func (s *Store) openReaders(ctx context.Context, path string) error {
	db, err := openReadOnly(path)
	if err != nil {
		return err
	}
	db.SetMaxIdleConns(readers)
	s.readDB, s.reads = db, make(chan *conn, readers)
	for range readers {
		c, err := newConn(ctx, db)
		if err != nil {
			return err
		}
		s.reads <- c
	}
	return nil
}

func dsn(path, query string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query}).String()
}

// Close ends the store. Accepted changes are finished first.
func (s *Store) Close() error {
	var errs []error
	if s.readDB != nil {
		for range len(s.reads) {
			errs = append(errs, (<-s.reads).close())
		}
		errs = append(errs, s.readDB.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.close())
	}
	return errors.Join(append(errs, s.lock.Unlock())...)
}

// Ready tells whether the store can read and still trusts its disk.
func (s *Store) Ready(ctx context.Context) error {
	select {
	case <-s.failed:
		return errors.New("the disk failed; restart Guestlist")
	default:
	}
	return s.read(ctx, func(q querier) error {
		var one int
		return q.row("SELECT 1").Scan(&one)
	})
}

// Failed is closed after an error of the disk that makes later writes untrustworthy. The process should end then.
func (s *Store) Failed() <-chan struct{} { return s.failed }

// Dir is the data directory.
func (s *Store) Dir() string { return s.dir }

// Now is the store's clock.
func (s *Store) Now() time.Time { return s.now() }

// read runs fn on one consistent snapshot. fn may not keep q.
func (s *Store) read(ctx context.Context, fn func(q querier) error) error {
	select {
	case c := <-s.reads:
		defer func() { s.reads <- c }()
		return readError(c.snapshot(ctx, fn))
	case <-ctx.Done():
		return ctx.Err()
	}
}

// scan collects rows through one function per noun.
func scan[T any](rows *sql.Rows, err error, one func(interface{ Scan(...any) error }) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := one(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// each hands rows to do one by one, for what is too long to collect. It stops at the first error.
func each[T any](rows *sql.Rows, err error, one func(interface{ Scan(...any) error }) (T, error), do func(T) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := one(rows)
		if err == nil {
			err = do(v)
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// fromMillisSpan is a length of time that is stored in milliseconds.
func fromMillisSpan(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// placeholders is "$from, …" for n arguments of an IN list.
func placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", from+i)
	}
	return b.String()
}
