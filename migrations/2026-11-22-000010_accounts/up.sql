-- What a person may set about themselves, and the second factor of their sign-in.
ALTER TABLE users
  ADD COLUMN zone text,                              -- IANA time zone; none: that of the business
  ADD COLUMN locale text,                            -- none: that of the business
  ADD COLUMN is_staff boolean NOT NULL DEFAULT false, -- runs the installation
  ADD COLUMN totp_sealed bytea,                      -- TOTP secret, encrypted; there before it is confirmed
  ADD COLUMN totp_last_step bigint,                  -- the last 30-second step accepted, so that no code works twice
  ADD COLUMN two_factor_at timestamptz,              -- since when a code is asked for; none: it is not
  ADD CONSTRAINT two_factor_has_a_secret CHECK (two_factor_at IS NULL OR totp_sealed IS NOT NULL);

-- Single use: the row of a used code is deleted.
CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  PRIMARY KEY (user_id, code_hash)
);

-- What the list of devices shows, and what was proved when.
ALTER TABLE sessions
  ADD COLUMN address text,                           -- of the last use that was written
  ADD COLUMN user_agent text NOT NULL DEFAULT '',
  ADD COLUMN proved_at timestamptz;                  -- when the password or a code was last asked for and fitted

-- A browser that has signed in before: nobody's guesses elsewhere keep it out, and a new one is told by letter.
CREATE TABLE devices (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),   -- SHA-256 of what the cookie holds
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX devices_of_user ON devices (user_id);
CREATE INDEX devices_by_expiry ON devices (expires_at);

CREATE TABLE password_resets (
  key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX password_resets_of_user ON password_resets (user_id);

CREATE TABLE email_changes (
  key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  old_email_folded text NOT NULL,                    -- refused once this is no longer the address
  new_email text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX email_changes_of_user ON email_changes (user_id);

-- How often something was tried: failed sign-ins, letters asked for, by the hash of what and whose.
CREATE TABLE attempts (
  key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  tries integer NOT NULL CHECK (tries > 0),
  since timestamptz NOT NULL,                        -- the window's first try
  until timestamptz NOT NULL                         -- when the row is of no more use
);
CREATE INDEX attempts_by_age ON attempts (until);
