//! One file per feature, one wording per letter.

mod identity;
