-- +goose Up
-- Forms that were sent and did something, so that none does it twice. form is a hash of one making of a page with all that
-- was sent from it; same is a hash of what was sent alone, whichever making of the page it came from.
CREATE TABLE sent_forms (
  form       TEXT PRIMARY KEY CHECK (form <> ''),
  same       TEXT NOT NULL,
  request_id TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_forms_by_same ON sent_forms (same, at);
CREATE INDEX sent_forms_by_time ON sent_forms (at);
