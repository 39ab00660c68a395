CREATE TRIGGER journal_entries_no_delete BEFORE DELETE ON journal_entries BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_entries_no_update BEFORE UPDATE ON journal_entries BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_seals_no_delete BEFORE DELETE ON journal_seals BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TRIGGER journal_seals_no_update BEFORE UPDATE ON journal_seals BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE account_devices (
  person_id uuid NOT NULL,
  device_id uuid NOT NULL,
  token bytea NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  sealed bytea NOT NULL,
  mac bytea NOT NULL,
  PRIMARY KEY (person_id, device_id));

CREATE TABLE account_names (token bytea NOT NULL PRIMARY KEY, person_id uuid NOT NULL, mac bytea NOT NULL);

CREATE TABLE account_sessions (
  person_id uuid NOT NULL,
  session_id uuid NOT NULL,
  device_id uuid NOT NULL,
  started_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  level bigint NOT NULL,
  methods text NOT NULL,
  mac bytea NOT NULL,
  PRIMARY KEY (person_id, session_id));

CREATE TABLE accounts (person_id uuid NOT NULL PRIMARY KEY, version bigint NOT NULL, sealed bytea NOT NULL, mac bytea NOT NULL);

CREATE TABLE activation_codes (
  person_id uuid NOT NULL,
  code_id uuid NOT NULL,
  purpose text NOT NULL,
  code bytea NOT NULL,
  issued_by uuid NULL,
  made_at bigint NOT NULL,
  valid_from bigint NOT NULL,
  ends_at bigint NOT NULL,
  tries bigint NOT NULL,
  used_at bigint NULL,
  mac bytea NOT NULL,
  PRIMARY KEY (person_id, code_id));

CREATE TABLE agents (person_id uuid NOT NULL PRIMARY KEY, number text NOT NULL UNIQUE, role text NOT NULL, until_at bigint NULL, mac bytea NOT NULL);

CREATE TABLE audit_feed (
  entry_id uuid NOT NULL PRIMARY KEY,
  written_at bigint NOT NULL,
  sealed bytea NOT NULL);

CREATE TABLE brakes (
  actor_id uuid NOT NULL PRIMARY KEY,
  stopped_at bigint NOT NULL,
  lifted_at bigint NULL,
  lifted_by text NULL,
  mac bytea NOT NULL);

CREATE TABLE choice_versions (
  record_id uuid NOT NULL,
  choice_id uuid NOT NULL,
  sheet_version bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (record_id, choice_id, sheet_version));

CREATE TABLE clients (
  client_id text NOT NULL PRIMARY KEY,
  system_id uuid NOT NULL,
  kind text NOT NULL,
  key_set text NULL,
  redirects text NOT NULL,
  scopes text NOT NULL,
  description text NOT NULL,
  registered_at bigint NOT NULL,
  tested_at bigint NULL,
  attested_at bigint NULL,
  mac bytea NOT NULL);

CREATE TABLE code_failures (redeemer_id uuid NOT NULL, failure_id uuid NOT NULL, failed_at bigint NOT NULL, PRIMARY KEY (redeemer_id, failure_id));

CREATE TABLE content_intents (record_id uuid NOT NULL, content_id uuid NOT NULL, started_at bigint NOT NULL, PRIMARY KEY (record_id, content_id));

CREATE TABLE contents (record_id uuid NOT NULL, content_id uuid NOT NULL, sealed bytea NOT NULL, PRIMARY KEY (record_id, content_id));

CREATE TABLE deposit_reports (
  record_id uuid NOT NULL,
  document_id uuid NOT NULL,
  source_id uuid NOT NULL,
  added_at bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (record_id, document_id));

CREATE TABLE document_facts (
  record_id uuid NOT NULL,
  document_id uuid NOT NULL,
  rules bigint NOT NULL,
  sealed_terms bytea NOT NULL,
  sealed_facts bytea NOT NULL,
  sealed_text bytea NOT NULL,
  PRIMARY KEY (record_id, document_id));

CREATE TABLE documents (
  record_id uuid NOT NULL,
  document_id uuid NOT NULL,
  submission_id uuid NOT NULL,
  content_id uuid NOT NULL,
  status text NOT NULL,
  category text NOT NULL,
  added_at bigint NOT NULL,
  document_at bigint NULL,
  size bigint NOT NULL,
  version bigint NOT NULL,
  sealed_entry bytea NOT NULL,
  sealed_fhir bytea NOT NULL,
  sealed_state bytea NOT NULL,
  PRIMARY KEY (record_id, document_id));

CREATE TABLE factors (
  person_id uuid NOT NULL,
  factor_id uuid NOT NULL,
  kind text NOT NULL,
  lookup bytea NULL,
  version bigint NOT NULL,
  added_at bigint NOT NULL,
  opened_at bigint NULL,
  sealed bytea NOT NULL,
  mac bytea NOT NULL,
  PRIMARY KEY (person_id, factor_id));

CREATE TABLE feed_events (source text NOT NULL, correlation_id text NOT NULL, received_at bigint NOT NULL, outcome text NOT NULL, digest bytea NOT NULL, sealed bytea NULL, PRIMARY KEY (source, correlation_id));

