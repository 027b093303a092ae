//! What every story stands on.

pub mod app;
pub mod browser;
pub mod cast;
pub mod database;
pub mod letters;
pub mod mailbox;
pub mod phone;
pub mod program;
pub mod smtp;

pub use app::TestApp;
pub use browser::{Browser, Shown};
pub use cast::Cast::{self, *};
pub use cast::INGRID;
pub use phone::Phone;
pub use program::Program;
