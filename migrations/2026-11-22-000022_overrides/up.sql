-- What staff gave a business beyond its plan. A raised limit and another plan hold until their last day, extra usage
-- within one cycle; a longer cycle is written into the plan subscription, and stands here with its reason.
CREATE TABLE plan_overrides (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('plan', 'limit', 'extra', 'cycle')),
  plan_id uuid REFERENCES plans,
  meter text,
  amount bigint CHECK (amount > 0),                  -- the limit, or how much extra
  spent bigint NOT NULL DEFAULT 0,                   -- how much of what is extra was used: it goes first
  cycle_starts_at timestamptz,                       -- the cycle of what is extra, or which is longer
  expires_on date NOT NULL,                          -- the last day, which still counts
  reason text NOT NULL,
  staff_id uuid NOT NULL REFERENCES users,
  given_at timestamptz NOT NULL,
  taken_back_at timestamptz,                         -- since when it holds no more, whatever its last day
  PRIMARY KEY (business_id, id),
  CHECK ((kind = 'plan') = (plan_id IS NOT NULL)),
  CHECK ((kind IN ('limit', 'extra')) = (meter IS NOT NULL AND amount IS NOT NULL)),
  CHECK ((kind IN ('extra', 'cycle')) = (cycle_starts_at IS NOT NULL)),
  CHECK (spent BETWEEN 0 AND CASE kind WHEN 'extra' THEN amount ELSE 0 END)
);
CREATE INDEX plan_overrides_by_end ON plan_overrides (business_id, expires_on);

-- The paid plan that an owner asked for, where staff agree first: one at a time, gone once it is answered.
CREATE TABLE plan_requests (
  business_id uuid PRIMARY KEY REFERENCES businesses,
  plan_id uuid NOT NULL REFERENCES plans,
  asked_at timestamptz NOT NULL
);
CREATE INDEX plan_requests_by_age ON plan_requests (asked_at);

-- When each job of the worker last ran, to the minute, and how its last round ended.
CREATE TABLE worker_rounds (
  job text PRIMARY KEY,
  ran_at timestamptz NOT NULL,
  worked_at timestamptz,                             -- when it last ended well
  error text
);
