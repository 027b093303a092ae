CREATE OR REPLACE FUNCTION add_audit_month(day date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
