DROP TABLE import_progress;
DROP INDEX imports_of_starter;
DROP INDEX imports_running;
-- What was started and not done waits again.
ALTER TABLE imports
  DROP CONSTRAINT started_by_somebody,
  DROP CONSTRAINT started_while_committing,
  DROP CONSTRAINT imports_state_check;
UPDATE imports SET state = 'uploaded' WHERE state = 'committing';
ALTER TABLE imports
  DROP COLUMN trouble,
  DROP COLUMN started_at,
  DROP COLUMN started_by,
  ADD CONSTRAINT imports_state_check CHECK (state IN ('uploaded', 'committed'));
