//! Subscriptions: software the business pays for, its dates and prices. A civil date is counted from its anchor and
//! never from the last result; currencies are never added up; price and seats are read from price lines only.

pub mod notice;
pub mod schedule;
pub mod store;
pub mod subscription;
