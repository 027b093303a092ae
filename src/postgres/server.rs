//! The server itself: joining a running one, starting, waiting for it, recovering, stopping.

use std::fs::{self, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::PostgresError;
use super::error::last_words;
use super::find::Binaries;
use super::place::Place;
use super::sockets::Sockets;
use super::traces::{Life, life_in, pid_file_line, remove_stale};

/// How long a server that ends at once is started again: after a crash its last processes take a moment to go.
const PATIENCE_WITH_A_CRASH: Duration = Duration::from_secs(5);
/// How long another server of this cluster may take to answer or to end.
const PATIENCE_WITH_ANOTHER: Duration = Duration::from_secs(30);
/// How long a server may replay its log before it serves.
const PATIENCE_WITH_RECOVERY: Duration = Duration::from_secs(600);
/// How long a clean stop may take.
const PATIENCE_WITH_STOPPING: Duration = Duration::from_secs(60);
/// A log larger than this is begun anew at start.
const LARGEST_LOG: u64 = 10_000_000;

/// The running server of this cluster, if one answers.
pub(super) fn running(place: &Place) -> Option<Sockets> {
    let sockets = Sockets::named(pid_file_line(&place.cluster(), 4)?);
    sockets.answers_for(&place.cluster()).then_some(sockets)
}

/// Starts the server and waits until it serves.
pub(super) fn launch(place: &Place, binaries: &Binaries) -> Result<(Sockets, Option<Child>), PostgresError> {
    let cluster = place.cluster();
    let begun = Instant::now();
    loop {
        if let Some(sockets) = running(place) {
            return Ok((sockets, None));
        }
        let life = life_in(&cluster);
        if life != Life::Running {
            let sockets = Sockets::prepare(place)?;
            if life == Life::None {
                remove_stale(&cluster, &sockets)?;
            }
            let mut child = spawn(place, binaries, &sockets)?;
            if serves(&mut child, &sockets, place)? {
                return Ok((sockets, Some(child)));
            }
            if begun.elapsed() > PATIENCE_WITH_A_CRASH {
                return Err(did_not_start(place));
            }
        }
        if begun.elapsed() > PATIENCE_WITH_ANOTHER {
            return Err(PostgresError::DoesNotAnswer(cluster));
        }
        sleep(Duration::from_millis(200));
    }
}

/// Asks the server to end its sessions and stop, and waits until it has.
pub(super) fn stop(place: &Place, child: Option<&mut Child>) -> Result<(), PostgresError> {
    let cluster = place.cluster();
    let begun = Instant::now();
    let in_time = || begun.elapsed() < PATIENCE_WITH_STOPPING;
    let Some(child) = child else {
        // One that was left over by a program that is gone.
        if let (Some(_), Some(pid)) = (running(place), pid_file_line(&cluster, 0)) {
            interrupt(&pid)?;
        }
        while in_time() {
            if !cluster.join("postmaster.pid").exists() || life_in(&cluster) == Life::None {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        return Err(PostgresError::DidNotStop(cluster));
    };
    interrupt(&child.id().to_string())?;
    while in_time() {
        if has_ended(child, &cluster)? {
            return Ok(());
        }
        sleep(Duration::from_millis(20));
    }
    Err(PostgresError::DidNotStop(cluster))
}

fn spawn(place: &Place, binaries: &Binaries, sockets: &Sockets) -> Result<Child, PostgresError> {
    let postgres = binaries.postgres();
    let mut command = if dies_with_us(place) {
        let mut command = place.command(Path::new("setpriv"));
        command.args(["--pdeathsig", "INT", "--"]).arg(&postgres);
        command
    } else {
        place.command(&postgres)
    };
    command.arg("-D").arg(place.cluster()).args(["-c", "listen_addresses=", "-c", "port=5432"]);
    command.arg("-c").arg(sockets.setting());
    command.args(["-c", "unix_socket_permissions=0700", "-c", "logging_collector=off"]);
    command.args(["-c", "log_destination=stderr", "-c", "timezone=UTC", "-c", "log_timezone=UTC"]);
    let (out, err) = open_log(&place.log())?;
    // A group of its own: Ctrl-C in a terminal is for us, and we stop the server in order.
    command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
    command
        .spawn()
        .map_err(|error| PostgresError::Program { program: postgres.display().to_string(), reason: error.to_string() })
}

/// Waits until the server serves (true) or has ended (false).
fn serves(child: &mut Child, sockets: &Sockets, place: &Place) -> Result<bool, PostgresError> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE_WITH_RECOVERY {
        if sockets.answers_for(&place.cluster()) {
            return Ok(true);
        }
        if has_ended(child, &place.cluster())? {
            return Ok(false);
        }
        sleep(Duration::from_millis(30));
    }
    interrupt(&child.id().to_string())?;
    Err(did_not_start(place))
}

fn has_ended(child: &mut Child, cluster: &Path) -> Result<bool, PostgresError> {
    let state = child.try_wait().map_err(PostgresError::file("wait for the server of", cluster))?;
    Ok(state.is_some())
}

/// Whether `setpriv` is there and can tell the server to stop when we die.
fn dies_with_us(place: &Place) -> bool {
    let mut command = place.command(Path::new("setpriv"));
    command.args(["--pdeathsig", "INT", "--", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The shell's own `kill`, because small systems have no program of that name.
fn interrupt(pid: &str) -> Result<(), PostgresError> {
    let failed = |reason| PostgresError::Program { program: "kill".to_owned(), reason };
    let mut command = Command::new("/bin/sh");
    let output = command.args(["-c", "kill -INT \"$1\"", "sh", pid]).output();
    let output = output.map_err(|error| failed(error.to_string()))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(failed(last_words(&String::from_utf8_lossy(&output.stderr)))),
    }
}

fn open_log(path: &Path) -> Result<(fs::File, fs::File), PostgresError> {
    let failed = |error| PostgresError::file("open", path)(error);
    let is_large = fs::metadata(path).is_ok_and(|metadata| metadata.len() > LARGEST_LOG);
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    let log = options.open(path).map_err(failed)?;
    if is_large {
        log.set_len(0).map_err(failed)?;
    }
    let second = log.try_clone().map_err(failed)?;
    Ok((log, second))
}

fn did_not_start(place: &Place) -> PostgresError {
    let text = fs::read(place.log()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let fatal = text.lines().rev().find_map(|line| line.split_once("FATAL:"));
    let reason = fatal.map_or_else(|| last_words(&text), |(_, why)| last_words(why));
    PostgresError::DidNotStart { reason, log: place.log() }
}
