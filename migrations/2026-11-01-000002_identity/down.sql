DROP TABLE verification_keys;
DROP TABLE sessions;
DROP TABLE users;
