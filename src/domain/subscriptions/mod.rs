//! Subscriptions: software the business pays for, its dates and prices. A civil date is counted from its anchor and
//! never from the last result; currencies are never added up; price and seats are read from price lines only.

pub mod subscription;

pub mod charge;
pub mod dates;
pub mod decision;
pub mod every;
pub mod fact;
pub mod notice;
pub mod price_line;
pub mod roll;
pub mod schedule;
pub mod text;

pub mod add;
pub mod change;
pub mod change_many;
pub mod keep_seats;
pub mod price;
pub mod reminders;
pub mod remove;
pub mod restore;
pub mod roll_forward;
pub mod surplus;

pub mod list;
pub mod show;
pub mod store;
