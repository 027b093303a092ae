//! Team: people of a business, with or without a sign-in, and the invitations that give them one. It never changes a
//! user: a mailed link cannot set an existing person's password.

pub mod everybody;
pub mod member;
pub mod store;
