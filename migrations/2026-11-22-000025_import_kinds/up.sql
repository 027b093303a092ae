-- Files of subscriptions and seats beside those of people. A file of seats is sealed, because it may hold license keys,
-- and goes when it is imported; what an undo needs stays until it is forgotten.
ALTER TABLE imports
  DROP CONSTRAINT imports_kind_check,
  ADD CONSTRAINT imports_kind_check CHECK (kind IN ('people', 'subscriptions', 'licenses'));
DROP INDEX imports_with_content;
CREATE INDEX imports_to_forget ON imports (created_at) WHERE content IS NOT NULL OR touched IS NOT NULL;
