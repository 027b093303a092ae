//! Subledger: the place where a business keeps every SaaS subscription it pays for, every seat under it, who holds that
//! seat, what it costs, when it renews, and who changed what.
//!
//! # The house
//!
//! One crate, four floors, no circles. A floor imports only from floors below it; `tests/architecture.rs` holds it.
//!
//! ```text
//!  4  main ── app, config, postgres, demo        starts things, decides nothing
//!        │
//!  3  http ───────────┐      worker ──> mail      edges: translate, never decide
//!        │            │         │         │       http and worker never import each other;
//!        │            │         │         │       one page, /dev/mail, reads the folder of mail
//!        ▼            ▼         ▼         ▼
//!  2  domain/<feature>                            rules, operations, SQL
//!        │
//!        ▼
//!  1  kernel                                      ids, money, time, access, trail, database; knows no feature
//! ```
//!
//! Say the word, find the feature: `licenses` is `domain/licenses` (what a seat is and everything that can happen to
//! it; read this first), `http/pages/licenses.rs` (its pages), `templates/licenses`, `tests/stories/licenses.rs`. A
//! feature folder reads in the same order everywhere: `mod.rs`, the noun with its pure rules, one file per verb, then
//! `store.rs` with all its SQL.
//!
//! # What no handler can forget
//!
//! * **Tenant.** Without a [`kernel::work::Scope`] there is no connection, and every query of a store starts from its
//!   `visible`.
//! * **Permission.** Every operation and question names what it `NEEDS`; [`kernel::db::Db`] checks before it takes a
//!   connection.
//! * **Trail.** An operation ends in [`kernel::work::Audited`], which only recording makes; a change that was not
//!   recorded is rolled back.
//! * **Transaction.** Only [`kernel::db::Db`] opens one; questions run read-only.
//! * **Time.** [`kernel::clock::Clock`] is the only clock; SQL never asks for the time.
//! * **Once.** A form posted twice does its thing once: [`kernel::db::Db::perform_once`].
//!
//! # Where we left the plan, and why
//!
//! * The pools are ours on bare `r2d2` (`kernel/pool.rs`), without diesel's manager: a connection on which the database
//!   went away must leave the pool, and diesel's manager keeps it.
//! * Refusals are drawn as pages by one middleware (`http/pages/refusal.rs`): an error in actix has no request, and so
//!   neither nonce nor request id.
//! * `diesel` has 64 columns a table: a subscription has more than 32 facts of its own.
#![forbid(unsafe_code)]

pub mod kernel;

pub mod domain;

pub mod http;
pub mod mail;
pub mod worker;

pub mod app;
pub mod commands;
pub mod config;
pub mod demo;
pub mod ground;
pub mod postgres;
