//! Reminders: how many days before the last day to cancel, and before a renewal, whoever answers for a subscription is
//! told; and what they are told when nobody had decided. Each step once for each date, the most urgent one after an
//! outage. A reminder never decides anything.

pub mod ladder;
pub mod letters;
pub mod remind;
pub mod renewed;
