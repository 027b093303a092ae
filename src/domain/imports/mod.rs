//! Imports: a file is read, mapped and tried out before anything is written, and written in one transaction. The same
//! file twice changes nothing. An import never gives or ends a sign-in, and never empties a field.

pub mod commit;
pub mod dry_run;
mod facts;
pub mod forget;
pub mod import;
mod known_people;
pub mod list;
mod managers;
pub mod map;
pub mod people_file;
pub mod people_plan;
pub mod plan_people;
pub mod reading;
mod store;
pub mod undo;
mod undo_plan;
pub mod upload;
