-- Has PostgreSQL look over every table, for a program that has just filled them: until then it plans as if it knew
-- nothing of them. As the owner, because nobody else may.
CREATE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  name regclass;
BEGIN
  FOR name IN SELECT oid FROM pg_class
              WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
              ORDER BY oid LOOP
    EXECUTE format('ANALYZE %s', name);
  END LOOP;
END $$;
