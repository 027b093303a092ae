//! A database of its own for every story, copied from a template that is migrated and peopled once.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use subledger::kernel::migrations::migrate;

use super::cast;

/// One PostgreSQL database, dropped with the story.
pub struct Database {
    name: String,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    datname: String,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Database {
    pub fn create() -> Self {
        static TEMPLATE: OnceLock<String> = OnceLock::new();
        let template = TEMPLATE.get_or_init(make_template);
        Self::copy_of(template)
    }

    /// Without the cast: an installation on which nobody has signed up.
    pub fn empty() -> Self {
        let name = next_name();
        admin().batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        migrate(&owner_url(&name)).unwrap();
        Self { name }
    }

    fn copy_of(template: &str) -> Self {
        let name = next_name();
        admin().batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).unwrap();
        Self { name }
    }

    /// As the role that migrates.
    pub fn owner_url(&self) -> String {
        owner_url(&self.name)
    }

    /// As the role that serves.
    pub fn application_url(&self) -> String {
        owner_url(&self.name).replace("user=postgres", "user=subledger_test")
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = admin().batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn next_name() -> String {
    format!("story_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst))
}

fn server_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => url,
        Err(_) => {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/bin/test-db");
            let out = Command::new(script).output().unwrap();
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            String::from_utf8(out.stdout).unwrap().trim().to_owned()
        }
    })
}

fn owner_url(name: &str) -> String {
    server_url().replace(":///postgres?", &format!(":///{name}?"))
}

pub fn admin() -> PgConnection {
    PgConnection::establish(server_url()).unwrap()
}

/// Made under a lock as `…_making` and then renamed, so that it is complete when it exists.
fn make_template() -> String {
    let mut conn = admin();
    let name = template_name();
    conn.batch_execute("SELECT pg_advisory_lock(4421)").unwrap();
    sweep(&mut conn);
    if !exists(&mut conn, &name) {
        let making = format!("{name}_making");
        conn.batch_execute(&format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)")).unwrap();
        conn.batch_execute(&format!("CREATE DATABASE {making}")).unwrap();
        migrate(&owner_url(&making)).unwrap();
        conn.batch_execute(
            "DO $$ BEGIN CREATE ROLE subledger_test LOGIN IN ROLE subledger_app; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        )
        .unwrap();
        cast::enter(&owner_url(&making));
        conn.batch_execute(&format!("ALTER DATABASE {making} RENAME TO {name}")).unwrap();
    }
    conn.batch_execute("SELECT pg_advisory_unlock(4421)").unwrap();
    name
}

/// One name for each state of migrations and cast, and for each day, because the cast's plans begin today.
fn template_name() -> String {
    let mut hash = DefaultHasher::new();
    let mut folders: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().collect();
    folders.sort_by_key(|entry| entry.as_ref().unwrap().path());
    for folder in folders {
        std::fs::read(folder.unwrap().path().join("up.sql")).unwrap().hash(&mut hash);
    }
    include_str!("cast.rs").hash(&mut hash);
    chrono::Utc::now().date_naive().hash(&mut hash);
    format!("stories_{:x}", hash.finish())
}

/// Drops what stories that were killed have left behind.
fn sweep(conn: &mut PgConnection) {
    let left: Vec<Name> =
        diesel::sql_query("SELECT datname::text FROM pg_database WHERE datname LIKE 'story\\_%'").load(conn).unwrap();
    for Name { datname } in left {
        let process = datname.split('_').nth(1).unwrap_or_default().to_owned();
        if !std::path::Path::new(&format!("/proc/{process}")).exists() {
            let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {datname} WITH (FORCE)"));
        }
    }
}

fn exists(conn: &mut PgConnection, name: &str) -> bool {
    let found: Vec<Name> = diesel::sql_query("SELECT datname::text FROM pg_database WHERE datname = $1")
        .bind::<Text, _>(name)
        .load(conn)
        .unwrap();
    !found.is_empty()
}
