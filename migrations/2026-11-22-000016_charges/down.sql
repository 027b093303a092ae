DROP TABLE renewal_decisions;
DROP TABLE charges;
DROP INDEX subscriptions_due_in_business;
DROP INDEX subscriptions_due;
ALTER TABLE subscriptions DROP fewer_from, DROP fewer_seats, DROP next_on;
