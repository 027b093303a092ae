//! Team: people of a business, with or without a sign-in, and the invitations that give them one. It never changes a
//! user: a mailed link cannot set an existing person's password.

pub mod accept;
pub mod add;
pub mod change;
pub mod change_role;
pub mod choose;
pub mod deactivate;
pub mod everybody;
pub mod expire;
mod facts;
pub mod hand_over;
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
pub mod reactivate;
pub mod resend;
pub mod roster;
pub mod show;
mod standing;
pub mod store;
pub mod withdraw;
