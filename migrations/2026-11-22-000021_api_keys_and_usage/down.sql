ALTER TABLE licenses DROP COLUMN last_used_source, DROP COLUMN last_used_at;
DROP TABLE usage_counters;
DROP TABLE api_keys;
