-- A file of seats may name people who are not in People. Whoever imports it chooses whether they are added.
ALTER TABLE imports ADD COLUMN adds_people boolean NOT NULL DEFAULT false;
