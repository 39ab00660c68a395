-- Folders: documents that somebody put together. One sealed row with metadata and members; the version grows with each change.
CREATE TABLE folders (
  record_id uuid NOT NULL,
  folder_id uuid NOT NULL,
  added_at bigint NOT NULL,
  version bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (record_id, folder_id));
CREATE INDEX folders_newest ON folders (record_id, added_at, folder_id);
CREATE INDEX submission_sets_newest ON submission_sets (record_id, added_at, submission_id);
