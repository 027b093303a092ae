DELETE FROM imports WHERE kind <> 'people';
DROP INDEX imports_to_forget;
CREATE INDEX imports_with_content ON imports (created_at) WHERE content IS NOT NULL;
ALTER TABLE imports
  DROP CONSTRAINT imports_kind_check,
  ADD CONSTRAINT imports_kind_check CHECK (kind IN ('people'));
