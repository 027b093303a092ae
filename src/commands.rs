//! What each command does, from settings to a clean end.

use std::net::TcpListener;

use chrono::{NaiveDate, SecondsFormat};
use chrono_tz::Tz;
use tokio::sync::watch;

use crate::app::App;
use crate::config::{Config, ConfigError};
use crate::domain::access;
use crate::domain::audit::months;
use crate::domain::identity::password::Password;
use crate::domain::support::staff::{AddStaff, Added};
use crate::ground::{Ground, GroundError};
use crate::kernel::calendar::{self, Interval};
use crate::kernel::clock::Clock;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::migrations::MigrationError;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::{demo, http, worker};

/// Why a command stopped: one sentence.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Ground(#[from] GroundError),
    /// The schema.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The address to listen on.
    #[error("SUBLEDGER_ADDR {address} cannot be listened on: {source}. Stop what uses it, or choose another address.")]
    Address {
        /// The address.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The server or the run time.
    #[error("The server stopped: {0}")]
    Server(#[from] std::io::Error),
    /// The demo is for an empty database.
    #[error("Somebody has signed up on this installation already: the demo business goes into an empty database only.")]
    NotEmpty,
    /// The length of a cycle.
    #[error(transparent)]
    Interval(#[from] calendar::IntervalError),
    /// Something of ours.
    #[error("{}", .0.cause.as_deref().unwrap_or(&.0.message))]
    Refused(#[from] Refusal),
}

/// Migrates unless told not to, loads the demo when asked, serves until asked to stop.
pub fn serve(migrates: bool, demo: bool) -> Result<(), CommandError> {
    let config = Config::load()?;
    start_log(&config);
    let listener =
        TcpListener::bind(config.addr).map_err(|source| CommandError::Address { address: config.addr, source })?;
    let ground = Ground::find(&config)?;
    match migrates {
        true => drop(ground.migrate()?),
        false => ground.expect_current()?,
    }
    let app = App::build(config, ground.settings(), ground.secret(), clock(&ground))?;
    let served = actix_web::rt::System::new().block_on(serve_until_asked(app, listener, demo));
    ground.leave()?;
    served
}

async fn serve_until_asked(app: App, listener: TcpListener, demo: bool) -> Result<(), CommandError> {
    make_months(&app).await;
    if demo && app.config.base_url.is_loopback() {
        // The story moves the clock, so nothing is served while it is told.
        match demo::load(&app, None).await? {
            Some(demo) => say(&demo.to_string()),
            None => {
                if let Some(file) = demo::kept(&app) {
                    say(&format!("The demo sign-ins are in {}", file.display()));
                }
            }
        }
    }
    let (stop, stopping) = watch::channel(false);
    let works = app.config.worker;
    let worker = works.then(|| tokio::spawn(worker::run(app.clone(), stopping)));
    say(&format!("Subledger listens on {}", app.config.base_url));
    let server = http::serve(app, listener)?;
    let handle = server.handle();
    let server = tokio::spawn(server);
    asked_to_stop().await;
    handle.stop(true).await;
    // A receiver that is gone means that the worker has stopped already.
    let _ = stop.send(true);
    if let Some(worker) = worker {
        worker.await.map_err(std::io::Error::other)?;
    }
    Ok(server.await.map_err(std::io::Error::other)??)
}

/// After a long standstill the first entry would come before the worker has made its month, and lie in none.
async fn make_months(app: &App) {
    if let Err(refusal) = months::keep_ahead(&app.db, &access::for_rounds()).await {
        tracing::warn!(
            cause = refusal.cause,
            "the months of the audit trail could not be made; the worker tries again"
        );
    }
}

/// Works until asked to stop.
pub fn work() -> Result<(), CommandError> {
    with_app(|app| async move {
        let (stop, stopping) = watch::channel(false);
        let worker = tokio::spawn(worker::run(app, stopping));
        asked_to_stop().await;
        let _ = stop.send(true);
        worker.await.map_err(std::io::Error::other)?;
        Ok(())
    })
}

/// Does everything that is due.
pub fn work_once() -> Result<(), CommandError> {
    with_app(|app| async move { Ok(worker::until_idle(&app).await?) })
}

/// Loads the demo business, and a large installation of this size around it, into an empty database only, which
/// may lack its tables too.
pub fn load_demo(size: Option<demo::Size>) -> Result<(), CommandError> {
    with_app_on(
        |ground| ground.migrate().map(drop),
        |app| async move {
            let loaded = demo::load(&app, size).await?;
            let demo = loaded.ok_or(CommandError::NotEmpty)?;
            say(&demo.to_string());
            Ok(())
        },
    )
}

/// Makes the person of this address a member of staff, and says how they get in.
pub fn add_staff(email: &str) -> Result<(), CommandError> {
    let email = EmailAddress::parse(email)?;
    with_app(|app| async move {
        say(&make_staff(&app, email).await?);
        Ok(())
    })
}

/// As [`add_staff`], on a program that is put together already.
pub async fn make_staff(app: &App, email: EmailAddress) -> Result<String, Refusal> {
    // A password that nobody knows: whoever is new chooses their own.
    let nobodys = Password::parse(&Key::random().to_text(), &[])?;
    let locked_hash = app.passwords.hash(nobodys).await?;
    let address = email.as_str().to_owned();
    let added = app.db.perform(&access::for_installation(), AddStaff { email, locked_hash }).await?;
    Ok(match added {
        Added::WithKey(key) => {
            let link = app.config.base_url.join(&format!("/activate?key={}", key.to_text()));
            format!(
                "{address} is on the staff. This link lets them choose a name and a password. It is shown this once, and works once and for 7 days:\n{link}"
            )
        }
        Added::Known => format!("{address} is on the staff now, and signs in with the account there was already."),
        Added::Already => format!("{address} was on the staff already; nothing was changed."),
    })
}

/// Prints boundaries of a cycle, one to a line: number, local date, UTC instant of its midnight.
pub fn cycles(anchor: NaiveDate, every: Interval, (from, to): (i64, i64), zone: Tz) -> Result<(), CommandError> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    for (n, date, instant) in calendar::cycles(anchor, every, from, to, Some(zone)) {
        let instant = instant.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default();
        writeln!(out, "{n},{date},{instant}")?;
    }
    Ok(())
}

/// Brings the schema up to date.
pub fn migrate() -> Result<(), CommandError> {
    let config = Config::load()?;
    start_log(&config);
    let ground = Ground::find(&config)?;
    let ran = ground.migrate()?;
    say(&format!("{ran} migrations were run; the schema is up to date."));
    Ok(ground.leave()?)
}

fn with_app<F: Future<Output = Result<(), CommandError>>>(run: impl FnOnce(App) -> F) -> Result<(), CommandError> {
    with_app_on(Ground::expect_current, run)
}

fn with_app_on<F: Future<Output = Result<(), CommandError>>>(
    prepare: impl FnOnce(&Ground) -> Result<(), MigrationError>,
    run: impl FnOnce(App) -> F,
) -> Result<(), CommandError> {
    let config = Config::load()?;
    start_log(&config);
    let ground = Ground::find(&config)?;
    prepare(&ground)?;
    let app = App::build(config, ground.settings(), ground.secret(), clock(&ground))?;
    let done = actix_web::rt::System::new().block_on(run(app));
    ground.leave()?;
    done
}

fn clock(ground: &Ground) -> Clock {
    Clock::with_offset(ground.clock_offset())
}

async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate => {}
    }
}

fn start_log(config: &Config) {
    use std::io::IsTerminal;
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).unwrap_or_default();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start within one process (a test) keeps the first log.
    let _ = match std::io::stderr().is_terminal() {
        true => log.compact().try_init(),
        false => log.json().try_init(),
    };
}

#[expect(clippy::print_stdout, reason = "what a command says to whoever started it")]
fn say(line: &str) {
    println!("{line}");
}
