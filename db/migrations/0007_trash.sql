-- +goose Up
-- What was deleted and may come back. key stands for it where rows named it by its id: it begins with "/", which no id
-- may, so the id is free at once and a later owner of it inherits nothing. An erased or purged user who wrote messages
-- stays here as the name of their author, which is '' for an erased one.
CREATE TABLE trash (
  n        INTEGER PRIMARY KEY AUTOINCREMENT,
  app_id   TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  kind     TEXT NOT NULL CHECK (kind IN ('conversation', 'user')),
  id       TEXT NOT NULL,
  key      TEXT NOT NULL,
  name     TEXT NOT NULL,
  object   TEXT NOT NULL, -- its row, as JSON by column
  ban      TEXT NOT NULL DEFAULT '', -- the row of a user's ban, likewise
  places   INTEGER NOT NULL, -- participants of a conversation, conversations of a user
  messages INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  by       TEXT NOT NULL,
  batch    TEXT NOT NULL,
  deletion INTEGER NOT NULL DEFAULT 0, -- seq of the event that deleted it
  state    TEXT NOT NULL CHECK (state IN ('emptying', 'kept', 'restoring', 'purging', 'gone')),
  erase    INTEGER NOT NULL DEFAULT 0 CHECK (erase IN (0, 1)),
  actor    TEXT NOT NULL DEFAULT '', -- who restores or purges it, as JSON; '' while nobody does
  undoes   INTEGER NOT NULL DEFAULT 0,
  redacted INTEGER NOT NULL DEFAULT 0, -- seq up to which the events were looked at for an erased person
  UNIQUE (app_id, key)
) STRICT;
CREATE INDEX trash_by_age ON trash (app_id, n) WHERE state <> 'gone' AND erase = 0;
CREATE INDEX trash_in_motion ON trash (n) WHERE state = 'emptying' OR state = 'restoring' OR state = 'purging';
CREATE INDEX trash_kept ON trash (at) WHERE state = 'kept';

-- The row's entry in the trash while it is on its way there or back: nobody sees it then.
ALTER TABLE users ADD COLUMN trash INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN trash INTEGER NOT NULL DEFAULT 0;
CREATE INDEX users_in_motion ON users (app_id, id) WHERE trash <> 0;

-- Rows of lists and of conversations that wait for what they belong to: of a conversation or a user in the trash, or of
-- a user who is banned. conversation_id and user_id are ids, or the keys of what is away; a row is put back when both
-- are ids again.
CREATE TABLE set_aside (
  app_id          TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  conversation_id TEXT NOT NULL,
  part            TEXT NOT NULL CHECK (part IN ('participants', 'messages', 'removed_messages', 'ceilings', 'guest_blocks', 'terms')),
  seq             INTEGER NOT NULL, -- of a message
  user_id         TEXT NOT NULL,    -- of a message its sender
  row             TEXT NOT NULL,    -- as JSON by column
  PRIMARY KEY (app_id, conversation_id, part, seq, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX set_aside_by_user ON set_aside (app_id, user_id) WHERE user_id <> '';

CREATE INDEX messages_by_sender ON messages (app_id, sender_id) WHERE sender_id <> '';

-- Who is banned from all conversations of an app. until is 0 for until lifted.
CREATE TABLE bans (
  n         INTEGER PRIMARY KEY AUTOINCREMENT,
  app_id    TEXT NOT NULL,
  user_id   TEXT NOT NULL,
  reason    TEXT NOT NULL,
  until     INTEGER NOT NULL,
  put_back  INTEGER NOT NULL CHECK (put_back IN (0, 1)), -- when it ends by itself
  at        INTEGER NOT NULL,
  banned_by TEXT NOT NULL,
  places    INTEGER NOT NULL, -- lists that the user was taken off
  batch     TEXT NOT NULL,
  state     TEXT NOT NULL CHECK (state IN ('emptying', 'kept', 'returning', 'dropping')),
  actor     TEXT NOT NULL,
  UNIQUE (app_id, user_id),
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX bans_by_age ON bans (app_id, n);
CREATE INDEX bans_by_end ON bans (until) WHERE until > 0 AND state = 'kept';
CREATE INDEX bans_in_motion ON bans (n) WHERE state <> 'kept';

-- A person's data leaves the events when the person is erased, and nothing else of them is ever altered: that a change
-- happened, when, where and of what kind stays.
DROP TRIGGER events_keep;
-- +goose StatementBegin
CREATE TRIGGER events_keep BEFORE UPDATE ON events WHEN NOT (
  NEW.seq = OLD.seq AND NEW.app_id = OLD.app_id AND NEW.at = OLD.at AND NEW.type = OLD.type AND NEW.class = OLD.class
  AND NEW.actor_kind = OLD.actor_kind AND NEW.source = OLD.source AND NEW.request_id = OLD.request_id
  AND NEW.conversation_id = OLD.conversation_id AND NEW.batch = OLD.batch AND NEW.undoes = OLD.undoes
  AND (NEW.actor_name = OLD.actor_name OR NEW.actor_name = '') AND (NEW.ip = OLD.ip OR NEW.ip = '') AND (NEW.subject = OLD.subject OR NEW.subject = '')
  AND length(NEW.before) <= length(OLD.before) AND length(NEW.after) <= length(OLD.after)
  AND EXISTS (SELECT 1 FROM trash WHERE app_id = OLD.app_id AND erase = 1 AND state = 'purging'
    AND NEW.user_id = CASE OLD.user_id WHEN id THEN key ELSE OLD.user_id END
    AND NEW.actor_id = CASE WHEN OLD.actor_kind = 'user' AND OLD.actor_id = id THEN key ELSE OLD.actor_id END
    AND (OLD.user_id = id OR OLD.actor_kind = 'user' AND OLD.actor_id = id
      OR OLD.type LIKE 'participant.%' AND NEW.actor_name = OLD.actor_name AND NEW.ip = OLD.ip AND NEW.subject = OLD.subject))
) BEGIN SELECT RAISE(ABORT, 'events are never altered'); END;
-- +goose StatementEnd
