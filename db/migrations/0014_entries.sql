-- +goose Up
-- A bulk change is one entry of the audit log, however many events it has: its first one. part marks the others.
ALTER TABLE events ADD COLUMN part INTEGER NOT NULL DEFAULT 0 CHECK (part = 0 OR part = 1);
DROP TRIGGER events_keep;
UPDATE events SET part = 1 WHERE batch <> '' AND seq > (SELECT min(first.seq) FROM events first WHERE first.batch <> '' AND first.batch = events.batch);
-- +goose StatementBegin
CREATE TRIGGER events_keep BEFORE UPDATE ON events WHEN NOT (
  NEW.seq = OLD.seq AND NEW.app_id = OLD.app_id AND NEW.at = OLD.at AND NEW.type = OLD.type AND NEW.class = OLD.class
  AND NEW.actor_kind = OLD.actor_kind AND NEW.source = OLD.source AND NEW.request_id = OLD.request_id
  AND NEW.conversation_id = OLD.conversation_id AND NEW.batch = OLD.batch AND NEW.undoes = OLD.undoes AND NEW.part = OLD.part AND NEW.reason = OLD.reason
  AND (NEW.actor_name = OLD.actor_name OR NEW.actor_name = '') AND (NEW.ip = OLD.ip OR NEW.ip = '') AND (NEW.subject = OLD.subject OR NEW.subject = '')
  AND length(NEW.before) <= length(OLD.before) AND length(NEW.after) <= length(OLD.after)
  AND EXISTS (SELECT 1 FROM trash WHERE app_id = OLD.app_id AND erase = 1 AND state = 'purging'
    AND NEW.user_id = CASE OLD.user_id WHEN id THEN key ELSE OLD.user_id END
    AND NEW.actor_id = CASE WHEN OLD.actor_kind = 'user' AND OLD.actor_id = id THEN key ELSE OLD.actor_id END
    AND (OLD.user_id = id OR OLD.actor_kind = 'user' AND OLD.actor_id = id
      OR OLD.type LIKE 'participant.%' AND NEW.actor_name = OLD.actor_name AND NEW.ip = OLD.ip AND NEW.subject = OLD.subject))
) BEGIN SELECT RAISE(ABORT, 'events are never altered'); END;
-- +goose StatementEnd
CREATE INDEX events_by_entry ON events (app_id, seq) WHERE class > 0 AND part = 0;
