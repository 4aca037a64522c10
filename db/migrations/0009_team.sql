-- +goose Up
-- Admins have a role for the whole server, roles for single apps, or both; a second step at sign-in; and perhaps an end.
-- Who is removed stays as a row, so that the removal can be undone. SQLite can't change a condition in place, so the tables
-- that have it, and those that point at them, are made again.
ALTER TABLE admins RENAME TO admins_before;
CREATE TABLE admins (
  id            TEXT PRIMARY KEY,
  email         TEXT NOT NULL,
  email_key     TEXT NOT NULL,
  name          TEXT NOT NULL,
  role          TEXT NOT NULL CHECK (role IN ('', 'owner', 'admin', 'moderator', 'viewer')),
  password_hash TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  ends_at       INTEGER NOT NULL DEFAULT 0 CHECK (ends_at >= 0),
  removed_at    INTEGER NOT NULL DEFAULT 0 CHECK (removed_at >= 0),
  totp          BLOB NOT NULL DEFAULT X'',
  totp_at       INTEGER NOT NULL DEFAULT 0 CHECK (totp_at >= 0),
  totp_step     INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO admins (id, email, email_key, name, role, password_hash, created_at)
  SELECT id, email, email_key, name, role, password_hash, created_at FROM admins_before;
CREATE UNIQUE INDEX admins_by_email ON admins (email_key) WHERE removed_at = 0;

CREATE TABLE admin_sessions_next (
  hash         BLOB PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  admin_id     TEXT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
  created_at   INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  auth_at      INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  ip           TEXT NOT NULL,
  user_agent   TEXT NOT NULL,
  method       TEXT NOT NULL DEFAULT 'password' CHECK (method IN ('password', 'code', 'recovery', 'passkey', 'sso')),
  data         TEXT NOT NULL
) STRICT;
INSERT INTO admin_sessions_next (hash, id, admin_id, created_at, last_seen_at, auth_at, expires_at, ip, user_agent, data)
  SELECT hash, id, admin_id, created_at, last_seen_at, auth_at, expires_at, ip, user_agent, data FROM admin_sessions;
DROP TABLE admin_sessions;
DROP TABLE admins_before;
ALTER TABLE admin_sessions_next RENAME TO admin_sessions;
CREATE INDEX admin_sessions_by_admin ON admin_sessions (admin_id, last_seen_at);

CREATE TABLE admin_apps (
  admin_id TEXT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
  app_id   TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  role     TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'moderator', 'viewer')),
  PRIMARY KEY (admin_id, app_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX admin_apps_by_app ON admin_apps (app_id);

CREATE TABLE passkeys (
  id           TEXT PRIMARY KEY,
  admin_id     TEXT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  credential   TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL DEFAULT 0 CHECK (last_used_at >= 0)
) STRICT;
CREATE INDEX passkeys_by_admin ON passkeys (admin_id, created_at);

CREATE TABLE recovery_codes (
  admin_id TEXT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
  hash     BLOB NOT NULL,
  used_at  INTEGER NOT NULL DEFAULT 0 CHECK (used_at >= 0),
  PRIMARY KEY (admin_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE identities (
  issuer    TEXT NOT NULL,
  subject   TEXT NOT NULL,
  admin_id  TEXT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
  linked_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_by_admin ON identities (admin_id);

CREATE TABLE invitations (
  id         TEXT PRIMARY KEY,
  hash       BLOB NOT NULL UNIQUE,
  email      TEXT NOT NULL,
  email_key  TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  role       TEXT NOT NULL CHECK (role IN ('', 'owner', 'admin', 'moderator', 'viewer')),
  apps       TEXT NOT NULL,
  lasts      INTEGER NOT NULL DEFAULT 0 CHECK (lasts >= 0),
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

-- What is under way between two requests of somebody who signs in or confirms: one row for each browser.
CREATE TABLE sign_ins (
  hash       BLOB PRIMARY KEY,
  data       TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What holds for the whole server, as settings hold for an app.
CREATE TABLE server_settings (
  key        TEXT PRIMARY KEY,
  value      TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
