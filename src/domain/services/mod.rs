//! Services: vendors' products, as one business knows them. A service is found or made by its name; it is never priced
//! and never renews, that is what subscriptions to it do. The catalogue only lends a new one its first facts.

pub mod service;

pub mod catalogue;
pub mod change;
pub mod show;

pub mod store;
