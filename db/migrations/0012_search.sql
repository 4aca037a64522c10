-- +goose Up
-- What is left to index again, since custom values are searched too: rows behind n. The server works it off in small steps
-- while it runs; until then those rows are found by everything else.
CREATE TABLE reindex (
  what TEXT PRIMARY KEY CHECK (what = 'users' OR what = 'conversations'),
  n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO reindex SELECT 'users', 0 WHERE EXISTS (SELECT 1 FROM users WHERE custom <> '');
INSERT INTO reindex SELECT 'conversations', 0 WHERE EXISTS (SELECT 1 FROM conversations WHERE custom <> '');

-- The state of a list that somebody keeps under a name. What isn't shared is seen by its admin alone.
CREATE TABLE saved_views (
  app_id     TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  id         TEXT NOT NULL,
  list       TEXT NOT NULL,
  name       TEXT NOT NULL CHECK (name <> ''),
  query      TEXT NOT NULL,
  shared     INTEGER NOT NULL CHECK (shared IN (0, 1)),
  admin_id   TEXT NOT NULL,
  admin_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (app_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_views_by_list ON saved_views (app_id, list, name, id);
