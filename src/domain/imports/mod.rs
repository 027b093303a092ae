//! Imports: a file is read, mapped and tried out before anything is written, and written in one transaction; a long one by
//! the worker, for whoever started it. The same file twice changes nothing. An import never gives or ends a sign-in, never
//! empties a field, and goes through the same rules as a form. What differs between people, subscriptions and seats is
//! named in `kind.rs` only.

pub mod kind;

pub mod choices;
pub mod columns;
pub mod fields;
pub mod import;
pub mod reading;
pub mod row;

pub mod commit;
pub mod dry_run;
mod facts;
pub mod forget;
pub mod list;
pub mod map;
pub mod started;
mod store;
pub mod undo;
pub mod upload;

mod known_people;
mod managers;
mod newcomer;
mod people_commit;
pub mod people_file;
pub mod people_plan;
mod people_rows;
mod people_undo;
pub mod plan_people;
mod undo_plan;

mod licenses;
mod subscriptions;
