ALTER TABLE users DROP COLUMN shortcuts, DROP COLUMN theme;
