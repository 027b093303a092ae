-- A wish for a seat, and what became of it.
CREATE TABLE seat_requests (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  member_id uuid NOT NULL,                           -- who asks
  note text NOT NULL,                                -- why, or empty
  state text NOT NULL CHECK (state IN ('open', 'approved', 'declined', 'withdrawn')),
  words text NOT NULL DEFAULT '',                    -- what whoever decided said
  decided_by uuid,                                   -- a member; none when no member did
  created_at timestamptz NOT NULL,
  decided_at timestamptz,
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, subscription_id) REFERENCES subscriptions,
  FOREIGN KEY (business_id, member_id) REFERENCES members,
  FOREIGN KEY (business_id, decided_by) REFERENCES members,
  CHECK ((state = 'open') = (decided_at IS NULL)),
  CHECK (decided_at >= created_at)
);
CREATE UNIQUE INDEX one_open_request_per_person ON seat_requests (business_id, subscription_id, member_id)
  WHERE state = 'open';
CREATE INDEX open_seat_requests ON seat_requests (business_id, id) WHERE state = 'open';
CREATE INDEX seat_requests_of_member ON seat_requests (business_id, member_id, id);
