DROP TABLE worker_failures;
DROP TABLE once_answers;
DROP TABLE letters;
