-- How many days before it reminders go out.
ALTER TABLE businesses
  ADD COLUMN cancel_by_steps integer[] NOT NULL DEFAULT '{60,30,15,1}',
  ADD COLUMN renewal_steps integer[] NOT NULL DEFAULT '{30,15,7}',
  ADD CONSTRAINT steps_are_days CHECK (
    1 <= ALL (cancel_by_steps) AND 365 >= ALL (cancel_by_steps) AND cardinality(cancel_by_steps) <= 10
    AND 1 <= ALL (renewal_steps) AND 365 >= ALL (renewal_steps) AND cardinality(renewal_steps) <= 10);

-- Which reminders went out, and which had their day while a more urgent one was due: each once.
CREATE TABLE renewal_reminders (
  business_id uuid NOT NULL REFERENCES businesses,
  subscription_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('cancel_by', 'undecided', 'renewal')),
  days integer NOT NULL CHECK (days >= 0),           -- how long before
  on_day date NOT NULL,                              -- which day
  state text NOT NULL CHECK (state IN ('sent', 'passed_over')),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (business_id, subscription_id, kind, days, on_day),
  FOREIGN KEY (business_id, subscription_id) REFERENCES subscriptions ON DELETE CASCADE
);
CREATE INDEX renewal_reminders_by_day ON renewal_reminders (on_day);

-- The next day on which a reminder may be due; none: nothing is; the earliest day of all: it was not looked at yet.
ALTER TABLE subscriptions ADD COLUMN remind_on date;
CREATE INDEX subscriptions_to_remind ON subscriptions (remind_on) WHERE remind_on IS NOT NULL AND removed_at IS NULL;

-- Whatever moves the dates of a subscription, by whichever door, its reminders are looked at anew.
CREATE FUNCTION reminders_follow_dates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.remind_on := CASE WHEN NEW.removed_at IS NULL AND NEW.status IN ('trial', 'active') AND NEW.renews_on IS NOT NULL
                        THEN '-infinity'::date END;
  RETURN NEW;
END $$;
CREATE TRIGGER reminders_follow_dates
  BEFORE INSERT OR UPDATE OF status, renews_on, cancel_by, auto_renew, removed_at ON subscriptions
  FOR EACH ROW EXECUTE FUNCTION reminders_follow_dates();
UPDATE subscriptions SET remind_on = '-infinity'
WHERE removed_at IS NULL AND status IN ('trial', 'active') AND renews_on IS NOT NULL;
