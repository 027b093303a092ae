DROP TABLE plan_periods;
DROP TABLE plan_subscriptions;
DROP TABLE plan_limits;
DROP TABLE plans;
DROP TABLE businesses;
