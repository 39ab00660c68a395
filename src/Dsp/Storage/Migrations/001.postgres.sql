-- The guard of a batch: holds the record's sheet (shared or exclusive) until commit, then checks its version.
-- The advisory lock is taken before the version is read, so that a writer's commit is seen.
CREATE FUNCTION dsp_require_sheet(record uuid, version bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(record::text, 0));
  IF NOT EXISTS (SELECT 1 FROM records r WHERE r.record_id = record AND r.sheet_version = version) THEN
    RAISE EXCEPTION 'sheet changed' USING ERRCODE = 'DS001';
  END IF;
  RETURN true;
END $$;
CREATE FUNCTION dsp_hold_sheet(record uuid, version bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(record::text, 0));
  IF NOT EXISTS (SELECT 1 FROM records r WHERE r.record_id = record AND r.sheet_version = version) THEN
    RAISE EXCEPTION 'sheet changed' USING ERRCODE = 'DS001';
  END IF;
  RETURN true;
END $$;
ALTER TABLE contents ALTER COLUMN sealed SET STORAGE EXTERNAL;
ALTER TABLE documents ALTER COLUMN sealed_entry SET STORAGE EXTERNAL;
ALTER TABLE documents ALTER COLUMN sealed_fhir SET STORAGE EXTERNAL;
-- A document's row (some 4 kB) stays in one piece: a list of twenty would otherwise fetch forty values from beside the table.
ALTER TABLE documents SET (toast_tuple_target = 8160);
-- Triggers guard against our own bugs; what proves the journal is the sealed chain and the sink.
CREATE FUNCTION dsp_never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;
CREATE TRIGGER journal_entries_append_only BEFORE UPDATE OR DELETE ON journal_entries FOR EACH ROW EXECUTE FUNCTION dsp_never();
CREATE TRIGGER journal_seals_append_only BEFORE UPDATE OR DELETE ON journal_seals FOR EACH ROW EXECUTE FUNCTION dsp_never();
