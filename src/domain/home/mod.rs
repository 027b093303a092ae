//! Home: what somebody should know first, by what they may see. It only reads, and never adds up currencies.

pub mod mine;
pub mod overview;
mod store;
