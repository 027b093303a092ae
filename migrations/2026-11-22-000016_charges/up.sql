ALTER TABLE subscriptions
  ADD next_on date,                                  -- the day on which the worker has something to write; none: never again
  ADD fewer_seats integer CHECK (fewer_seats >= 0),  -- seats wanted from a renewal on, while more are held
  ADD fewer_from date,                               -- the first day of a renewal at which they may go
  ADD CHECK ((fewer_seats IS NULL) = (fewer_from IS NULL));

UPDATE subscriptions
SET next_on = CASE status WHEN 'trial' THEN coalesce(trial_ends_on + 1, renews_on) ELSE renews_on END
WHERE status IN ('trial', 'active');

CREATE INDEX subscriptions_due ON subscriptions (next_on, business_id, id)
  WHERE removed_at IS NULL AND next_on IS NOT NULL;
CREATE INDEX subscriptions_due_in_business ON subscriptions (business_id, next_on)
  WHERE removed_at IS NULL AND next_on IS NOT NULL;

-- Money due for one cycle, known by its start; written once.
CREATE TABLE charges (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  starts_on date NOT NULL,
  covers_to date,                                    -- the last day covered; none for a one-time purchase
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency char(3) NOT NULL,
  estimated boolean NOT NULL,                        -- of the past: counted from the price of today's entry
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, id),
  CONSTRAINT one_charge_per_cycle UNIQUE (business_id, subscription_id, starts_on),
  FOREIGN KEY (business_id, subscription_id) REFERENCES subscriptions,
  CHECK (covers_to >= starts_on)
);
CREATE INDEX charges_by_day ON charges (business_id, starts_on);

-- What somebody decided about one coming renewal.
CREATE TABLE renewal_decisions (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  subscription_id uuid NOT NULL,
  renews_on date NOT NULL,
  decision text NOT NULL CHECK (decision IN ('renew', 'resize', 'cancel')),
  seats integer CHECK (seats >= 0),                  -- for resize: seats from the renewal on
  note text NOT NULL,
  decided_by uuid,                                   -- the member; none for a program
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, id),
  CONSTRAINT one_decision_per_renewal UNIQUE (business_id, subscription_id, renews_on),
  FOREIGN KEY (business_id, subscription_id) REFERENCES subscriptions,
  FOREIGN KEY (business_id, decided_by) REFERENCES members,
  CHECK (decision <> 'resize' OR seats IS NOT NULL)
);
