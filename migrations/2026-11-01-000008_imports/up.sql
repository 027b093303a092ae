CREATE TABLE imports (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('people')),
  file_name text NOT NULL,
  content bytea,                                     -- the file as uploaded; gone after seven days
  mapping jsonb NOT NULL,                            -- {CSV header: our field}
  state text NOT NULL CHECK (state IN ('uploaded', 'committed')),
  created_rows integer,
  updated_rows integer,
  unchanged_rows integer,
  refused_rows integer,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL,
  committed_at timestamptz,
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, created_by) REFERENCES members,
  CHECK ((state = 'committed') = (committed_at IS NOT NULL))
);
CREATE INDEX imports_with_content ON imports (created_at) WHERE content IS NOT NULL;
