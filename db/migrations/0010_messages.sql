-- +goose Up
-- What an admin took away, kept for a time so that it can be put back. Nobody else sees it.
CREATE TABLE removed_messages (
  app_id          TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  seq             INTEGER NOT NULL,
  text            TEXT NOT NULL,
  custom          TEXT NOT NULL,
  removed_at      INTEGER NOT NULL,
  removed_by      TEXT NOT NULL,
  PRIMARY KEY (app_id, conversation_id, seq),
  FOREIGN KEY (app_id, conversation_id, seq) REFERENCES messages (app_id, conversation_id, seq) ON DELETE CASCADE ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_messages_by_age ON removed_messages (removed_at);

-- When an admin last opened what is said in a conversation, so that it is told once and not for each page.
CREATE TABLE readings (
  app_id          TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  admin_id        TEXT NOT NULL,
  at              INTEGER NOT NULL,
  PRIMARY KEY (app_id, conversation_id, admin_id),
  FOREIGN KEY (app_id, conversation_id) REFERENCES conversations (app_id, id) ON DELETE CASCADE ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;

-- Search among messages: sending writes nothing here. What a long conversation has behind indexed_seq is entered beside it,
-- and what is not entered yet is read through. A row is the conversation's number and the message's place in it. Trigrams
-- are kept without their positions: a find is compared with the text itself.
ALTER TABLE conversations ADD COLUMN indexed_seq INTEGER NOT NULL DEFAULT 0;
CREATE INDEX conversations_to_index ON conversations (last_seq - indexed_seq) WHERE last_seq - indexed_seq > 2000;
CREATE VIRTUAL TABLE messages_search USING fts5 (text, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1');
-- A text that changes leaves the index, whoever changes it; what writes a new one enters that.
-- +goose StatementBegin
CREATE TRIGGER messages_unindexed AFTER UPDATE OF text ON messages WHEN OLD.text <> NEW.text BEGIN
  DELETE FROM messages_search WHERE rowid = (SELECT c.n * 4294967296 + OLD.seq FROM conversations c WHERE c.app_id = OLD.app_id AND c.id = OLD.conversation_id AND c.indexed_seq >= OLD.seq);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER conversations_unindexed AFTER DELETE ON conversations WHEN OLD.indexed_seq > 0 BEGIN
  DELETE FROM messages_search WHERE rowid BETWEEN OLD.n * 4294967296 AND OLD.n * 4294967296 + 4294967295;
END;
-- +goose StatementEnd
