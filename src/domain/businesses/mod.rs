//! Businesses: the tenants. A business begins with its owner, its plan and its first entries, all at once, and ends
//! thirty days after an owner closed it; it never reaches into another one.

pub mod business;
pub mod change_settings;
pub mod close;
pub mod desk;
pub mod forget;
pub mod keep;
pub mod letters;
pub mod settings;
pub mod sign_up;
pub mod store;
