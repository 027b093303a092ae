ALTER TABLE imports DROP COLUMN adds_people;
