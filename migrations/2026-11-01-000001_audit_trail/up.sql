-- The trail: append-only, partitioned by month. Ids are UUIDv7 minted from the product's clock, so months are
-- ranges of ids and `id` alone stays the primary key. No foreign keys in or out: a key into the trail would
-- block retention, one out of it would slow every write down.
CREATE FUNCTION id_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS
  $$ SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

CREATE TABLE audit_entries (
  id uuid PRIMARY KEY,
  business_id uuid NOT NULL,
  parse_id char(10) NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  actor_member_id uuid,
  actor_other_id uuid,                               -- user, key or staff member, by actor_kind
  action text NOT NULL,                              -- stable code, such as license.assigned
  object_kind text NOT NULL,
  object_id uuid NOT NULL,
  object_label text NOT NULL,                        -- its name at that moment
  said text NOT NULL,                                -- what the actor did, as the rest of a sentence
  changes jsonb NOT NULL,                            -- [{field, before, after}], secrets masked
  origin text NOT NULL,                              -- page, worker, command
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused')),
  request_id uuid,
  address text,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),    -- watermark: an entry is settled once xid is below the snapshot's xmin
  epoch integer NOT NULL DEFAULT 1                   -- raised when a restored cluster starts its transaction ids anew
) PARTITION BY RANGE (id);

CREATE INDEX audit_entries_of_business ON audit_entries (business_id, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (business_id, actor_member_id, id);
CREATE INDEX audit_entries_by_action ON audit_entries (business_id, action, id);
CREATE INDEX audit_entries_by_object ON audit_entries (business_id, object_id, id);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'The audit trail is append-only.' USING ERRCODE = 'insufficient_privilege'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

CREATE TABLE audit_entries_default PARTITION OF audit_entries DEFAULT;
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON audit_entries_default FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- Makes the partition of the month that holds `day` unless it stands, and says whether it made one. A month whose
-- rows already lie in the default partition is left there: the alarm of `audit_rows_in_default` tells.
CREATE FUNCTION add_audit_month(day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  first date := date_trunc('month', day)::date;
  next date := (date_trunc('month', day) + interval '1 month')::date;
  part text := 'audit_entries_' || to_char(day, 'YYYY_MM');
BEGIN
  IF to_regclass('public.' || part) IS NOT NULL THEN RETURN false; END IF;
  -- Before the default partition is read: two that read it first would each wait for the other's lock on it.
  PERFORM pg_advisory_xact_lock(hashtextextended('add_audit_month', 0));
  IF to_regclass('public.' || part) IS NOT NULL THEN RETURN false; END IF;
  IF EXISTS (SELECT FROM audit_entries_default
             WHERE id >= id_floor(first::timestamp AT TIME ZONE 'UTC') AND id < id_floor(next::timestamp AT TIME ZONE 'UTC')) THEN
    RETURN false;
  END IF;
  BEGIN
    EXECUTE format('CREATE TABLE %I PARTITION OF audit_entries FOR VALUES FROM (%L) TO (%L)', part,
      id_floor(first::timestamp AT TIME ZONE 'UTC'), id_floor(next::timestamp AT TIME ZONE 'UTC'));
  EXCEPTION WHEN duplicate_table THEN
    -- Somebody else was faster, and this session's catalogue cache had not heard of it.
    RETURN false;
  END;
  EXECUTE format('CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()', part);
  RETURN true;
END $$;

-- As the owner, because the serving role may not look into partitions.
CREATE FUNCTION audit_rows_in_default() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
  $$ SELECT EXISTS (SELECT FROM audit_entries_default) $$;
