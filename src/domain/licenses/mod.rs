//! Licenses: the seats of a subscription and who holds them. A row exists for every seat ever held, not for empty
//! places. It never rewrites who held a seat when: an assignment is ended, and the next holder gets one of their own.

pub mod license;

pub mod error;
pub mod facts;
pub mod last_use;
pub mod letters;
pub mod license_key;
pub mod low;

pub mod assign;
pub mod assign_many;
pub mod expire;
pub mod extend;
pub mod from_file;
mod give;
mod held;
pub mod keys;
pub mod reassign;
pub mod record_use;
pub mod requests;
pub mod retire;
pub mod revoke;
pub mod taken_back;

pub mod all;
pub mod history;
pub mod list;
pub mod offer;
pub mod store;
