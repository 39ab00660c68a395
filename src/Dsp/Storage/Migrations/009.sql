-- What the audit feed (ITI-20) has still to send: made in the commit of its journal entry, gone when the collector's end has answered.
CREATE TABLE audit_feed (
  entry_id uuid NOT NULL PRIMARY KEY,
  written_at bigint NOT NULL,
  sealed bytea NOT NULL);
