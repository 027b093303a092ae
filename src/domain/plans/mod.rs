//! Plans: what the installation sells, a business's one subscription to it, its cycles and its limits. No money is
//! collected: a period records what is due.

pub mod limits;
pub mod offers;
pub mod plan;
pub mod plan_subscription;
pub mod store;
