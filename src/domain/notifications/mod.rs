//! Notifications: what one member is told in their inbox, and whether a letter goes with it. Operations tell in their own
//! transaction. Nobody ever reads another one's, and what is about one's own safety cannot be turned off.

pub mod kind;
mod kinds;
pub mod notification;
pub mod preferences;

pub mod forget;
pub mod read;
pub mod tell;

pub mod inbox;
mod store;
