-- What may be told once only, however often it comes about.
ALTER TABLE notifications ADD COLUMN occasion text;
CREATE UNIQUE INDEX notifications_once ON notifications (business_id, member_id, occasion) WHERE occasion IS NOT NULL;

-- Whether the owners were told that the plan ends, whatever way they want to be told.
ALTER TABLE plan_subscriptions
  ADD COLUMN told_of_end timestamptz,                        -- the end that they were last told of
  ADD COLUMN told_on_last_day boolean NOT NULL DEFAULT false; -- whether that was on its last day
