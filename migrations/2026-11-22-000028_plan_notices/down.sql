ALTER TABLE plan_subscriptions DROP COLUMN told_on_last_day, DROP COLUMN told_of_end;
ALTER TABLE notifications DROP COLUMN occasion;
