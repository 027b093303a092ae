//! One file per feature, one wording per letter.

mod businesses;
mod identity;
mod licenses;
mod plans;
mod renewals;
mod requests;
mod sign_in;
mod support;
mod team;
