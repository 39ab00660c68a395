-- What the rules read in each document: its facts, the words it is found by, its text. One row for every document; 'rules'
-- is the version of the rules that read it.
CREATE TABLE document_facts (
  record_id uuid NOT NULL,
  document_id uuid NOT NULL,
  rules bigint NOT NULL,
  sealed_terms bytea NOT NULL,
  sealed_facts bytea NOT NULL,
  sealed_text bytea NOT NULL,
  PRIMARY KEY (record_id, document_id));
