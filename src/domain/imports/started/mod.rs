//! Long files: started by whoever asked for it, imported by the worker in one transaction, as if they had waited for it.
//! One at a time in a business. What cannot be imported goes back to them with the reason; nothing is ever imported in
//! part, and nothing for somebody who may not import any more.

pub mod carry_out;
pub mod find;
pub mod progress;
pub mod put_back;
pub mod running;
pub(super) mod store;
mod tell;
