-- For the worker: who has a last day that nobody has acted on yet.
CREATE INDEX members_leaving ON members (left_on)
  WHERE left_on IS NOT NULL AND status IN ('directory', 'active', 'deactivated');
