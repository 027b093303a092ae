//! Identity: people who can sign in, with one address and one password for all their businesses. It knows nothing of
//! businesses and never tells a stranger whether an address is known.

pub mod browser;
pub mod change_email;
pub mod change_password;
pub mod delete;
pub mod devices;
pub mod enrol;
mod facts;
pub mod known_browsers;
pub mod limits;
pub mod look;
pub mod manner;
pub mod notices;
pub mod password;
pub mod password_changed;
pub mod profile;
mod profile_store;
pub mod prove;
pub mod reset_password;
pub mod session_store;
pub mod sessions;
pub mod sign_in;
pub mod sign_in_code;
pub mod sign_out;
pub mod store;
pub mod two_factor;
pub mod two_factor_store;
pub mod user;
pub mod verify;
