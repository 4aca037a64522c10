-- +goose Up
-- Guests who were shown out of a conversation. until is 0 for until lifted; a block that has ended means nothing.
CREATE TABLE guest_blocks (
  app_id          TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  until           INTEGER NOT NULL,
  reason          TEXT NOT NULL,
  at              INTEGER NOT NULL,
  blocked_by      TEXT NOT NULL,
  PRIMARY KEY (app_id, conversation_id, user_id),
  FOREIGN KEY (app_id, conversation_id) REFERENCES conversations (app_id, id) ON DELETE CASCADE,
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX guest_blocks_by_age ON guest_blocks (app_id, conversation_id, at, user_id);
CREATE INDEX guest_blocks_by_user ON guest_blocks (app_id, user_id);

-- What browsers asked for, counted by the hour, with the newest example of each.
CREATE TABLE call_hours (
  app_id          TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  hour            INTEGER NOT NULL,
  command         TEXT NOT NULL,
  outcome         TEXT NOT NULL CHECK (outcome = 'allowed' OR outcome = 'refused' OR outcome = 'observed'),
  reason          TEXT NOT NULL,
  calls           INTEGER NOT NULL,
  at              INTEGER NOT NULL,
  user_id         TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  origin          TEXT NOT NULL,
  request_id      TEXT NOT NULL,
  PRIMARY KEY (app_id, hour, command, outcome, reason)
) STRICT, WITHOUT ROWID;

-- The newest calls that were refused, or would be if a box were ticked: a bounded number of each app.
CREATE TABLE refusals (
  n               INTEGER PRIMARY KEY,
  app_id          TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  at              INTEGER NOT NULL,
  command         TEXT NOT NULL,
  outcome         TEXT NOT NULL CHECK (outcome = 'refused' OR outcome = 'observed'),
  reason          TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  origin          TEXT NOT NULL,
  request_id      TEXT NOT NULL
) STRICT;
CREATE INDEX refusals_by_app ON refusals (app_id, n);
CREATE INDEX refusals_by_request ON refusals (app_id, request_id, n);

-- How far somebody has read is news for those who listen, and no entry of the audit log either.
DROP INDEX events_by_app;
DROP INDEX events_by_actor;
DROP INDEX events_by_conversation;
DROP INDEX events_by_user;
DROP INDEX events_by_rare_type;
CREATE INDEX events_by_app ON events (app_id, seq)
  WHERE type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted' AND type <> 'message.read';
CREATE INDEX events_by_actor ON events (app_id, actor_kind, actor_id, seq)
  WHERE type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted' AND type <> 'message.read';
CREATE INDEX events_by_conversation ON events (app_id, conversation_id, seq)
  WHERE conversation_id <> '' AND type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted' AND type <> 'message.read';
CREATE INDEX events_by_user ON events (app_id, user_id, seq)
  WHERE user_id <> '' AND type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted' AND type <> 'message.read';
CREATE INDEX events_by_rare_type ON events (app_id, type, seq)
  WHERE type <> 'participant.joined' AND type <> 'participant.updated' AND type <> 'participant.left' AND type <> 'user.created' AND type <> 'user.updated'
    AND type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted' AND type <> 'message.read';
