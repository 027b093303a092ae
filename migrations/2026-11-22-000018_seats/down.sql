ALTER TABLE assignments DROP COLUMN expires_on;
ALTER TABLE licenses
  DROP COLUMN last_used_source,
  DROP COLUMN last_used_at,
  DROP COLUMN expiry_told_on,
  DROP COLUMN retired_at;
