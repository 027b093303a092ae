//! The HTML door: each page is a struct named after what it shows, beside its handler; templates only print.

pub mod answer;
pub mod businesses;
pub mod form;
pub mod home;
mod import;
mod import_forms;
mod import_rows;
pub mod imports;
pub mod landing;
pub mod page;
pub mod refusal;
pub mod shell;
pub mod sign_in;
pub mod sign_up;
pub mod upload;
pub mod verify;
pub mod views;
