CREATE TABLE licenses (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  parse_id char(10) NOT NULL,
  subscription_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'retired')),
  key_sealed bytea,                                  -- license key, encrypted
  key_last4 text,
  expires_on date,                                   -- the last day, which still counts
  created_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, id),
  UNIQUE (business_id, parse_id),
  UNIQUE (business_id, subscription_id, id),
  FOREIGN KEY (business_id, subscription_id) REFERENCES subscriptions,
  CHECK ((key_sealed IS NULL) = (key_last4 IS NULL))
);
CREATE INDEX open_licenses ON licenses (business_id, subscription_id, id) WHERE state = 'open';

-- Who held a seat from when to when; a row is ended, never rewritten.
CREATE TABLE assignments (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  license_id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  member_id uuid NOT NULL,
  given_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, subscription_id, license_id) REFERENCES licenses (business_id, subscription_id, id),
  FOREIGN KEY (business_id, member_id) REFERENCES members,
  CHECK (ended_at >= given_at)
);
CREATE UNIQUE INDEX one_holder_per_license ON assignments (business_id, license_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX one_seat_per_person ON assignments (business_id, subscription_id, member_id) WHERE ended_at IS NULL;
CREATE INDEX assignments_of_license ON assignments (business_id, license_id, id);
CREATE INDEX assignments_of_member ON assignments (business_id, member_id, id);
