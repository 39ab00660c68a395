-- Sealed bytes do not compress; each part stands by itself, so that a search reads no facts.
ALTER TABLE document_facts ALTER COLUMN sealed_terms SET STORAGE EXTERNAL;
ALTER TABLE document_facts ALTER COLUMN sealed_facts SET STORAGE EXTERNAL;
ALTER TABLE document_facts ALTER COLUMN sealed_text SET STORAGE EXTERNAL;
