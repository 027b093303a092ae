CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  email_folded text NOT NULL CONSTRAINT one_user_per_address UNIQUE,
  name text NOT NULL,
  password_hash text NOT NULL,                       -- argon2id, PHC string
  email_verified_at timestamptz,
  created_at timestamptz NOT NULL,
  last_sign_in_at timestamptz
);

CREATE TABLE sessions (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),   -- SHA-256 of what the cookie holds
  parse_id char(10) NOT NULL UNIQUE,
  user_id uuid REFERENCES users ON DELETE CASCADE,   -- none while nobody has signed in
  state jsonb NOT NULL,                              -- current member, flash
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- One table per purpose of a mailed key, so that a key of one purpose can never work for another.
CREATE TABLE verification_keys (
  key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  email_folded text NOT NULL,                        -- the address it proves
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX verification_keys_of_user ON verification_keys (user_id);
