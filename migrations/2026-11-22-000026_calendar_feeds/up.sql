-- A member's own address of their renewals, for calendar programs.
CREATE TABLE calendar_feeds (
  business_id uuid NOT NULL REFERENCES businesses,
  member_id uuid NOT NULL,
  key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),  -- SHA-256 of the key in the address
  made_at timestamptz NOT NULL,
  read_at timestamptz,                               -- when a program last fetched it, to the hour
  PRIMARY KEY (business_id, member_id),
  CONSTRAINT one_feed_per_key UNIQUE (key_hash),
  FOREIGN KEY (business_id, member_id) REFERENCES members
);
