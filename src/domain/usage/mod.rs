//! Usage: what programs report, counted against the plan of the business in the cycle in which it arrives. It never
//! counts beyond the limit, however many report at once, and never waits for the worker.

pub mod count;
pub mod event;
mod store;
