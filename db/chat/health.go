package chat

import "time"

// FindingKind names what can stand open without need.
type FindingKind string

const (
	SyncUnverified   FindingKind = "sync_unverified"   // browsers may change things and nobody proves who they are
	WriteUnverified  FindingKind = "write_unverified"  // guests may write everywhere and nobody proves who they are
	SignaturesNoEnd  FindingKind = "signatures_no_end" // signatures that never end are accepted
	AnyOrigin        FindingKind = "any_origin"        // pages of any website may open chats
	KeyShown         FindingKind = "key_shown"         // a browser showed a secret key that still works
	KeyUnused        FindingKind = "key_unused"
	ConversationOpen FindingKind = "conversation_open" // to guests, by its own word, for long
	NoSecondFactor   FindingKind = "no_second_factor"  // an admin who signs in with a password alone
)

// FindingKinds lists what is looked for, most telling first.
var FindingKinds = []FindingKind{KeyShown, SyncUnverified, WriteUnverified, NoSecondFactor, SignaturesNoEnd, AnyOrigin, KeyUnused, ConversationOpen}

// Finding is one thing that stands open.
type Finding struct {
	Kind    FindingKind
	Subject string    // id of the key, the conversation or the admin; "" for the app
	Name    string    // of the subject, for people
	Since   time.Time // zero where nobody knows
}

// How long is long.
const (
	KeyUnusedFor         = 90 * 24 * time.Hour
	ConversationsOpenFor = 30 * 24 * time.Hour
)

// OpenConversation lets guests in by its own word.
type OpenConversation struct {
	Conversation Conversation
	Since        time.Time
}

// HealthFacts are what the findings are drawn from.
type HealthFacts struct {
	App      App
	Settings Settings
	Keys     []Key
	Shown    map[string]time.Time // ids of keys that browsers showed, and when last
	Open     []OpenConversation   // for long
	Admins   []Admin              // of the server; those who see the app count
	Now      time.Time
}

// Findings says what stands open without need, most telling first.
func Findings(f HealthFacts) []Finding {
	s := f.Settings.Security()
	found := map[FindingKind][]Finding{}
	add := func(kind FindingKind, subject, name string, since time.Time) {
		found[kind] = append(found[kind], Finding{kind, subject, name, since})
	}
	if !s.RequireIdentity && !(s.DisallowUserSync && s.DisallowConversationSync) {
		add(SyncUnverified, "", "", f.Settings[SettingIdentity].ChangedAt)
	}
	if !s.RequireIdentity && EffectiveGuestAccess(s, GuestsInherit).Access == ReadWrite {
		add(WriteUnverified, "", "", f.Settings[SettingGuests].ChangedAt)
	}
	if s.AcceptSignatures {
		add(SignaturesNoEnd, "", "", f.Settings[SettingSignatures].ChangedAt)
	}
	if f.App.Live && len(f.Settings.AllowedOrigins()) == 0 {
		add(AnyOrigin, "", "", f.Settings[SettingAllowedOrigins].ChangedAt)
	}
	for _, k := range f.Keys {
		last := k.LastUsedAt
		if last.IsZero() {
			last = k.CreatedAt
		}
		if shown, is := f.Shown[k.ID]; k.Active && is {
			add(KeyShown, k.ID, k.Name, shown)
		} else if k.Active && f.Now.Sub(last) >= KeyUnusedFor {
			add(KeyUnused, k.ID, k.Name, last)
		}
	}
	for _, a := range f.Admins {
		if a.Sees(f.App.ID) && !a.Ended(f.Now) && a.PasswordAlone() {
			add(NoSecondFactor, a.ID, a.Name, a.CreatedAt)
		}
	}
	for _, o := range f.Open {
		if EffectiveGuestAccess(s, o.Conversation.Guests).Open() && f.Now.Sub(o.Since) >= ConversationsOpenFor {
			add(ConversationOpen, string(o.Conversation.ID), o.Conversation.Subject, o.Since)
		}
	}
	var all []Finding
	for _, kind := range FindingKinds {
		all = append(all, found[kind]...)
	}
	return all
}
