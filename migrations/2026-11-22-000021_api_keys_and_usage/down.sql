DROP TABLE usage_counters;
DROP TABLE api_keys;
