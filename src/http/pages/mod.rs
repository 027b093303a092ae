//! The HTML door: each page is a struct named after what it shows, beside its handler; templates only print.

pub mod answer;
pub mod businesses;
pub mod chart;
pub mod dev_mail;
pub mod form;
pub mod home;
pub mod invitations;
pub mod join;
pub mod landing;
pub mod licenses;
pub mod page;
pub mod people;
pub mod plan_views;
pub mod plans;
pub mod refusal;
pub mod shell;
pub mod sign_in;
pub mod sign_up;
pub mod team;
pub mod verify;
pub mod views;
