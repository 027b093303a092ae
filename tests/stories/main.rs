//! The stories: the user's manual, told through the front door of a real server on a real PostgreSQL.

mod support;

mod licenses;
mod outage;
mod plans;
mod signing_in;
mod signing_up;
mod subscription_changes;
mod subscriptions;
