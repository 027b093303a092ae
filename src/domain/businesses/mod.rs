//! Businesses: the tenants. A business begins with its owner, its plan and its first entries, all at once; it never
//! reaches into another one.

pub mod business;
pub mod desk;
pub mod sign_up;
pub mod store;
