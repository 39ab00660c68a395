-- Who feeds the identities of which identifier domain (PIXm ITI-104): one system owns one domain, and only it feeds there.
CREATE TABLE identifier_domains (
  domain text NOT NULL PRIMARY KEY,
  system_id uuid NOT NULL,
  mac bytea NOT NULL);
