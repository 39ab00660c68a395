-- The brake on mass opening: which records a person or software opened for the first time lately, and whose access waits.
CREATE TABLE openings (
  actor_id uuid NOT NULL,
  record_id uuid NOT NULL,
  opened_at bigint NOT NULL,
  PRIMARY KEY (actor_id, record_id));
CREATE INDEX openings_at ON openings (actor_id, opened_at);
CREATE INDEX openings_record ON openings (record_id);
CREATE TABLE brakes (
  actor_id uuid NOT NULL PRIMARY KEY,
  stopped_at bigint NOT NULL,
  lifted_at bigint NULL,
  lifted_by text NULL,
  mac bytea NOT NULL);
