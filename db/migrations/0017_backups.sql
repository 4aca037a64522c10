-- +goose Up
-- When backups are made by themselves. hour is that of the server's clock, -1 for never; problem is why the newest try failed.
CREATE TABLE backup_plan (
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  hour      INTEGER NOT NULL CHECK (hour >= -1 AND hour <= 23),
  keep_days INTEGER NOT NULL CHECK (keep_days > 0),
  tried_at  INTEGER NOT NULL DEFAULT 0,
  made_at   INTEGER NOT NULL DEFAULT 0,
  problem   TEXT NOT NULL DEFAULT ''
) STRICT;
