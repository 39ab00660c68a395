-- Sealed bytes do not compress; each part stands by itself, so that a search reads no facts.
ALTER TABLE document_facts ALTER COLUMN sealed_terms SET STORAGE EXTERNAL;
ALTER TABLE document_facts ALTER COLUMN sealed_facts SET STORAGE EXTERNAL;
ALTER TABLE document_facts ALTER COLUMN sealed_text SET STORAGE EXTERNAL;
-- An ordinary row (some 5 kB) stays in one piece.
ALTER TABLE document_facts SET (toast_tuple_target = 8160);
