DROP TRIGGER reminders_follow_dates ON subscriptions;
DROP FUNCTION reminders_follow_dates();
DROP INDEX subscriptions_to_remind;
ALTER TABLE subscriptions DROP COLUMN remind_on;
DROP TABLE renewal_reminders;
ALTER TABLE businesses DROP CONSTRAINT steps_are_days, DROP COLUMN renewal_steps, DROP COLUMN cancel_by_steps;
