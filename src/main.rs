//! `subledger`: the commands. Each starts things and decides nothing.

use std::process::ExitCode;

use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand};

use subledger::commands::{self, CommandError};
use subledger::demo::Size;
use subledger::kernel::calendar::Interval;

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
    Demo(Large),
    /// Whoever runs the installation
    #[command(subcommand)]
    Staff(Staff),
    /// Prints boundaries of a cycle: number, local date, UTC instant
    #[command(allow_negative_numbers = true)]
    Cycles(Cycles),
}

#[derive(Args)]
struct Cycles {
    /// The day from which boundaries are counted, such as 2026-01-31
    #[arg(long)]
    anchor: NaiveDate,
    /// day, week, month, quarter or year
    #[arg(long)]
    unit: String,
    /// How many units a cycle has
    #[arg(long, default_value_t = 1)]
    count: u32,
    /// The first boundary; the anchor is 0
    #[arg(long)]
    from: i64,
    /// The last boundary
    #[arg(long)]
    to: i64,
    /// The time zone in which days begin
    #[arg(long, default_value = "UTC")]
    zone: Tz,
}

impl Cycles {
    fn print(self) -> Result<(), CommandError> {
        let every = Interval::parse(&self.unit, self.count)?;
        commands::cycles(self.anchor, every, (self.from, self.to), self.zone)
    }
}

/// How much stands beside the demo business, to try a large installation
#[derive(Args)]
struct Large {
    /// So many businesses more, each with 50 people
    #[arg(long)]
    businesses: Option<u32>,
    /// So many subscriptions, evenly over them; 40 each when left out
    #[arg(long, requires = "businesses")]
    subscriptions: Option<u32>,
    /// So many licenses with their holders; 5,000 of them on one subscription; none when left out
    #[arg(long, requires = "businesses")]
    licenses: Option<u32>,
    /// So many entries of the audit trail; none when left out
    #[arg(long, requires = "businesses")]
    audit: Option<u32>,
}

impl Large {
    fn size(&self) -> Option<Size> {
        let businesses = self.businesses?;
        Some(Size {
            businesses,
            subscriptions: self.subscriptions.unwrap_or_else(|| businesses.saturating_mul(40)),
            licenses: self.licenses.unwrap_or(0),
            audit: self.audit.unwrap_or(0),
        })
    }
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
        Command::Demo(large) => commands::load_demo(large.size()),
        Command::Staff(Staff::Add { email }) => commands::add_staff(&email),
        Command::Cycles(cycles) => cycles.print(),
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
