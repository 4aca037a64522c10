package chat

import "time"

// Hour is what an app became in one hour.
type Hour struct {
	Start         time.Time
	Users         int64 // more or less than before
	Conversations int64
	Participants  int64
	Messages      int64 // sent
	Guests        int64 // the most at once
	Refused       int64 // calls of browsers
	Changes       int64 // events of the audit log
}

// DoorCount is how many changes came through one door.
type DoorCount struct {
	Door    Source
	Changes int64
}
