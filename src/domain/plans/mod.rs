//! Plans: what the installation sells, a business's one subscription to it, its cycles and its limits. No money is
//! collected: a period records what is due.

mod choice_store;
pub mod choose;
mod decide;
pub mod fact;
pub mod give;
pub mod limits;
pub mod notice;
pub mod offers;
mod override_store;
pub mod overrides;
pub mod overview;
mod period_store;
pub mod plan;
pub mod plan_subscription;
pub mod quote;
pub mod remind;
mod reminder_store;
pub mod renew;
pub mod renewal_store;
mod request_store;
pub mod requests;
pub mod store;
mod version_store;
pub mod versions;
