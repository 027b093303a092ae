//! The audit trail, read: searched, one entry at a time, as a file; the notes that people add to it; and the months its
//! table is made of. It never changes or removes an entry, and writes none but the facts of its own.

pub mod entry;
pub mod export;
pub mod latest;
pub mod months;
pub mod note;
pub mod one;
pub mod search;
mod store;
pub mod words;
