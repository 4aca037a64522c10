package rest_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
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
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}
	var next atomic.Int64
	b.SetParallelism(32) // 64 goroutines on two processors
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := next.Add(1)
			address := fmt.Sprintf("%s/v1/shop/conversations/conv-%d/participants/user-%d", server.URL, i%convs, (i/convs)%users)
			r, _ := http.NewRequest(http.MethodPut, address, strings.NewReader(`{"access":"ReadWrite"}`))
			r.Header.Set("Authorization", "Bearer "+secret)
			r.Header.Set("Content-Type", "application/json")
			resp, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				b.Errorf("%s: %d", address, resp.StatusCode)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "joins/s")
}
