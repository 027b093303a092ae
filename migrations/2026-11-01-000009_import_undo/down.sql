DROP INDEX imports_of_member;
ALTER TABLE imports DROP COLUMN undone_at, DROP COLUMN kept, DROP COLUMN touched;
