ALTER TABLE sessions DROP COLUMN epoch, DROP COLUMN support_session_id;
ALTER TABLE users DROP COLUMN session_epoch;
