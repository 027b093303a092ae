//! The product as it runs: real server, real database, letters as files, the clock in hand.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use subledger::app::App;
use subledger::config::Config;
use subledger::domain::access;
use subledger::domain::plans::remind::RemindOfEnds;
use subledger::kernel::clock::Clock;
use subledger::kernel::db::DbSettings;
use subledger::kernel::secret::{Key, Purpose};
use subledger::{http, worker};

use super::browser::{Browser, Shown};
use super::cast::{Cast, PASSWORD};
use super::database::Database;

/// What seals what is kept secret.
pub const SECRET: &str = "c3Rvcmllcy1rZWVwLXRoaXMtc2VjcmV0LWZvci10ZXM=";
/// A machine that runs many stories at once is slow without being broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// One installation for one story.
pub struct TestApp {
    pub app: App,
    pub clock: Clock,
    pub url: String,
    pub data: PathBuf,
    pub database: Database,
    server: ServerHandle,
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    sentence: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    uuid: uuid::Uuid,
}

impl TestApp {
    /// With the cast, default settings.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// With the cast, and these settings on top.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_on(Database::create(), settings).await
    }

    /// On an installation where nobody has signed up yet.
    pub async fn start_empty(settings: &[(&str, &str)]) -> Self {
        Self::start_on(Database::empty(), settings).await
    }

    /// With the cast, and told within seconds when the database is away.
    pub async fn start_impatient() -> Self {
        Self::start_within(Database::create(), &[], Duration::from_secs(5), |_| {}).await
    }

    /// With the cast, and with what the product takes for given made otherwise.
    pub async fn start_tuned(tune: impl FnOnce(&mut App)) -> Self {
        Self::start_within(Database::create(), &[], PATIENCE, tune).await
    }

    /// The program as it is installed, for the same installation.
    pub fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_subledger"));
        program
            .env("DATABASE_URL", self.database.application_url())
            .env("SUBLEDGER_SECRET", SECRET)
            .env("SUBLEDGER_DATA", &self.data);
        program
    }

    async fn start_on(database: Database, settings: &[(&str, &str)]) -> Self {
        Self::start_within(database, settings, PATIENCE, |_| {}).await
    }

    async fn start_within(
        database: Database,
        settings: &[(&str, &str)],
        connecting: Duration,
        tune: impl FnOnce(&mut App),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let data = std::env::temp_dir().join(format!("subledger-{}", database.name()));
        let own = [
            ("DATABASE_URL", database.application_url()),
            ("SUBLEDGER_SECRET", SECRET.to_owned()),
            ("SUBLEDGER_DATA", data.to_string_lossy().into_owned()),
            ("SUBLEDGER_ADDR", address.clone()),
        ];
        let config = Config::from_env(|name| {
            let given = settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            given.or_else(|| own.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone()))
        })
        .unwrap();
        let clock = Clock::default();
        let url = database.application_url();
        let db = DbSettings { url, read_url: None, connections: 6, patience: PATIENCE, connecting };
        let secret = *config.secret.as_ref().unwrap().expose();
        let mut app = App::build(config, &db, secret, clock.clone()).unwrap();
        tune(&mut app);
        let server = http::serve(app.clone(), listener).unwrap();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { app, clock, url: format!("http://{address}"), data, database, server: handle }
    }

    /// A browser in which nobody is signed in.
    pub fn visitor(&self) -> Browser {
        Browser::at(&self.url)
    }

    /// A browser in which this person has signed in on the page; they use it every day, so no letter tells of it.
    pub async fn sign_in(&self, person: Cast) -> Browser {
        let mut browser = self.known_browser(person);
        let answer = browser.post("/login", &[("email", person.email()), ("password", PASSWORD)]).await;
        match person {
            Cast::Sam => self.type_code(&browser, person, &answer).await,
            _ => drop(answer.goes_to("/")),
        }
        browser.business = (person != Cast::Sam).then(|| person.business_id());
        browser
    }

    /// Whoever runs the installation signs in with a code as well: here of an app that was set up a moment ago.
    async fn type_code(&self, browser: &Browser, person: Cast, asked: &Shown) {
        if asked.location() == "/" {
            return;
        }
        asked.goes_to("/login/code");
        let (secret, user): (_, uuid::Uuid) = (totp_rs::Secret::generate(), person.user_uuid().parse().unwrap());
        let sealed = self.app.keyring.seal(Purpose::TwoFactor, user.as_bytes(), secret.as_bytes()).unwrap();
        let hex: String = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
        self.sql(&format!("UPDATE users SET totp_sealed = '\\x{hex}', totp_last_step = NULL WHERE id = '{user}'"));
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        let code = totp.generate(u64::try_from(self.clock.now().timestamp()).unwrap()).to_string();
        browser.post("/login/code", &[("code", &code)]).await.goes_to("/");
    }

    /// A browser that this person has signed in with before.
    pub fn known_browser(&self, person: Cast) -> Browser {
        let (browser, key) = (self.visitor(), Key::random());
        browser.keep_cookie("subledger-browser", &key.to_text());
        let hash: String = key.hash().iter().map(|byte| format!("{byte:02x}")).collect();
        let (user, now) = (person.user_uuid(), self.clock.now());
        let until = now + chrono::TimeDelta::days(180);
        self.sql(&format!("INSERT INTO devices VALUES ('\\x{hash}', '{user}', '{now}', '{until}')"));
        browser
    }

    /// Moves the clock.
    pub fn days_pass(&self, days: i64) {
        self.clock.advance(chrono::TimeDelta::days(days));
    }

    /// Moves the clock to this instant.
    pub fn time_is(&self, instant: &str) {
        let instant: chrono::DateTime<chrono::Utc> = instant.parse().unwrap();
        self.clock.advance(instant - self.clock.now());
    }

    /// Runs the worker until nothing is due.
    pub async fn work_until_idle(&self) {
        worker::until_idle(&self.app).await.unwrap();
    }

    /// Tells of plans that end soon; the letters stay in the outbox, so that they can be looked at.
    pub async fn remind_of_ends(&self) {
        let rounds = access::for_rounds();
        while self.app.db.sweep(&rounds, RemindOfEnds { batch: 1 }).await.unwrap() > 0 {}
    }

    /// As the role that migrates, for looking at rows and for what no page can do.
    pub fn owner(&self) -> PgConnection {
        PgConnection::establish(&self.database.owner_url()).unwrap()
    }

    /// The number that a statement `SELECT … AS number` finds.
    pub fn number(&self, sql: &str) -> i64 {
        diesel::sql_query(sql).get_result::<Number>(&mut self.owner()).unwrap().number
    }

    /// The text that a statement `SELECT … AS text` finds.
    pub fn text(&self, sql: &str) -> String {
        diesel::sql_query(sql).get_result::<Word>(&mut self.owner()).unwrap().text
    }

    /// What every table holds, as one text: the same as before when nothing was changed. Sessions, counts of attempts
    /// and answers kept for a second click are left out, and so are refusals on the trail.
    pub fn fingerprint(&self) -> String {
        let mut conn = self.owner();
        let tables: Vec<Word> = diesel::sql_query(
            "SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public'
             AND tablename NOT IN ('sessions', 'attempts', 'devices', 'once_answers') AND tablename NOT LIKE 'audit_entries_%'",
        )
        .load(&mut conn)
        .unwrap();
        let sums = tables.iter().map(|Word { text: table }| {
            let what = if table == "audit_entries" { "WHERE outcome = 'done'" } else { "" };
            // When somebody was last seen is no change.
            let row = "(to_jsonb(t) - 'last_seen_at')::text";
            format!("SELECT '{table} ' || md5(string_agg({row}, '|' ORDER BY {row})) AS line FROM {table} t {what}")
        });
        let sums = sums.collect::<Vec<String>>().join(" UNION ALL ");
        let whole = format!("SELECT string_agg(line, E'\n' ORDER BY line) AS text FROM ({sums}) AS sums");
        diesel::sql_query(whole).get_result::<Word>(&mut conn).unwrap().text
    }

    /// The id that a statement `SELECT … AS uuid` finds.
    pub fn uuid(&self, sql: &str) -> uuid::Uuid {
        diesel::sql_query(sql).get_result::<Id>(&mut self.owner()).unwrap().uuid
    }

    /// Runs a statement as the owner.
    pub fn sql(&self, sql: &str) {
        diesel::sql_query(sql).execute(&mut self.owner()).unwrap();
    }

    /// The trail of this person's business, oldest first, as sentences: "Adam Adler gave …".
    pub fn trail(&self, of: Cast) -> Vec<String> {
        let sql = format!(
            "SELECT coalesce(m.name, u.name, e.actor_kind) || ' ' || e.said AS sentence FROM audit_entries e
             LEFT JOIN members m ON m.business_id = e.business_id AND m.id = e.actor_member_id
             LEFT JOIN users u ON u.id = e.actor_other_id
             WHERE e.business_id = '{}' ORDER BY e.id",
            of.business_uuid()
        );
        diesel::sql_query(sql).load::<Said>(&mut self.owner()).unwrap().into_iter().map(|said| said.sentence).collect()
    }

    /// The same without sign-ins: what was done.
    pub fn acts(&self, of: Cast) -> Vec<String> {
        self.trail(of).into_iter().filter(|said| !said.ends_with("signed in")).collect()
    }

    /// Asserts that the trail of this person's business holds the sentence exactly once.
    pub fn trail_holds(&self, of: Cast, sentence: &str) {
        let trail = self.trail(of);
        let count = trail.iter().filter(|said| said.as_str() == sentence).count();
        assert_eq!(count, 1, "{sentence:?} in {trail:#?}");
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The database is dropped by force right after; the server needs no grace.
        drop(self.server.stop(false));
        let _ = std::fs::remove_dir_all(&self.data);
    }
}
