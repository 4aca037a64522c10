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