CREATE TABLE folders (
  record_id uuid NOT NULL,
  folder_id uuid NOT NULL,
  added_at bigint NOT NULL,
  version bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (record_id, folder_id));

CREATE TABLE identifier_domains (
  domain text NOT NULL PRIMARY KEY,
  system_id uuid NOT NULL,
  mac bytea NOT NULL);

CREATE TABLE installation (name text NOT NULL PRIMARY KEY, value text NOT NULL);

CREATE TABLE institutions (
  institution_id uuid NOT NULL PRIMARY KEY,
  register_id text NOT NULL UNIQUE,
  name text NOT NULL,
  kind text NOT NULL,
  emergency_department boolean NOT NULL,
  portal_attested boolean NOT NULL,
  mac bytea NOT NULL);

CREATE TABLE journal_bodies (record_id uuid NOT NULL, entry_id uuid NOT NULL, sealed bytea NOT NULL, PRIMARY KEY (record_id, entry_id));

CREATE TABLE journal_entries (
  record_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  written_at bigint NOT NULL,
  sheet_version bigint NULL,
  commitment bytea NOT NULL,
  PRIMARY KEY (record_id, entry_id));

CREATE TABLE journal_heads (size bigint NOT NULL PRIMARY KEY, signed_at bigint NOT NULL, chain bytea NOT NULL, signature bytea NOT NULL);

CREATE TABLE journal_seals (
  seal_index bigint NOT NULL PRIMARY KEY,
  record_id uuid NOT NULL,
  entry_id uuid NOT NULL UNIQUE,
  written_at bigint NOT NULL,
  commitment bytea NOT NULL,
  chain bytea NOT NULL);

CREATE TABLE journal_unsealed (entry_id uuid NOT NULL PRIMARY KEY, record_id uuid NOT NULL, written_at bigint NOT NULL, commitment bytea NOT NULL);

CREATE TABLE leases (name text NOT NULL PRIMARY KEY, owner text NOT NULL, until_at bigint NOT NULL, fence bigint NOT NULL);

CREATE TABLE memberships (
  institution_id uuid NOT NULL,
  person_id uuid NOT NULL,
  unit text NOT NULL,
  emergency boolean NOT NULL,
  valid_from bigint NOT NULL,
  valid_until bigint NULL,
  mac bytea NOT NULL,
  PRIMARY KEY (institution_id, person_id));

CREATE TABLE notices (record_id uuid NOT NULL, notice_id uuid NOT NULL, kind text NOT NULL, sent_at bigint NOT NULL, sealed bytea NOT NULL, PRIMARY KEY (record_id, notice_id));

CREATE TABLE oauth_grants (
  grant_id uuid NOT NULL PRIMARY KEY,
  client_id text NOT NULL,
  subject text NOT NULL,
  status text NOT NULL,
  scopes text NOT NULL,
  created_at bigint NOT NULL,
  mac bytea NOT NULL);

CREATE TABLE oauth_tokens (
  token_id uuid NOT NULL PRIMARY KEY,
  grant_id uuid NULL,
  client_id text NULL,
  subject text NULL,
  kind text NOT NULL,
  status text NOT NULL,
  reference text NULL UNIQUE,
  created_at bigint NULL,
  expires_at bigint NULL,
  redeemed_at bigint NULL,
  version bigint NOT NULL,
  sealed bytea NULL,
  mac bytea NOT NULL);

CREATE TABLE object_ids (object_id uuid NOT NULL PRIMARY KEY, record_id uuid NOT NULL, kind text NOT NULL);

CREATE TABLE openings (
  actor_id uuid NOT NULL,
  record_id uuid NOT NULL,
  opened_at bigint NOT NULL,
  PRIMARY KEY (actor_id, record_id));

CREATE TABLE outbox (message_id uuid NOT NULL PRIMARY KEY, record_id uuid NULL, kind text NOT NULL, due_at bigint NOT NULL, sent_at bigint NULL, sealed bytea NOT NULL);

CREATE TABLE person_tokens (token bytea NOT NULL, person_id uuid NOT NULL, kind text NOT NULL, PRIMARY KEY (token, person_id));

CREATE TABLE persons (
  person_id uuid NOT NULL PRIMARY KEY,
  record_id uuid NULL,
  version bigint NOT NULL,
  sealed bytea NOT NULL);

CREATE TABLE professionals (
  person_id uuid NOT NULL PRIMARY KEY,
  register_id text NOT NULL UNIQUE,
  family text NOT NULL,
  given text NOT NULL,
  profession text NOT NULL,
  matrix_group text NOT NULL,
  specialty text NULL,
  licence_from bigint NOT NULL,
  licence_until bigint NULL,
  stopped_from bigint NULL,
  stopped_until bigint NULL,
  mac bytea NOT NULL);

