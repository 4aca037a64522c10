-- +goose Up
-- Why a change was made, in the words of who made it.
ALTER TABLE events ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- Saved changes of settings that go back by themselves unless somebody keeps them. A row ends when one or the other is done.
CREATE TABLE setting_trials (
  seq    INTEGER PRIMARY KEY REFERENCES events (seq),
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX setting_trials_by_due ON setting_trials (due_at);
CREATE INDEX setting_trials_by_app ON setting_trials (app_id, seq);

-- Changes of settings that are to be made later, as the admin who planned them. changes is JSON: per setting its value,
-- and what was seen when it was planned.
CREATE TABLE setting_plans (
  n          INTEGER PRIMARY KEY,
  app_id     TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  at         INTEGER NOT NULL,
  changes    TEXT NOT NULL,
  reason     TEXT NOT NULL,
  trial      INTEGER NOT NULL CHECK (trial >= 0),
  admin_id   TEXT NOT NULL,
  admin_name TEXT NOT NULL,
  proven     INTEGER NOT NULL CHECK (proven IN (0, 1)),
  version    INTEGER NOT NULL CHECK (version > 0),
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'cancelled', 'refused')),
  ended_at   INTEGER NOT NULL DEFAULT 0,
  note       TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX setting_plans_by_time ON setting_plans (at) WHERE state = 'waiting';
CREATE INDEX setting_plans_by_app ON setting_plans (app_id, at, n) WHERE state = 'waiting';
CREATE INDEX setting_plans_by_end ON setting_plans (app_id, ended_at, n) WHERE state <> 'waiting';

-- Since when a conversation's own word lets guests in; 0 while it doesn't.
ALTER TABLE conversations ADD COLUMN guests_open_at INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET guests_open_at = created_at WHERE guest_access IN ('Read', 'ReadWrite');
CREATE INDEX conversations_by_guests_open ON conversations (app_id, guests_open_at, id) WHERE guests_open_at > 0;

-- What an app became in an hour: people and lists more or less, what was said, and the most guests at once. For charts.
CREATE TABLE app_hours (
  app_id        TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  hour          INTEGER NOT NULL,
  users         INTEGER NOT NULL,
  conversations INTEGER NOT NULL,
  participants  INTEGER NOT NULL,
  messages      INTEGER NOT NULL,
  guests        INTEGER NOT NULL CHECK (guests >= 0),
  PRIMARY KEY (app_id, hour)
) STRICT, WITHOUT ROWID;

-- How many events of an hour came through each door.
CREATE TABLE event_doors (
  app_id TEXT NOT NULL,
  hour   INTEGER NOT NULL,
  door   TEXT NOT NULL,
  events INTEGER NOT NULL,
  PRIMARY KEY (app_id, hour, door)
) STRICT, WITHOUT ROWID;
