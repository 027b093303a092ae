//! The stories: the user's manual, told through the front door of a real server on a real PostgreSQL.

mod support;

mod import_files;
mod imports;
mod outage;
mod signing_in;
mod signing_up;
