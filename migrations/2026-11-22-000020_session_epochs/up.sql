-- How often all sign-ins of a person were ended at once. A session keeps the count it began with, so that one which is
-- written in that very moment opens nothing.
ALTER TABLE users ADD COLUMN session_epoch integer NOT NULL DEFAULT 0;

ALTER TABLE sessions
  ADD COLUMN epoch integer NOT NULL DEFAULT 0,
  ADD COLUMN support_session_id uuid;                -- in which its person is; it ends with this sign-in
CREATE INDEX sessions_in_support ON sessions (support_session_id) WHERE support_session_id IS NOT NULL;
