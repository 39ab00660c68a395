-- Software as the protocols know it, beside its row in 'systems' (owner, responsible person, suspension). Public register data.
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
CREATE INDEX clients_system ON clients (system_id);

-- What a software was allowed: its id is the session's, by which everything issued under it ends at once.
CREATE TABLE oauth_grants (
  grant_id uuid NOT NULL PRIMARY KEY,
  client_id text NOT NULL,
  subject text NOT NULL,
  status text NOT NULL,
  scopes text NOT NULL,
  created_at bigint NOT NULL,
  mac bytea NOT NULL);
-- Codes, refresh tokens, pushed requests and access tokens by id; never the token itself, what must be kept of it is sealed.
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
CREATE INDEX oauth_tokens_grant ON oauth_tokens (grant_id);
CREATE INDEX oauth_tokens_end ON oauth_tokens (expires_at);
CREATE INDEX used_proofs_end ON used_proofs (until_at);
