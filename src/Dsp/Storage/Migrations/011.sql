-- Who asked to be told of new documents (DSUBm ITI-110), and of which documents they are still to be told.
CREATE TABLE subscriptions (
  subscription_id uuid NOT NULL PRIMARY KEY,
  person_id uuid NOT NULL,
  institution_id uuid NOT NULL,
  version bigint NOT NULL,
  status text NOT NULL,
  sent bigint NOT NULL,
  sealed bytea NOT NULL,
  mac bytea NOT NULL);
CREATE INDEX subscriptions_person ON subscriptions (person_id);
CREATE INDEX subscriptions_institution ON subscriptions (institution_id);
CREATE TABLE subscription_events (
  subscription_id uuid NOT NULL,
  document_id uuid NOT NULL,
  record_id uuid NOT NULL,
  found_at bigint NOT NULL,
  due_at bigint NOT NULL,
  tries bigint NOT NULL,
  settled_at bigint NULL,
  PRIMARY KEY (subscription_id, document_id));
CREATE INDEX subscription_events_due ON subscription_events (due_at);
CREATE INDEX subscription_events_record ON subscription_events (record_id);
CREATE TABLE subscription_scan (name text NOT NULL PRIMARY KEY, after_id uuid NOT NULL);
