-- +goose Up
-- What servers and admins left a user in a conversation beside the access: when it ends, and from when on they see what was
-- said. Like a ceiling it stays when they go, so browsers can't get rid of it by leaving and coming back. history_after is
-- the seq of the last message before the cut; gone tells that the user is not on the list at present.
CREATE TABLE terms (
  app_id          TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  ends_at         INTEGER NOT NULL CHECK (ends_at >= 0),
  history_from    INTEGER NOT NULL CHECK (history_from >= 0),
  history_after   INTEGER NOT NULL CHECK (history_after >= 0),
  gone            INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
  PRIMARY KEY (app_id, conversation_id, user_id),
  CHECK (ends_at > 0 OR history_from > 0),
  FOREIGN KEY (app_id, conversation_id) REFERENCES conversations (app_id, id) ON DELETE CASCADE,
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX terms_by_user ON terms (app_id, user_id);
CREATE INDEX terms_by_end ON terms (app_id, ends_at, conversation_id, user_id) WHERE ends_at > 0 AND gone = 0;
CREATE INDEX terms_due ON terms (ends_at) WHERE ends_at > 0 AND gone = 0;

-- Until when the conversation's guest access holds; 0 for without end.
ALTER TABLE conversations ADD COLUMN guests_until INTEGER NOT NULL DEFAULT 0 CHECK (guests_until >= 0);
CREATE INDEX conversations_by_guests_until ON conversations (app_id, guests_until, id) WHERE guests_until > 0;
