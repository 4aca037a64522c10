// Package chat is the domain: what may be true in a group chat and who may change it.
//
// It holds types, rules and errors and imports nothing but the standard library. Every rule is a pure function of its
// arguments, so the store (package db) can ask it inside the transaction that acts.
//
// The story in one paragraph: an App has Users and Conversations. A user who is on the list of a conversation is a
// Participant, with an Access and a Notify. A Guest is a user who opened a conversation by its id without being on the
// list; a guest is never a participant. Backends change everything through REST, admins through the dashboard, browsers
// only as far as the app's Security switches allow. Each change is one Event, and most events can be undone.
//
// # Glossary
//
//	app           one tenant: its own users, conversations, keys and switches   (avoid: project, workspace)
//	user          a person of the app                                           (avoid: account, profile, contact)
//	conversation  a group chat                                                  (avoid: room, channel, thread, group)
//	participant   a user on the list of a conversation                          (avoid: member, subscriber)
//	guest         a user in a conversation without being on its list            (avoid: visitor, anonymous)
//	show out      keep a guest from coming in again for a time: a block         (avoid: kick, ban)
//	access        what a participant may do: ReadWrite, Read, None              (avoid: permission, level)
//	notify        what a participant is notified about                          (avoid: mute, alerts)
//	join, leave   become a participant, stop being one                          (avoid: subscribe, kick)
//	remove        take a participant off one conversation's list                (avoid: delete, for people)
//	admin         a person who uses the dashboard                               (avoid: operator, staff)
//	secret key    what a backend shows to use REST                              (avoid: token, password)
//	switch        a security setting of an app                                  (avoid: flag, toggle)
//	observe       a box that refuses nothing and counts what its tick would     (avoid: dry run, report-only)
//	origin        scheme, host and port of the page that a browser acts from    (avoid: domain, site)
//	stage         a change of many people that waits to be looked at            (avoid: import, draft)
//	job           long work that the server does by itself, in steps            (avoid: task, process)
//	event         one change that happened, with its before and after           (avoid: log entry, activity)
package chat
