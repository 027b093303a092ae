//! Identity: people who can sign in, with one address and one password for all their businesses. It knows nothing of
//! businesses and never tells a stranger whether an address is known.

pub mod browser;
pub mod known_browsers;
pub mod limits;
pub mod password;
pub mod password_changed;
pub mod reset_password;
pub mod sessions;
pub mod sign_in;
pub mod sign_out;
pub mod store;
pub mod user;
pub mod verify;
