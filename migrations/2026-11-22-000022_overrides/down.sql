DROP TABLE worker_rounds;
DROP TABLE plan_requests;
DROP TABLE plan_overrides;
