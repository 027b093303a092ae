CREATE TABLE businesses (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  currency char(3) NOT NULL,                         -- base currency, ISO 4217
  zone text NOT NULL,                                -- IANA time zone: "today" is there
  locale text NOT NULL,
  application_id text NOT NULL UNIQUE,               -- public; what Parse clients send
  status text NOT NULL CHECK (status IN ('active', 'suspended', 'closing')),
  created_at timestamptz NOT NULL
);
-- The reserved business that holds the facts of the installation itself.
INSERT INTO businesses VALUES ('00000000-0000-7000-8000-000000000000', 'This installation', 'EUR', 'UTC', 'en-GB',
  'installation', 'active', '2026-11-01T00:00:00Z');

-- What the installation sells. A version in use never changes: a new one is written beside it.
CREATE TABLE plans (
  id uuid PRIMARY KEY,
  code text NOT NULL,
  version integer NOT NULL CHECK (version > 0),
  name text NOT NULL,
  price_minor bigint NOT NULL CHECK (price_minor >= 0),
  currency char(3) NOT NULL,
  cycle_unit text NOT NULL CHECK (cycle_unit IN ('day', 'week', 'month', 'year')),
  cycle_count integer NOT NULL CHECK (cycle_count BETWEEN 1 AND 1200),
  renews boolean NOT NULL,                           -- false: ends with its first cycle
  public boolean NOT NULL,
  audit_days integer CHECK (audit_days > 0),         -- how long the trail is kept; none: for ever
  current boolean NOT NULL,                          -- the version that can be chosen
  UNIQUE (code, version)
);
CREATE UNIQUE INDEX one_current_version_per_plan ON plans (code) WHERE current;

CREATE TABLE plan_limits (
  plan_id uuid NOT NULL REFERENCES plans,
  meter text NOT NULL,
  allowance bigint CHECK (allowance >= 0),           -- none: unlimited
  per_cycle boolean NOT NULL,                        -- false: a total that stands
  PRIMARY KEY (plan_id, meter)
);

INSERT INTO plans VALUES
  ('00000000-0000-7000-8000-000000000101', 'trial', 1, 'Trial', 0, 'USD', 'day', 15, false, true, 365, true),
  ('00000000-0000-7000-8000-000000000102', 'free', 1, 'Free', 0, 'USD', 'month', 1, true, true, 90, true),
  ('00000000-0000-7000-8000-000000000103', 'team', 1, 'Team', 4900, 'USD', 'month', 1, true, true, 365, true),
  ('00000000-0000-7000-8000-000000000104', 'business', 1, 'Business', 19900, 'USD', 'month', 1, true, true, 2557, true),
  ('00000000-0000-7000-8000-000000000105', 'unlimited', 1, 'Unlimited', 0, 'USD', 'month', 1, true, false, NULL, true);
INSERT INTO plan_limits
SELECT ('00000000-0000-7000-8000-000000000' || plan)::uuid, meter, allowance, meter = 'usage_events'
FROM (VALUES ('101', 250, 2000, 20000, 1000000), ('102', 3, 10, 50, 1000), ('103', 25, 200, 2000, 100000),
             ('104', 250, 2000, 20000, 1000000), ('105', NULL, NULL, NULL, NULL)) AS row (plan, a, b, c, d),
     LATERAL (VALUES ('sign_ins', a), ('subscriptions', b), ('seats', c), ('usage_events', d)) AS limits (meter, allowance);

-- One row per business for ever; its lock is the lock of the business.
CREATE TABLE plan_subscriptions (
  business_id uuid PRIMARY KEY REFERENCES businesses,
  plan_id uuid NOT NULL REFERENCES plans,
  anchor_on date NOT NULL,                           -- boundary(n) = anchor + n cycles, at local midnight
  cycle_index integer NOT NULL CHECK (cycle_index >= 0),
  cycle_starts_at timestamptz NOT NULL,
  period_starts_at timestamptz NOT NULL,             -- after an upgrade later than the cycle's start
  period_ends_at timestamptz NOT NULL,               -- half-open: the first instant not covered
  next_plan_id uuid REFERENCES plans,                -- chosen for the next boundary
  ended_at timestamptz,                              -- written by the worker; readers compare period_ends_at
  CHECK (period_starts_at < period_ends_at AND cycle_starts_at <= period_starts_at)
);
CREATE INDEX plan_subscriptions_due ON plan_subscriptions (period_ends_at) WHERE ended_at IS NULL;
CREATE INDEX plan_subscriptions_of_plan ON plan_subscriptions (plan_id);

CREATE TABLE plan_periods (
  business_id uuid NOT NULL REFERENCES businesses,
  starts_at timestamptz NOT NULL,
  cycle_starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  plan_id uuid NOT NULL REFERENCES plans,
  due_minor bigint NOT NULL,
  currency char(3) NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, starts_at),
  CHECK (starts_at < ends_at)
);
