CREATE TABLE services (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  name text NOT NULL,
  name_folded text NOT NULL,
  vendor text NOT NULL,
  category text NOT NULL,
  website text NOT NULL,
  PRIMARY KEY (business_id, id),
  CONSTRAINT one_service_per_name UNIQUE (business_id, name_folded)
);

CREATE TABLE subscriptions (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  parse_id char(10) NOT NULL,
  service_id uuid NOT NULL,
  name text NOT NULL,
  name_folded text NOT NULL,
  owner_id uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('trial', 'active', 'canceled', 'expired')),
  cost_model text NOT NULL CHECK (cost_model IN ('flat', 'per_seat', 'pack')),
  pack_size integer CHECK (pack_size > 0),
  currency char(3) NOT NULL,
  cycle_unit text NOT NULL CHECK (cycle_unit IN ('day', 'week', 'month', 'quarter', 'year', 'once')),
  cycle_count integer NOT NULL CHECK (cycle_count BETWEEN 1 AND 1200),
  anchor_on date NOT NULL,                           -- every occurrence is counted from here
  starts_on date,                                    -- as given
  renews_on date,                                    -- the coming renewal, the first day not covered; none for one-time
  term_count integer CHECK (term_count > 0),         -- first term; none: the cycle
  term_unit text CHECK (term_unit IN ('day', 'week', 'month', 'quarter', 'year')),
  renewal_term_count integer CHECK (renewal_term_count > 0),
  renewal_term_unit text CHECK (renewal_term_unit IN ('day', 'week', 'month', 'quarter', 'year')),
  auto_renew text NOT NULL CHECK (auto_renew IN ('auto', 'manual', 'never')),
  notice_count integer NOT NULL CHECK (notice_count >= 0),
  notice_unit text NOT NULL CHECK (notice_unit IN ('day', 'month')),
  cancel_by date,                                    -- the last day to cancel, which still counts
  trial_ends_on date,
  department text NOT NULL,
  category text NOT NULL,
  tags text[] NOT NULL,
  payment_method text NOT NULL,
  url text NOT NULL,
  notes text NOT NULL,
  created_at timestamptz NOT NULL,
  removed_at timestamptz,
  PRIMARY KEY (business_id, id),
  UNIQUE (business_id, parse_id),
  FOREIGN KEY (business_id, service_id) REFERENCES services,
  FOREIGN KEY (business_id, owner_id) REFERENCES members
);
CREATE UNIQUE INDEX one_live_subscription ON subscriptions (business_id, service_id, name_folded)
  WHERE removed_at IS NULL AND status IN ('trial', 'active');
CREATE INDEX subscriptions_by_name ON subscriptions (business_id, name_folded, id) WHERE removed_at IS NULL;
CREATE INDEX subscriptions_by_renewal ON subscriptions (business_id, renews_on, id) WHERE removed_at IS NULL;
CREATE INDEX subscriptions_by_cancel_by ON subscriptions (business_id, cancel_by, id) WHERE removed_at IS NULL;
CREATE INDEX subscriptions_of_owner ON subscriptions (business_id, owner_id);
CREATE INDEX subscriptions_of_service ON subscriptions (business_id, service_id);

-- The only truth of price and seats: the line with the latest date on or before a day counts; of one date, the newest.
CREATE TABLE price_lines (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  from_on date NOT NULL,
  cost_minor bigint NOT NULL CHECK (cost_minor >= 0),
  seats integer CHECK (seats >= 0),                  -- none: seats are not counted
  created_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, subscription_id) REFERENCES subscriptions
);
CREATE INDEX price_lines_of_subscription ON price_lines (business_id, subscription_id, from_on DESC, id DESC);
