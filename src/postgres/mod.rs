//! The private PostgreSQL: a server of our own below the data directory, for installations that bring none.
//!
//! It listens on a unix socket in a private directory and nowhere else. It is found, made, started, reused,
//! recovered and stopped here; it is never tuned for speed at the price of safety, and never upgraded.

mod account;
mod error;
mod find;
mod place;
mod roles;
mod server;
mod sockets;
mod traces;

use std::fs::File;
use std::path::Path;
use std::process::Child;

pub use error::PostgresError;
use place::Place;
use sockets::Sockets;

/// A running PostgreSQL which belongs to one data directory.
#[derive(Debug)]
pub struct PrivatePostgres {
    place: Place,
    sockets: Sockets,
    child: Option<Child>,
    in_use: File,
}

impl PrivatePostgres {
    /// Starts the PostgreSQL of this data directory, or joins the one that is running there.
    ///
    /// Call it from the main thread: the server is told to stop when the thread that started it ends.
    pub fn start(data_dir: &Path) -> Result<Self, PostgresError> {
        let place = Place::prepare(data_dir)?;
        // Held until this function returns: two programs never make or start one cluster together.
        let _alone = place.lock_for_starting()?;
        let in_use = place.lock_for_use()?;

        let (sockets, child) = match server::running(&place) {
            Some(sockets) => (sockets, None),
            None => {
                let installed = find::installed()?;
                let binaries = find::choose(&installed, place.version()?)?;
                place.make_cluster(binaries)?;
                server::launch(&place, binaries)?
            }
        };
        let postgres = Self { place, sockets, child, in_use };
        roles::ensure(&postgres.sockets)?;
        Ok(postgres)
    }

    /// The address for the role that owns the database and migrates it.
    pub fn owner_url(&self) -> String {
        self.sockets.url(roles::OWNER, roles::DATABASE)
    }

    /// The address for the role that serves: no superuser, and bound by row-level security.
    pub fn application_url(&self) -> String {
        self.sockets.url(roles::APPLICATION, roles::DATABASE)
    }

    /// The directory that holds the cluster and the server's log.
    pub fn directory(&self) -> &Path {
        self.place.home()
    }

    /// Whether this call started the server, rather than joining a running one.
    pub fn was_started_here(&self) -> bool {
        self.child.is_some()
    }

    /// Stops the server cleanly once no other program uses it; one who only joined leaves it to the others.
    pub fn stop(mut self) -> Result<(), PostgresError> {
        if !self.place.is_last_user(&self.in_use)? {
            if self.child.is_none() {
                return Ok(());
            }
            // The server ends with the program that started it, so that one waits for the others.
            tracing::info!("another program still uses the private PostgreSQL: waiting for it to end");
            self.place.wait_for_other_users(&self.in_use)?;
        }
        server::stop(&self.place, self.child.as_mut())?;
        self.sockets.remove();
        Ok(())
    }
}
