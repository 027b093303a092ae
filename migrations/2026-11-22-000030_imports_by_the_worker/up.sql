-- A long file is imported by the worker: `committing` from when somebody asked for it until it is done or put back.
ALTER TABLE imports
  DROP CONSTRAINT imports_state_check,
  ADD CONSTRAINT imports_state_check CHECK (state IN ('uploaded', 'committing', 'committed')),
  ADD COLUMN started_by uuid,                        -- for whom the worker imports it
  ADD COLUMN started_at timestamptz,
  ADD COLUMN trouble text,                           -- why the worker put it back, until the next try
  ADD CONSTRAINT imports_started_by_fkey FOREIGN KEY (business_id, started_by) REFERENCES members,
  ADD CONSTRAINT started_while_committing CHECK ((state = 'committing') = (started_at IS NOT NULL)),
  ADD CONSTRAINT started_by_somebody CHECK ((started_at IS NULL) = (started_by IS NULL));
-- One at a time in a business; also how the worker finds what was started.
CREATE UNIQUE INDEX imports_running ON imports (business_id) WHERE state = 'committing';
CREATE INDEX imports_of_starter ON imports (business_id, started_by) WHERE started_by IS NOT NULL;

-- How far a started import has come: written beside its transaction, which nobody else can look into.
CREATE TABLE import_progress (
  business_id uuid NOT NULL REFERENCES businesses,
  import_id uuid NOT NULL,
  done_rows integer NOT NULL CHECK (done_rows >= 0),
  all_rows integer NOT NULL,
  PRIMARY KEY (business_id, import_id),
  FOREIGN KEY (business_id, import_id) REFERENCES imports,
  CHECK (done_rows <= all_rows)
);
