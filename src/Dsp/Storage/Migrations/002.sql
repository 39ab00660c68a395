-- Accounts: how a person signs in. One per person; each row with its MAC, what is secret sealed or one-way.
CREATE TABLE accounts (person_id uuid NOT NULL PRIMARY KEY, version bigint NOT NULL, sealed bytea NOT NULL, mac bytea NOT NULL);
-- What the person may type as a name: a keyed token of the national number, the eHealthID or the register id; never an address or a phone.
CREATE TABLE account_names (token bytea NOT NULL PRIMARY KEY, person_id uuid NOT NULL, mac bytea NOT NULL);
CREATE INDEX account_names_person ON account_names (person_id);
-- 'lookup' is the keyed token by which a passkey, a card or an external subject finds its account. Without 'opened_at' a factor opens nothing.
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
CREATE UNIQUE INDEX factors_lookup ON factors (lookup) WHERE lookup IS NOT NULL;
-- Codes of letters, as HMACs.
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
-- Attempts that failed or are being decided, by the keyed token of what they are counted for.
CREATE TABLE sign_in_failures (scope bytea NOT NULL, failure_id uuid NOT NULL, failed_at bigint NOT NULL, PRIMARY KEY (scope, failure_id));
CREATE INDEX sign_in_failures_old ON sign_in_failures (failed_at);
-- What a person sees of the own sessions and devices; whether a session is in force stands in 'sessions'.
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
CREATE TABLE account_devices (
  person_id uuid NOT NULL,
  device_id uuid NOT NULL,
  token bytea NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  sealed bytea NOT NULL,
  mac bytea NOT NULL,
  PRIMARY KEY (person_id, device_id));
CREATE UNIQUE INDEX account_devices_token ON account_devices (token);
-- Proofs that were used and may not come again until they are worthless anyway.
CREATE TABLE used_proofs (token bytea NOT NULL PRIMARY KEY, until_at bigint NOT NULL);
