-- The outbox: letters written in the transaction that causes them, sent by the worker.
CREATE TABLE letters (
  id uuid PRIMARY KEY,
  business_id uuid,                                  -- none: about a person, not about a business
  kind text NOT NULL,
  to_email text NOT NULL,
  to_name text NOT NULL,
  details jsonb NOT NULL,                            -- what the letter says; never a key
  key_sealed bytea,                                  -- the key its link carries, encrypted, and gone once sent
  dedupe_key text CONSTRAINT one_letter_per_occasion UNIQUE,
  state text NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  attempts integer NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  error text,
  CHECK (state = 'waiting' OR key_sealed IS NULL)
);
CREATE INDEX letters_waiting ON letters (due_at, id) WHERE state = 'waiting';
CREATE INDEX letters_of_business ON letters (business_id, id);

-- The first answer to a form or request that may be sent twice.
CREATE TABLE once_answers (
  key bytea PRIMARY KEY CHECK (octet_length(key) = 32),   -- hash of who, where, the once value and the body
  answer jsonb NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX once_answers_by_age ON once_answers (at);

-- What the worker has set aside after a failure, to be tried again later.
CREATE TABLE worker_failures (
  job text NOT NULL,
  business_id uuid NOT NULL REFERENCES businesses,
  failures integer NOT NULL,
  first_failed_at timestamptz NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  error text NOT NULL,
  PRIMARY KEY (job, business_id)
);