CREATE TABLE records (
  record_id uuid NOT NULL PRIMARY KEY,
  person_id uuid NOT NULL,
  created_at bigint NOT NULL,
  due_at bigint NULL,
  key_epoch bigint NOT NULL,
  wrapped_key bytea NOT NULL,
  sheet_version bigint NOT NULL,
  sheet bytea NOT NULL);

CREATE TABLE relations_by_actor (
  actor_id uuid NOT NULL,
  record_id uuid NOT NULL,
  relation_id uuid NOT NULL,
  starts_at bigint NOT NULL,
  ends_at bigint NULL,
  PRIMARY KEY (actor_id, record_id, relation_id));

CREATE TABLE schema_migrations (number bigint NOT NULL PRIMARY KEY, run_at bigint NOT NULL);

CREATE TABLE service_keys (name text NOT NULL PRIMARY KEY, epoch bigint NOT NULL, wrapped bytea NOT NULL);

CREATE TABLE sessions (
  session_id uuid NOT NULL PRIMARY KEY,
  subject_id uuid NOT NULL,
  institution_id uuid NULL,
  started_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  revoked_at bigint NULL,
  mac bytea NOT NULL);

CREATE TABLE sign_in_failures (scope bytea NOT NULL, failure_id uuid NOT NULL, failed_at bigint NOT NULL, PRIMARY KEY (scope, failure_id));

CREATE TABLE submission_sets (
  record_id uuid NOT NULL,
  submission_id uuid NOT NULL,
  added_at bigint NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (record_id, submission_id));

CREATE TABLE subscription_events (
  subscription_id uuid NOT NULL,
  document_id uuid NOT NULL,
  record_id uuid NOT NULL,
  found_at bigint NOT NULL,
  due_at bigint NOT NULL,
  tries bigint NOT NULL,
  settled_at bigint NULL,
  PRIMARY KEY (subscription_id, document_id));

CREATE TABLE subscription_scan (name text NOT NULL PRIMARY KEY, after_id uuid NOT NULL);

CREATE TABLE subscriptions (
  subscription_id uuid NOT NULL PRIMARY KEY,
  person_id uuid NOT NULL,
  institution_id uuid NOT NULL,
  version bigint NOT NULL,
  status text NOT NULL,
  sent bigint NOT NULL,
  sealed bytea NOT NULL,
  mac bytea NOT NULL);

CREATE TABLE suppressions (token bytea NOT NULL PRIMARY KEY, since bigint NOT NULL);

CREATE TABLE systems (
  system_id uuid NOT NULL PRIMARY KEY,
  name text NOT NULL,
  institution_id uuid NULL,
  responsible_id uuid NULL,
  role text NOT NULL,
  suspended_at bigint NULL,
  mac bytea NOT NULL);

CREATE TABLE unique_ids (token bytea NOT NULL PRIMARY KEY, record_id uuid NOT NULL, object_id uuid NOT NULL);

CREATE TABLE used_proofs (token bytea NOT NULL PRIMARY KEY, until_at bigint NOT NULL);

CREATE TABLE waiting_readings (
  record_id uuid NOT NULL,
  document_id uuid NOT NULL,
  due_at bigint NOT NULL,
  tries bigint NOT NULL,
  PRIMARY KEY (record_id, document_id));

CREATE UNIQUE INDEX account_devices_token ON account_devices (token);

CREATE INDEX account_names_person ON account_names (person_id);

CREATE INDEX clients_system ON clients (system_id);

CREATE INDEX deposit_reports_source ON deposit_reports (source_id, document_id);

CREATE INDEX documents_newest ON documents (record_id, added_at, document_id);

CREATE UNIQUE INDEX factors_lookup ON factors (lookup) WHERE lookup IS NOT NULL;

CREATE INDEX folders_newest ON folders (record_id, added_at, folder_id);

CREATE INDEX journal_sheet_versions ON journal_entries (record_id, sheet_version) WHERE sheet_version IS NOT NULL;

CREATE INDEX memberships_person ON memberships (person_id);

CREATE INDEX oauth_tokens_end ON oauth_tokens (expires_at);

CREATE INDEX oauth_tokens_grant ON oauth_tokens (grant_id);

CREATE INDEX openings_at ON openings (actor_id, opened_at);

CREATE INDEX openings_record ON openings (record_id);

CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL;

CREATE UNIQUE INDEX person_tokens_identifier ON person_tokens (token) WHERE kind = 'identifier';

CREATE INDEX person_tokens_person ON person_tokens (person_id);

CREATE INDEX records_due ON records (due_at);

CREATE INDEX relations_by_record ON relations_by_actor (record_id);

CREATE INDEX sign_in_failures_old ON sign_in_failures (failed_at);

CREATE INDEX submission_sets_newest ON submission_sets (record_id, added_at, submission_id);

CREATE INDEX subscription_events_due ON subscription_events (due_at);

CREATE INDEX subscription_events_record ON subscription_events (record_id);

CREATE INDEX subscriptions_institution ON subscriptions (institution_id);

CREATE INDEX subscriptions_person ON subscriptions (person_id);

CREATE INDEX used_proofs_end ON used_proofs (until_at);

CREATE INDEX waiting_readings_due ON waiting_readings (due_at);
