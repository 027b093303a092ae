DROP FUNCTION forget_closed_business;
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'insufficient_privilege'; END $$;
DROP INDEX members_by_address;
ALTER TABLE businesses DROP COLUMN support_access, DROP COLUMN require_two_factor, DROP COLUMN client_sign_up,
  DROP COLUMN checked_at, DROP COLUMN closes_at;
