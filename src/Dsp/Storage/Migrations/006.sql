-- Documents whose text is read after their deposit (PDF, pictures): one row until that is done or given up.
CREATE TABLE waiting_readings (
  record_id uuid NOT NULL,
  document_id uuid NOT NULL,
  due_at bigint NOT NULL,
  tries bigint NOT NULL,
  PRIMARY KEY (record_id, document_id));
CREATE INDEX waiting_readings_due ON waiting_readings (due_at);
-- What a source's deposits could do better: a row for a document with findings. Source and day are in clear, the findings
-- sealed under the installation's key.
CREATE TABLE deposit_reports (
  record_id uuid NOT NULL,
  document_id uuid NOT NULL,
  source_id uuid NOT NULL,
  added_at bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (record_id, document_id));
CREATE INDEX deposit_reports_source ON deposit_reports (source_id, document_id);
