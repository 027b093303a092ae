//! Imports: a file is read, mapped and tried out before anything is written, and written in one transaction. The same
//! file twice changes nothing.

mod managers;
pub mod people_file;
pub mod people_plan;
pub mod plan_people;
pub mod reading;
