-- Documents whose text is read after their deposit (PDF, pictures): one row until that is done or given up.
CREATE TABLE waiting_readings (
  record_id uuid NOT NULL,
  document_id uuid NOT NULL,
  due_at bigint NOT NULL,
  tries bigint NOT NULL,
  PRIMARY KEY (record_id, document_id));
CREATE INDEX waiting_readings_due ON waiting_readings (due_at);
