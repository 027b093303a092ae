-- Somebody asked for a letter with which to set a new password. Written for every address alike; the worker looks
-- whether it is somebody's, so that neither the answer nor its time can tell.
CREATE TABLE reset_requests (
  id uuid PRIMARY KEY,
  email_folded text NOT NULL,
  created_at timestamptz NOT NULL
);
