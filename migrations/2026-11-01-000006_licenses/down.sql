DROP TABLE assignments;
DROP TABLE licenses;
