-- +goose Up
-- The most that servers and admins left a user in a conversation, where that is less than everything: browsers can't
-- take more by leaving and coming back.
CREATE TABLE ceilings (
  app_id          TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  access          TEXT NOT NULL CHECK (access = 'Read' OR access = 'None'),
  PRIMARY KEY (app_id, conversation_id, user_id),
  FOREIGN KEY (app_id, conversation_id) REFERENCES conversations (app_id, id) ON DELETE CASCADE,
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX ceilings_by_user ON ceilings (app_id, user_id);
INSERT INTO ceilings SELECT app_id, conversation_id, user_id, access FROM participants WHERE access <> 'ReadWrite';

-- Messages: a deleted one keeps its place, without its text. read_seq is how far a participant has read.
ALTER TABLE participants ADD COLUMN read_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN type TEXT NOT NULL DEFAULT 'UserMessage' CHECK (type = 'UserMessage' OR type = 'SystemMessage');
ALTER TABLE messages ADD COLUMN custom TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN edited_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN deleted_at INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX messages_by_id ON messages (app_id, conversation_id, id);

-- What people say is in the events, for those who listen, but not in the audit log: its indexes leave it out.
DROP INDEX events_by_app;
DROP INDEX events_by_actor;
DROP INDEX events_by_conversation;
DROP INDEX events_by_user;
DROP INDEX events_by_rare_type;
CREATE INDEX events_by_app ON events (app_id, seq)
  WHERE type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted';
CREATE INDEX events_by_actor ON events (app_id, actor_kind, actor_id, seq)
  WHERE type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted';
CREATE INDEX events_by_conversation ON events (app_id, conversation_id, seq)
  WHERE conversation_id <> '' AND type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted';
CREATE INDEX events_by_user ON events (app_id, user_id, seq)
  WHERE user_id <> '' AND type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted';
CREATE INDEX events_by_rare_type ON events (app_id, type, seq)
  WHERE type <> 'participant.joined' AND type <> 'participant.updated' AND type <> 'participant.left' AND type <> 'user.created' AND type <> 'user.updated'
    AND type <> 'message.sent' AND type <> 'message.edited' AND type <> 'message.deleted';
