-- Keys of programs: their text is shown once and never stored.
CREATE TABLE api_keys (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('service', 'sdk')),
  scopes text[] NOT NULL,                            -- all that it may do
  key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
  last4 text NOT NULL,                               -- by which people tell keys apart
  created_at timestamptz NOT NULL,
  expires_on date NOT NULL,                          -- the last day, which still counts
  last_used_at timestamptz,                          -- to the minute
  revoked_at timestamptz,
  PRIMARY KEY (business_id, id),
  -- Such a key is safe to leak because it does nothing else, and no other key reports usage.
  CONSTRAINT sdk_keys_report_usage CHECK (CASE kind WHEN 'sdk' THEN scopes = '{usage:write}' ELSE NOT 'usage:write' = ANY (scopes) END)
);

-- How much of a meter was used in one cycle of the plan. A cycle is known by its start.
CREATE TABLE usage_counters (
  business_id uuid NOT NULL REFERENCES businesses,
  meter text NOT NULL,
  cycle_starts_at timestamptz NOT NULL,
  used bigint NOT NULL CHECK (used >= 0),
  PRIMARY KEY (business_id, meter, cycle_starts_at)
);
