-- +goose Up
-- What somebody wrote as a guest stays so when they come on the list, and what a participant wrote does when they go.
ALTER TABLE messages ADD COLUMN as_guest INTEGER NOT NULL DEFAULT 0 CHECK (as_guest IN (0, 1));
