-- +goose Up
-- Conditions of tables that are written often compare with = and OR: for an IN of three values SQLite opens a temporary
-- b-tree at each insert.
CREATE TABLE apps (
  n             INTEGER PRIMARY KEY,
  id            TEXT NOT NULL UNIQUE,
  name          TEXT NOT NULL,
  live          INTEGER NOT NULL CHECK (live IN (0, 1)),
  created_at    INTEGER NOT NULL,
  users         INTEGER NOT NULL DEFAULT 0 CHECK (users >= 0),
  conversations INTEGER NOT NULL DEFAULT 0 CHECK (conversations >= 0),
  participants  INTEGER NOT NULL DEFAULT 0 CHECK (participants >= 0)
) STRICT;

CREATE TABLE app_keys (
  app_id       TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  id           TEXT NOT NULL,
  name         TEXT NOT NULL,
  hint         TEXT NOT NULL,
  lookup       BLOB NOT NULL UNIQUE,
  sealed       BLOB NOT NULL,
  active       INTEGER NOT NULL CHECK (active IN (0, 1)),
  created_at   INTEGER NOT NULL,
  created_by   TEXT NOT NULL,
  last_used_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (app_id, id)
) STRICT;

CREATE TABLE settings (
  app_id     TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  key        TEXT NOT NULL,
  value      TEXT NOT NULL,
  version    INTEGER NOT NULL CHECK (version > 0),
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  source     TEXT NOT NULL,
  PRIMARY KEY (app_id, key)
) STRICT;

CREATE TABLE users (
  n                 INTEGER PRIMARY KEY,
  app_id            TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  id                TEXT NOT NULL,
  name              TEXT NOT NULL,
  email             TEXT NOT NULL,
  phone             TEXT NOT NULL,
  photo_url         TEXT NOT NULL,
  welcome_message   TEXT NOT NULL,
  role              TEXT NOT NULL,
  locale            TEXT NOT NULL,
  availability_text TEXT NOT NULL,
  header_photo_url  TEXT NOT NULL,
  custom            TEXT NOT NULL,
  push_tokens       TEXT NOT NULL,
  created_at        INTEGER NOT NULL,
  conversations     INTEGER NOT NULL DEFAULT 0 CHECK (conversations >= 0),
  UNIQUE (app_id, id)
) STRICT;
CREATE INDEX users_by_age ON users (app_id, n);

CREATE TABLE conversations (
  n                INTEGER PRIMARY KEY,
  app_id           TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  id               TEXT NOT NULL,
  subject          TEXT NOT NULL,
  photo_url        TEXT NOT NULL,
  welcome_messages TEXT NOT NULL,
  custom           TEXT NOT NULL,
  guest_access     TEXT NOT NULL CHECK (guest_access = 'Inherit' OR guest_access = 'Never' OR guest_access = 'Read' OR guest_access = 'ReadWrite'),
  created_at       INTEGER NOT NULL,
  last_activity_at INTEGER NOT NULL,
  read_write       INTEGER NOT NULL DEFAULT 0 CHECK (read_write >= 0),
  read_only        INTEGER NOT NULL DEFAULT 0 CHECK (read_only >= 0),
  banned           INTEGER NOT NULL DEFAULT 0 CHECK (banned >= 0),
  messages         INTEGER NOT NULL DEFAULT 0 CHECK (messages >= 0),
  last_seq         INTEGER NOT NULL DEFAULT 0,
  UNIQUE (app_id, id)
) STRICT;
CREATE INDEX conversations_by_activity ON conversations (app_id, last_activity_at, id);
CREATE INDEX conversations_by_age ON conversations (app_id, n);

