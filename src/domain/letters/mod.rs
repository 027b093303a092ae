//! Letters: what becomes of a letter between the transaction that wrote it and the mail server that took it. It never
//! writes one (that is `kernel/outbox`), words one or sends one.

pub mod claim;
pub mod letter;
pub mod settle;
mod store;
