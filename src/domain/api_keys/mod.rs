//! API keys: how a program acts for a business. The text of a key is shown once, when it is made, and kept only as its
//! hash. A key for reporting usage is safe to leak: it writes numbers, and reads nothing.

pub mod api_key;
pub mod facts;
pub mod issue;
pub mod list;
pub mod note_use;
pub mod revoke;
pub mod store;
