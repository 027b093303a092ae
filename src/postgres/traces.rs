//! What a running server leaves in the system, and what a dead one leaves behind.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::PostgresError;
use super::sockets::Sockets;

/// Whether a server's processes run in a cluster.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Life {
    /// At least one does.
    Running,
    /// The system does not let us see.
    Unsure,
    /// None does.
    None,
}

/// Looks for processes of PostgreSQL that work in this cluster; without `/proc` nothing is sure.
pub(super) fn life_in(cluster: &Path) -> Life {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Life::Unsure;
    };
    if fs::read_link("/proc/self/cwd").is_err() {
        return Life::Unsure;
    }
    let mut life = Life::None;
    for process in processes.flatten().map(|entry| entry.path()) {
        let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
        if !name.starts_with("postgres") {
            continue;
        }
        match fs::read_link(process.join("cwd")) {
            Ok(directory) if directory == cluster => return Life::Running,
            // In a container, root may not look into the processes of other users.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => life = Life::Unsure,
            _ => {}
        }
    }
    life
}

/// Removes the traces of a server that is gone. PostgreSQL keeps them when their number is in use by another
/// program, as after a restart of the machine.
pub(super) fn remove_stale(cluster: &Path, sockets: &Sockets) -> Result<(), PostgresError> {
    for path in [cluster.join("postmaster.pid"), sockets.lock_file()] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(PostgresError::file("remove", &path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// One line of `postmaster.pid`: the first is the process, the fifth the directory of the socket.
pub(super) fn pid_file_line(cluster: &Path, number: usize) -> Option<String> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    let line = text.lines().nth(number)?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}
