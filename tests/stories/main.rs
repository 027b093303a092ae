//! The stories: the user's manual, told through the front door of a real server on a real PostgreSQL.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as told"
)]

mod support;

mod api_keys;
mod audit;
mod business;
mod choosing;
mod closing;
mod ended_sessions;
mod every_route;
mod exports;
mod fifty_at_once;
mod front_doors;
mod import_batches;
mod import_files;
mod import_floods;
mod import_rules;
mod imports;
mod imports_in_the_background;
mod imports_licenses;
mod imports_newcomers;
mod imports_subscriptions;
mod invitation_limits;
mod invitations;
mod joining;
mod large;
mod leaving;
mod letters;
mod licenses;
mod logs;
mod look;
mod never_again;
mod notifications;
mod outage;
mod passwords;
mod people;
mod people_seen;
mod plans;
mod profile;
mod proving;
mod reminders;
mod renewals;
mod resending;
mod security;
mod sending;
mod several_businesses;
mod sign_in_limits;
mod sign_up_modes;
mod signing_in;
mod signing_up;
mod slow_forms;
mod staff;
mod subscriptions;
mod team;
mod trail_is_append_only;
mod two_factor;
mod usage;
