//! Support: the people who run the installation, and how one of them steps into a business. They act for the business
//! and sign with their own name; never in secret, never as somebody in it, never for longer than was said, and never
//! where an owner refuses it.

pub mod answer_plan;
pub mod begin;
pub mod carry_out;
pub mod console;
pub mod end;
pub mod facts;
pub mod give;
pub mod letters;
pub mod overdue;
pub mod recover;
pub mod recovery;
pub mod resend;
pub mod session;
pub mod sessions;
pub mod show;
pub mod staff;
pub mod stop;
pub mod store;
pub mod suspend;
pub mod take_back;
pub mod worker;
