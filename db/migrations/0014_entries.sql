-- +goose Up
-- A bulk change is one entry of the audit log, however many events it has: its first one. part marks the others.
ALTER TABLE events ADD COLUMN part INTEGER NOT NULL DEFAULT 0 CHECK (part = 0 OR part = 1);
DROP TRIGGER events_keep;
UPDATE events SET part = 1 WHERE batch <> '' AND seq > (SELECT min(first.seq) FROM events first WHERE first.batch <> '' AND first.batch = events.batch);
-- +goose StatementBegin
CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never altered'); END;
-- +goose StatementEnd
CREATE INDEX events_by_entry ON events (app_id, seq) WHERE class > 0 AND part = 0;
