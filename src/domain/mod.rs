//! Floor 2: what the product is about. One folder per feature, one file per verb; no HTTP, templates or mail here.

pub mod access;
pub mod api_keys;
pub mod audit;
pub mod businesses;
pub mod home;
pub mod identity;
pub mod imports;
pub mod letters;
pub mod licenses;
pub mod notifications;
pub mod plans;
pub mod renewals;
pub mod services;
pub mod subscriptions;
pub mod support;
pub mod team;
pub mod usage;
