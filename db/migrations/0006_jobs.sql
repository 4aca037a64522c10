-- +goose Up
-- Long work. A row is all that a job knows: what it is to do, who wants it, how far it is. cursor is written in the transaction of
-- the work that it follows, so a job that was cut off goes on where it stopped and repeats nothing.
CREATE TABLE jobs (
  n               INTEGER PRIMARY KEY,
  app_id          TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  id              TEXT NOT NULL UNIQUE,
  kind            TEXT NOT NULL,
  title           TEXT NOT NULL,
  conversation_id TEXT NOT NULL, -- that it is about; '' for none
  params          TEXT NOT NULL,
  state           TEXT NOT NULL CHECK (state = 'queued' OR state = 'running' OR state = 'done' OR state = 'failed' OR state = 'cancelled'),
  stopping        INTEGER NOT NULL DEFAULT 0 CHECK (stopping = 0 OR stopping = 1),
  done            INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
  total           INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
  note            TEXT NOT NULL DEFAULT '',
  cursor          TEXT NOT NULL DEFAULT '',
  batch           TEXT NOT NULL,
  problem         TEXT NOT NULL DEFAULT '',
  hint            TEXT NOT NULL DEFAULT '',
  file_name       TEXT NOT NULL DEFAULT '', -- that the result is offered under; '' for none
  file_size       INTEGER NOT NULL DEFAULT 0 CHECK (file_size >= 0),
  file_until      INTEGER NOT NULL DEFAULT 0,
  actor_kind      TEXT NOT NULL,
  actor_id        TEXT NOT NULL,
  actor_name      TEXT NOT NULL,
  actor_role      TEXT NOT NULL,
  source          TEXT NOT NULL,
  request_id      TEXT NOT NULL,
  ip              TEXT NOT NULL,
  confirmed       INTEGER NOT NULL CHECK (confirmed = 0 OR confirmed = 1), -- the password was given when it was started
  created_at      INTEGER NOT NULL,
  started_at      INTEGER NOT NULL DEFAULT 0,
  finished_at     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX jobs_by_app ON jobs (app_id, n);
CREATE INDEX jobs_by_turn ON jobs (state, n) WHERE state = 'queued' OR state = 'running';
CREATE INDEX jobs_by_batch ON jobs (batch);
CREATE INDEX jobs_by_file ON jobs (file_until) WHERE file_until > 0;
