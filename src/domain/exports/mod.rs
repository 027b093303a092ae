//! Exports: people, subscriptions and seats as files, a part at a time, so that memory stays flat. Their headers are the
//! fields of an import, which reads them back without a change. A license key is never in one.

pub mod licenses;
pub mod part;
pub mod people;
mod store;
pub mod subscriptions;
pub mod taken;
