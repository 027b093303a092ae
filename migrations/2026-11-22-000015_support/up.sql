-- Why a business is suspended, as its people read it; none: it is not.
ALTER TABLE businesses ADD COLUMN suspended_because text;

-- In which support session it was done: then `actor_other_id` is the staff member, who acted for the business.
ALTER TABLE audit_entries ADD COLUMN support_session_id uuid;

-- Whether its link carries a key: such a letter is never sent twice, because the key is gone once it is sent.
ALTER TABLE letters ADD COLUMN carries_key boolean NOT NULL DEFAULT false;
UPDATE letters SET carries_key = true WHERE key_sealed IS NOT NULL OR kind IN ('welcome', 'invitation');
ALTER TABLE letters ADD CONSTRAINT only_a_letter_with_a_key_holds_one CHECK (carries_key OR key_sealed IS NULL);

-- Keys with which new staff members choose their name and password.
CREATE TABLE staff_keys (
  key_hash bytea PRIMARY KEY CHECK (octet_length(key_hash) = 32),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX staff_keys_of_user ON staff_keys (user_id);

-- One staff member within one business, for some minutes.
CREATE TABLE support_sessions (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  staff_id uuid NOT NULL REFERENCES users,
  member_id uuid,                                    -- sees what this member sees; none: what the business sees
  mode text NOT NULL CHECK (mode IN ('read', 'write')),
  reason text NOT NULL,
  began_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,                      -- whatever happens, not later
  ended_at timestamptz,
  how_ended text CHECK (how_ended IN ('left', 'signed_out', 'time_over', 'refused', 'not_allowed')),
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, member_id) REFERENCES members,
  CHECK (began_at < ends_at AND ends_at <= began_at + interval '1 hour'),
  CHECK ((ended_at IS NULL) = (how_ended IS NULL)),
  CHECK (ended_at BETWEEN began_at AND ends_at)
);
CREATE INDEX support_sessions_by_age ON support_sessions (id);
CREATE INDEX support_sessions_open ON support_sessions (ends_at) WHERE ended_at IS NULL;
CREATE INDEX open_support_sessions_of_staff ON support_sessions (staff_id) WHERE ended_at IS NULL;
CREATE INDEX support_sessions_of_member ON support_sessions (business_id, member_id);

-- Getting people back in: told to all owners at once, carried out a day later unless somebody stops it.
CREATE TABLE recoveries (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  staff_id uuid NOT NULL REFERENCES users,
  kind text NOT NULL CHECK (kind IN ('two_factor', 'owner')),
  -- Whose second factor is switched off, or who becomes an owner; without a sign-in there is nothing to recover.
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  reason text NOT NULL,
  asked_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text CHECK (outcome IN ('done', 'refused', 'withdrawn', 'void')),
  PRIMARY KEY (business_id, id),
  CHECK (asked_at < due_at),
  CHECK ((ended_at IS NULL) = (outcome IS NULL)),
  CHECK (outcome <> 'done' OR ended_at >= due_at)
);
CREATE UNIQUE INDEX one_open_recovery ON recoveries (business_id) WHERE ended_at IS NULL;
CREATE INDEX recoveries_of_user ON recoveries (user_id);
CREATE INDEX recoveries_due ON recoveries (due_at) WHERE ended_at IS NULL;
