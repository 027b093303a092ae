DROP TABLE price_lines;
DROP TABLE subscriptions;
DROP TABLE services;
