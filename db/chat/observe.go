package chat

// A box that observes changes no answer. What it tells is what its tick would refuse.

// enforced are the switches with the observing boxes ticked.
func (s Security) enforced() Security {
	s.DisallowUserSync = s.DisallowUserSync || s.ObserveUserSync
	s.DisallowConversationSync = s.DisallowConversationSync || s.ObserveConversationSync
	s.ObserveUserSync, s.ObserveConversationSync = false, false
	return s
}

// Observe is the reason for which a would be refused op if the boxes that observe were ticked; "" when that changes
// nothing, and where a is refused all the same.
func Observe(a Actor, op Operation, f Facts) Reason {
	strict := f
	strict.Security = f.Security.enforced()
	if a.Kind != UserActor || strict.Security == f.Security || Allow(a, op, f) != nil {
		return ""
	}
	why := ReasonOf(Allow(a, op, strict))
	if why == ConversationMissing {
		why = GuestsNotAllowed // a guest who would not be let in is told of no conversation
	}
	return why
}