CREATE TABLE participants (
  app_id          TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  access          TEXT NOT NULL CHECK (access = 'ReadWrite' OR access = 'Read' OR access = 'None'),
  notify          TEXT NOT NULL CHECK (notify = 'true' OR notify = 'MentionsOnly' OR notify = 'false'),
  joined_at       INTEGER NOT NULL,
  joined_by       TEXT NOT NULL,
  joined_via      TEXT NOT NULL,
  PRIMARY KEY (app_id, conversation_id, joined_at, user_id), -- the order of the list
  UNIQUE (app_id, user_id, conversation_id),
  FOREIGN KEY (app_id, conversation_id) REFERENCES conversations (app_id, id) ON DELETE CASCADE,
  FOREIGN KEY (app_id, user_id) REFERENCES users (app_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
-- The ordinary participant (ReadWrite, notified of all) costs nothing here; filters for the others need no scan.
CREATE INDEX participants_by_access ON participants (app_id, conversation_id, access, joined_at, user_id) WHERE access <> 'ReadWrite';
CREATE INDEX participants_by_notify ON participants (app_id, conversation_id, notify, joined_at, user_id) WHERE notify <> 'true';

CREATE TABLE messages (
  app_id          TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  seq             INTEGER NOT NULL,
  id              TEXT NOT NULL,
  sender_id       TEXT NOT NULL,
  text            TEXT NOT NULL,
  origin          TEXT NOT NULL CHECK (origin = 'web' OR origin = 'rest' OR origin = 'import' OR origin = 'email'),
  created_at      INTEGER NOT NULL,
  PRIMARY KEY (app_id, conversation_id, seq),
  FOREIGN KEY (app_id, conversation_id) REFERENCES conversations (app_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What search reads: folded text by trigrams. app is the app's number as one trigram, so that a search never walks
-- through another app's people.
CREATE VIRTUAL TABLE users_search USING fts5 (app, text, content='', contentless_delete=1, tokenize='trigram case_sensitive 1');
CREATE VIRTUAL TABLE conversations_search USING fts5 (app, text, content='', contentless_delete=1, tokenize='trigram case_sensitive 1');

CREATE TABLE events (
  seq             INTEGER PRIMARY KEY,
  app_id          TEXT NOT NULL,
  at              INTEGER NOT NULL,
  actor_kind      TEXT NOT NULL,
  actor_id        TEXT NOT NULL,
  actor_name      TEXT NOT NULL,
  source          TEXT NOT NULL,
  request_id      TEXT NOT NULL,
  ip              TEXT NOT NULL,
  type            TEXT NOT NULL,
  conversation_id TEXT NOT NULL,
  user_id         TEXT NOT NULL,
  subject         TEXT NOT NULL,
  before          TEXT NOT NULL,
  after           TEXT NOT NULL,
  batch           TEXT NOT NULL,
  undoes          INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_app ON events (app_id, seq);
CREATE INDEX events_by_actor ON events (app_id, actor_kind, actor_id, seq);
CREATE INDEX events_by_conversation ON events (app_id, conversation_id, seq) WHERE conversation_id <> '';
CREATE INDEX events_by_user ON events (app_id, user_id, seq) WHERE user_id <> '';
CREATE INDEX events_by_rare_type ON events (app_id, type, seq) WHERE type <> 'participant.joined' AND type <> 'participant.updated' AND type <> 'participant.left' AND type <> 'user.created' AND type <> 'user.updated';
CREATE INDEX events_by_batch ON events (batch, seq) WHERE batch <> '';
CREATE UNIQUE INDEX events_by_undoes ON events (undoes) WHERE undoes <> 0;
-- +goose StatementBegin
CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never altered'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
-- +goose StatementEnd

-- How many events an app had in an hour and where they start: charts, "today", and time filters without an index on at.
CREATE TABLE event_hours (
  app_id    TEXT NOT NULL,
  hour      INTEGER NOT NULL,
  events    INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  PRIMARY KEY (app_id, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE admins (
  id            TEXT PRIMARY KEY,
  email         TEXT NOT NULL,
  email_key     TEXT NOT NULL UNIQUE,
  name          TEXT NOT NULL,
  role          TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
  password_hash TEXT NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE admin_sessions (
  hash         BLOB PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  admin_id     TEXT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  auth_at      INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  ip           TEXT NOT NULL,
  user_agent   TEXT NOT NULL,
  data         TEXT NOT NULL
) STRICT;
CREATE INDEX admin_sessions_by_admin ON admin_sessions (admin_id, last_seen_at);

CREATE TABLE sign_in_failures (
  key      TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  since    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
