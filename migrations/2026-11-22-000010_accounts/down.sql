DROP TABLE attempts;
DROP TABLE email_changes;
DROP TABLE password_resets;
DROP TABLE devices;
ALTER TABLE sessions DROP COLUMN address, DROP COLUMN user_agent, DROP COLUMN proved_at;
DROP TABLE recovery_codes;
ALTER TABLE users DROP COLUMN zone, DROP COLUMN locale, DROP COLUMN is_staff, DROP COLUMN totp_sealed,
  DROP COLUMN totp_last_step, DROP COLUMN two_factor_at;
