DROP FUNCTION audit_rows_in_default();
DROP FUNCTION add_audit_month(date);
DROP TABLE audit_entries;
DROP FUNCTION audit_is_append_only();
DROP FUNCTION id_floor(timestamptz);
