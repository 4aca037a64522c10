-- +goose Up
-- What a job that restores a list has yet to do: one row for each user, with the place before and after the move that is taken
-- back, as JSON, '' for not on the list. Rows go with the step that does them.
CREATE TABLE restorations (
  batch   TEXT NOT NULL, -- of the job
  n       INTEGER NOT NULL,
  app_id  TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL,
  before  TEXT NOT NULL,
  after   TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (batch, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX restorations_by_user ON restorations (app_id, user_id);
