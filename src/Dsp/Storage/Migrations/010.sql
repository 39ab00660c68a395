-- What the holder decided, version by version: a row for each state of each choice (decision 0017). The access sheet alone decides;
-- these rows tell its holder how it came to be. Version 0: as it stood before versions were kept.
CREATE TABLE choice_versions (
  record_id uuid NOT NULL,
  choice_id uuid NOT NULL,
  sheet_version bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (record_id, choice_id, sheet_version));
