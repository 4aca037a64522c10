package rest_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"guestlist/db"
	"guestlist/db/chat"
	"guestlist/handlers"
	"guestlist/handlers/auth"
)

// BenchmarkJoin is Join over HTTP with 64 connections, each answer after a sync of the disk: changes gathered into
// commits, and one transaction for each request.
func BenchmarkJoin(b *testing.B) {
	for _, how := range []struct {
		name  string
		batch int
	}{{"gathered", 0}, {"one-by-one", 1}} {
		b.Run(how.name, func(b *testing.B) { benchmarkJoin(b, how.batch) })
	}
}

// BenchmarkBareSQLite is what the disk and the driver give at most: one insert a join into one table, 32 in each
// transaction, without rules, events, totals or HTTP.
func BenchmarkBareSQLite(b *testing.B) {
	file, err := sql.Open("sqlite", "file:"+b.TempDir()+"/bare.db?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	file.SetMaxOpenConns(1)
	if _, err := file.Exec(`CREATE TABLE participants (conversation_id TEXT, user_id TEXT, access TEXT, joined_at INTEGER, PRIMARY KEY (conversation_id, user_id)) STRICT, WITHOUT ROWID`); err != nil {
		b.Fatal(err)
	}
	insert, err := file.Prepare(`INSERT INTO participants VALUES (?, ?, 'ReadWrite', ?)`)
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for i := 0; i < b.N; {
		tx, err := file.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for range 32 {
			if _, err := tx.Stmt(insert).Exec(fmt.Sprintf("conv-%d", i%1000), fmt.Sprintf("user-%d", i/1000), i); err != nil {
				b.Fatal(err)
			}
			i++
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "joins/s")
}

func benchmarkJoin(b *testing.B, batch int) {
	ctx := context.Background()
	store, err := db.Open(ctx, db.Options{Dir: b.TempDir(), MaxBatch: batch})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if _, err := store.CreateApp(ctx, chat.CommandLine, chat.AppChange{ID: "shop", Name: "Shop"}); err != nil {
		b.Fatal(err)
	}
	if _, _, err := store.CreateKey(ctx, chat.CommandLine, "shop", "Bench", secret); err != nil {
		b.Fatal(err)
	}
	const users, convs = 10_000, 1000
	if err := store.Seed(ctx, db.SeedOptions{App: "shop", Users: users, Conversations: convs}); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(handlers.New(handlers.Options{Store: store, Setup: auth.NewSetup(time.Now, func(string) {}), Log: slog.New(slog.DiscardHandler)}))
	defer server.Close()
	const connections = 64
	var next atomic.Int64
	var clients sync.WaitGroup
	b.ResetTimer()
	before := processorTime(b)
	for range connections {
		clients.Go(func() {
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			answers := bufio.NewReader(conn)
			var request []byte
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				request = fmt.Appendf(request[:0], "PUT /v1/shop/conversations/conv-%d/participants/user-%d HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n{\"access\":\"ReadWrite\"}",
					i%convs, (i/convs)%users, secret)
				if _, err := conn.Write(request); err != nil {
					b.Error(err)
					return
				}
				if err := expectOK(answers); err != nil {
					b.Errorf("join %d: %v", i, err)
					return
				}
			}
		})
	}
	clients.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "joins/s")
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/join")
}

// expectOK reads one answer and no more of it than tells whether it is a 200, since client and server share the
// processors.
func expectOK(r *bufio.Reader) error {
	status, length := "", 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return err
		}
		name, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
		switch {
		case status == "":
			status = string(value)
		case string(name) == "Content-Length:":
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		case len(name) == 0:
			if status != "200 OK" {
				return errors.New(status)
			}
			_, err := r.Discard(length)
			return err
		}
	}
}

// processorTime is what this process, client and server, has used of the processors.
func processorTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
