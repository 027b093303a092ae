//! Services: vendors' products, as one business knows them. A service is found or made by its name; it is never priced
//! and never renews, that is what subscriptions to it do.

pub mod service;
pub mod store;
