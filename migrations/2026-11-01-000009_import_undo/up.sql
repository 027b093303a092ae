-- What an undo needs and leaves; `touched` goes together with the content, after seven days.
ALTER TABLE imports
  ADD COLUMN touched jsonb,                          -- [{member, before, after}] of everybody created or changed
  ADD COLUMN kept jsonb,                             -- [{name, why}] of everybody an undo left as they were
  ADD COLUMN undone_at timestamptz,
  ADD CONSTRAINT undone_after_commit CHECK (undone_at >= committed_at),
  ADD CONSTRAINT undone_only_once_committed CHECK (undone_at IS NULL OR committed_at IS NOT NULL);
CREATE INDEX imports_of_member ON imports (business_id, created_by);
