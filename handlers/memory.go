package handlers

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	spare        = 96 << 20 // bytes of garbage that may lie about; a share of what lives alone would be too much with many sockets
	mostGarbage  = 400      // percent of what lives, while that is little
	leastGarbage = 20
)

// keepLean collects garbage the more often the more memory is in use, unless GOGC says how often, until ctx ends.
func keepLean(ctx context.Context) error {
	if os.Getenv("GOGC") != "" {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	now := 0
	for {
		if percent := garbageFor(inUse()); percent != now {
			now = percent
			debug.SetGCPercent(percent)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// garbageFor is the share of what lives that makes up the spare bytes.
func garbageFor(lives uint64) int {
	return int(min(mostGarbage, max(leastGarbage, spare*100/max(lives, 1))))
}

// inUse is what the collector counts as living: objects and stacks.
func inUse() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64() + s[1].Value.Uint64()
}
