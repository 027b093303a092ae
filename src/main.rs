//! `subledger`: the commands. Each starts things and decides nothing.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use subledger::commands::{self, CommandError};

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the pages, and does the worker's work unless SUBLEDGER_WORKER=off
    Serve {
        /// Does not bring the schema up to date first
        #[arg(long)]
        no_migrate: bool,
        /// Loads the demo business first if the database is empty and the base URL is loopback
        #[arg(long)]
        demo: bool,
    },
    /// Does the background work: letters, plan periods, housekeeping
    Work {
        /// Does everything that is due, and exits
        #[arg(long)]
        once: bool,
    },
    /// Brings the schema of the database up to date
    Migrate,
    /// Loads the demo business, into an empty database only
    Demo,
    /// Whoever runs the installation
    #[command(subcommand)]
    Staff(Staff),
}

#[derive(Subcommand)]
enum Staff {
    /// Makes the person of this address a member of staff
    Add {
        /// Their e-mail address
        email: String,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve { no_migrate, demo } => commands::serve(!no_migrate, demo),
        Command::Work { once: true } => commands::work_once(),
        Command::Work { once: false } => commands::work(),
        Command::Migrate => commands::migrate(),
        Command::Demo => commands::load_demo(),
        Command::Staff(Staff::Add { email }) => commands::add_staff(&email),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

#[expect(clippy::print_stderr, reason = "the one sentence that says why the program stops")]
fn report(error: &CommandError) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}
