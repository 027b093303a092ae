//! Team: people of a business, with or without a sign-in, and the invitations that give them one. It never changes a
//! user: a mailed link cannot set an existing person's password.

pub mod accept;
pub mod add;
pub mod change;
pub mod everybody;
pub mod expire;
mod facts;
pub mod invitation;
pub mod invite;
mod inviter;
pub mod leave;
pub mod letters;
pub mod link;
pub mod list;
pub mod member;
pub mod prefill;
pub mod rank;
pub mod resend;
pub mod roster;
pub mod show;
pub mod store;
pub mod withdraw;
