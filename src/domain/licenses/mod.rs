//! Licenses: the seats of a subscription and who holds them. A row exists for every seat ever held, not for empty
//! places. It never rewrites who held a seat when: an assignment is ended, and the next holder gets one of their own.

pub mod assign;
pub mod facts;
pub mod history;
pub mod license;
pub mod list;
pub mod record_use;
pub mod revoke;
pub mod store;
