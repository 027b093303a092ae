ALTER TABLE businesses
  ADD COLUMN support_access text NOT NULL DEFAULT 'read' CHECK (support_access IN ('refused', 'read', 'write')),
  ADD COLUMN require_two_factor boolean NOT NULL DEFAULT false,
  ADD COLUMN client_sign_up boolean NOT NULL DEFAULT false,  -- programs may sign people up with the application id
  ADD COLUMN checked_at timestamptz,                 -- when somebody first looked over currency and zone
  ADD COLUMN closes_at timestamptz,                  -- when a closing business is gone
  ADD CONSTRAINT closing_has_an_end CHECK (status <> 'closing' OR closes_at IS NOT NULL);
CREATE INDEX businesses_closing ON businesses (closes_at) WHERE status = 'closing';
-- For the invitations that wait for somebody in any business.
CREATE INDEX members_by_address ON members (email_folded);

-- Only `forget_closed_business` names a business here, and only for as long as it runs; the serving role may not
-- delete entries at all.
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.business_id::text = current_setting('subledger.closed_business', true)
       AND EXISTS (SELECT FROM public.businesses WHERE id = OLD.business_id AND status = 'closing') THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'insufficient_privilege';
END $$;

-- Deletes about so many rows of a business whose grace is over at `at`, and says how many: first what refers to
-- others, last the trail. Every table with a business_id is included by existing; the business's own row is left to
-- the caller. As the owner, because the serving role may not delete entries of the trail.
CREATE FUNCTION forget_closed_business(closed uuid, at timestamptz, at_most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  tenant_table regclass;
  gone integer;
BEGIN
  -- Never the reserved business of the installation, whose trail says what was forgotten.
  PERFORM FROM businesses WHERE id = closed AND status = 'closing' AND closes_at <= at AND application_id <> 'installation' FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'The business % is not to be forgotten.', closed; END IF;
  PERFORM set_config('subledger.closed_business', closed::text, true);
  FOR tenant_table IN
    WITH RECURSIVE tenant AS (
      SELECT c.oid AS id FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attname = 'business_id' AND NOT a.attisdropped),
    deep AS (
      SELECT id, 0 AS depth FROM tenant
      UNION
      SELECT f.conrelid, deep.depth + 1 FROM deep
      JOIN pg_constraint f ON f.contype = 'f' AND f.confrelid = deep.id AND f.conrelid <> f.confrelid
      JOIN tenant ON tenant.id = f.conrelid
      WHERE deep.depth < 20)
    SELECT id::regclass FROM deep GROUP BY id ORDER BY id = 'audit_entries'::regclass, max(depth) DESC, id
  LOOP
    -- Found by their place, so that no batch reads a whole table; a place is one of this business in any partition.
    EXECUTE format('DELETE FROM %1$s WHERE business_id = $1 AND ctid = ANY(ARRAY(SELECT ctid FROM %1$s WHERE business_id = $1 LIMIT $2))',
      tenant_table) USING closed, at_most;
    GET DIAGNOSTICS gone = ROW_COUNT;
    EXIT WHEN gone > 0;
  END LOOP;
  PERFORM set_config('subledger.closed_business', '', true);
  RETURN gone;
END $$;
-- Nobody else's to call; the grants to the serving role are made after every migration.
REVOKE ALL ON FUNCTION forget_closed_business FROM PUBLIC;
