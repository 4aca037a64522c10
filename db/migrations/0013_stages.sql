-- +goose Up
-- A change of many people that was put together and waits to be looked at. It changes nothing until it is applied, and is thrown
-- away after a day.
CREATE TABLE stages (
  n               INTEGER PRIMARY KEY,
  app_id          TEXT NOT NULL,
  id              TEXT NOT NULL UNIQUE,
  conversation_id TEXT NOT NULL,
  mode            TEXT NOT NULL CHECK (mode = 'add' OR mode = 'remove' OR mode = 'exact' OR mode = 'keep'),
  title           TEXT NOT NULL,
  read_as         TEXT NOT NULL,
  access          TEXT NOT NULL CHECK (access = 'ReadWrite' OR access = 'Read'),
  notify          TEXT NOT NULL CHECK (notify = 'true' OR notify = 'MentionsOnly' OR notify = 'false'),
  made_by         TEXT NOT NULL,
  made_at         INTEGER NOT NULL,
  ready           INTEGER NOT NULL DEFAULT 0 CHECK (ready = 0 OR ready = 1),
  removing        INTEGER NOT NULL DEFAULT 0 CHECK (removing = 0 OR removing = 1), -- the removals were ticked when it was applied
  applied_at      INTEGER NOT NULL DEFAULT 0,
  batch           TEXT NOT NULL DEFAULT '',
  job_id          TEXT NOT NULL DEFAULT '',
  FOREIGN KEY (app_id, conversation_id) REFERENCES conversations (app_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX stages_by_conversation ON stages (app_id, conversation_id);
CREATE INDEX stages_by_age ON stages (made_at);

CREATE TABLE staged_lines (
  stage_n INTEGER NOT NULL REFERENCES stages (n) ON DELETE CASCADE,
  line    INTEGER NOT NULL,
  typed   TEXT NOT NULL, -- '' for people whom the list does not name
  user_id TEXT NOT NULL,
  name    TEXT NOT NULL, -- of a user to create
  email   TEXT NOT NULL,
  access  TEXT NOT NULL, -- that the line asks for; '' for that of the stage
  notify  TEXT NOT NULL,
  choice  TEXT NOT NULL CHECK (choice = '' OR choice = 'skip' OR choice = 'create'),
  verdict TEXT NOT NULL,
  why     TEXT NOT NULL,
  near    TEXT NOT NULL, -- ids of those who may be meant, as JSON
  outcome TEXT NOT NULL DEFAULT '', -- why it was not done after all
  PRIMARY KEY (stage_n, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX staged_lines_by_verdict ON staged_lines (stage_n, verdict, line);
CREATE INDEX staged_lines_by_user ON staged_lines (stage_n, user_id, line) WHERE user_id <> '';
CREATE INDEX staged_lines_by_outcome ON staged_lines (stage_n, line) WHERE outcome <> '';

-- People are looked up by address and by name, whatever the case of plain letters.
CREATE INDEX users_by_email ON users (app_id, lower(email)) WHERE email <> '';
CREATE INDEX users_by_name ON users (app_id, lower(name));
