DROP TABLE recoveries;
DROP TABLE support_sessions;
DROP TABLE staff_keys;
ALTER TABLE letters DROP COLUMN carries_key;
ALTER TABLE audit_entries DROP COLUMN support_session_id;
ALTER TABLE businesses DROP COLUMN suspended_because;
