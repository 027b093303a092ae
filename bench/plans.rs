//! How fast plans are renewed and usage is counted, each as a part of what PostgreSQL does alone with one hand-written
//! statement, in turns on one machine in one run.
//!
//! `cargo bench --bench plans -- [businesses] [seconds] [rounds]`

#![allow(
    missing_docs,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a measurement stops at the first thing that is not as told"
)]

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Timestamptz};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use subledger::app::App;
use subledger::config::Config;
use subledger::domain::access;
use subledger::domain::api_keys::api_key;
use subledger::domain::audit::months;
use subledger::domain::plans::renew::RenewDue;
use subledger::http;
use subledger::kernel::clock::Clock;
use subledger::kernel::db::DbSettings;
use subledger::kernel::due;
use subledger::kernel::secret::Key;
use subledger::postgres::PrivatePostgres;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SECRET: &str = "YmVuY2hlcy1rZWVwLXRoaXMtc2VjcmV0LWZvci10ZXM=";
const CLIENTS: usize = 8;
/// Each sends no more than its share of requests.
const KEYS: usize = 400;
const BUSINESS: &str = "0190aaaa-0000-7000-8000-000000000001";

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let of = |place: usize, otherwise| numbers.get(place).copied().unwrap_or(otherwise);
    let (businesses, seconds, rounds) = (of(0, 100_000), of(1, 10), of(2, 3));
    let data = std::env::temp_dir().join(format!("subledger-bench-{}", std::process::id()));
    std::fs::create_dir(&data).unwrap();
    let postgres = PrivatePostgres::start(&data).unwrap();
    subledger::kernel::migrations::migrate(&postgres.owner_url()).unwrap();
    actix_web::rt::System::new().block_on(async {
        let house = House::open(&postgres, data.clone());
        months::keep_ahead(&house.app.db, &access::for_rounds()).await.unwrap();
        house.sweep(businesses, rounds).await;
        house.usage(seconds, rounds).await;
    });
    postgres.stop().unwrap();
    let _ = std::fs::remove_dir_all(&data);
}

/// One installation on a database of its own.
struct House {
    app: App,
    owner_url: String,
    address: SocketAddr,
}

impl House {
    fn open(postgres: &PrivatePostgres, data: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let url = postgres.application_url();
        let config = Config::from_env(|name| match name {
            "DATABASE_URL" => Some(url.clone()),
            "SUBLEDGER_SECRET" => Some(SECRET.to_owned()),
            "SUBLEDGER_DATA" => Some(data.to_string_lossy().into_owned()),
            "SUBLEDGER_ADDR" => Some(address.to_string()),
            _ => None,
        })
        .unwrap();
        let patience = Duration::from_secs(60);
        let db = DbSettings { url, read_url: None, connections: 8, patience, connecting: patience };
        let secret = *config.secret.as_ref().unwrap().expose();
        let app = App::build(config, &db, secret, Clock::default()).unwrap();
        let server = http::serve(app.clone(), listener).unwrap();
        actix_web::rt::spawn(server);
        Self { app, owner_url: postgres.owner_url(), address }
    }

    fn owner(&self) -> PgConnection {
        PgConnection::establish(&self.owner_url).unwrap()
    }

    async fn sweep(&self, businesses: u64, rounds: u64) {
        let mut owner = self.owner();
        owner.batch_execute(include_str!("renew.sql")).unwrap();
        owner.batch_execute(&fill(businesses)).unwrap();
        let mut ratios = Vec::new();
        for round in 1..=rounds {
            fall_due(&mut owner);
            let begun = Instant::now();
            let now = self.app.db.clock().now();
            let mut batch = || {
                let asked = diesel::sql_query("SELECT renew_batch($1, 1000) AS number").bind::<Timestamptz, _>(now);
                asked.get_result::<Number>(&mut owner).unwrap().number
            };
            while batch() > 0 {}
            let sql = begun.elapsed();
            assert_eq!(written(&mut owner), businesses);

            fall_due(&mut owner);
            let begun = Instant::now();
            while due::run(&self.app.db, &access::for_rounds(), RenewDue).await.unwrap() > 0 {}
            let ours = begun.elapsed();
            assert_eq!(written(&mut owner), businesses);
            let rate = |took: Duration| businesses as f64 / took.as_secs_f64();
            let ratio = sql.as_secs_f64() / ours.as_secs_f64();
            println!("sweep {round}: SQL {:.0}/s, ours {:.0}/s, ratio {ratio:.2}", rate(sql), rate(ours));
            ratios.push(ratio);
        }
        println!("sweep of {businesses} due periods: ratio {:.2} (median of {rounds})", median(ratios));
    }

    async fn usage(&self, seconds: u64, rounds: u64) {
        let mut owner = self.owner();
        let keys: Vec<Key> = (0..KEYS).map(|_| Key::random()).collect();
        owner.batch_execute(&people(&keys)).unwrap();
        let texts: Vec<String> = keys.iter().map(api_key::to_text).collect();
        // The counter is there before anything is measured.
        self.calls(&texts, Duration::from_millis(300)).await;
        let mut ratios = Vec::new();
        for round in 1..=rounds {
            // The limits of the keys are per minute: what was sent before does not stop what is sent now.
            owner.batch_execute("TRUNCATE attempts").unwrap();
            let ours = self.calls(&texts, Duration::from_secs(seconds)).await;
            let alone = self.pgbench(seconds);
            println!("usage {round}: pgbench {alone:.0}/s, ours {ours:.0}/s, ratio {:.2}", ours / alone);
            ratios.push(ours / alone);
        }
        println!("usage calls of {CLIENTS} clients: ratio {:.2} (median of {rounds})", median(ratios));
    }

    /// Calls a second.
    async fn calls(&self, keys: &[String], time: Duration) -> f64 {
        let (done, begun) = (AtomicUsize::new(0), Instant::now());
        let client = |nth: usize| {
            let (done, begun) = (&done, &begun);
            async move {
                let mut line = TcpStream::connect(self.address).await.unwrap();
                line.set_nodelay(true).unwrap();
                let mut key = nth;
                while begun.elapsed() < time {
                    call(&mut line, self.address, &keys[key % keys.len()]).await;
                    key += CLIENTS;
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
        };
        futures_util::future::join_all((0..CLIENTS).map(client)).await;
        done.into_inner() as f64 / begun.elapsed().as_secs_f64()
    }

    /// The same conditional update a second, with nothing around it.
    fn pgbench(&self, seconds: u64) -> f64 {
        let script = self.app.config.data.join("usage.sql");
        std::fs::write(
            &script,
            format!(
                "UPDATE usage_counters SET used = used + 1 WHERE business_id = '{BUSINESS}' AND meter = 'usage_events'
                   AND cycle_starts_at = (SELECT cycle_starts_at FROM plan_subscriptions WHERE business_id = '{BUSINESS}')
                   AND used + 1 <= 1000000000 RETURNING used;\n"
            )
            .replace('\n', " "),
        )
        .unwrap();
        let output = Command::new(program("pgbench"))
            .args(["-n", "-M", "prepared", "-c", &CLIENTS.to_string(), "-j", "2", "-T", &seconds.to_string(), "-f"])
            .arg(&script)
            .arg(&self.owner_url)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let tps = told.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
        tps.unwrap_or_else(|| panic!("{told} {}", String::from_utf8_lossy(&output.stderr)))
    }
}

async fn call(line: &mut TcpStream, address: SocketAddr, key: &str) {
    let body = r#"{"member":"due1@due.example","service":"Figma"}"#;
    let request = format!(
        "POST /api/v1/usage HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    line.write_all(request.as_bytes()).await.unwrap();
    let mut told = Vec::with_capacity(2_048);
    // The answer ends with its JSON; nothing follows before the next request.
    while !told.ends_with(b"}") {
        assert!(line.read_buf(&mut told).await.unwrap() > 0, "{}", String::from_utf8_lossy(&told));
    }
    assert!(told.starts_with(b"HTTP/1.1 201"), "{}", String::from_utf8_lossy(&told));
}

/// Where PostgreSQL's programs are.
fn program(name: &str) -> PathBuf {
    let given = std::env::var_os("SUBLEDGER_PG_BIN").map(PathBuf::from);
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = given.into_iter().chain(versions.map(|version| version.path().join("bin")));
    found.map(|folder| folder.join(name)).find(|path| path.exists()).unwrap_or_else(|| PathBuf::from(name))
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

/// How many second periods there are, each with its entry, its message and its letter.
fn written(conn: &mut PgConnection) -> u64 {
    let sql = "SELECT least((SELECT count(*) - count(DISTINCT business_id) FROM plan_periods), (SELECT count(*) FROM audit_entries),
                            (SELECT count(*) FROM notifications), (SELECT count(*) FROM letters)) AS number";
    u64::try_from(diesel::sql_query(sql).get_result::<Number>(conn).unwrap().number).unwrap()
}

/// Businesses with an owner each, in the first cycle of Team.
fn fill(businesses: u64) -> String {
    format!(
        "CREATE TABLE due AS
           SELECT n, ('0190aaaa-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id,
                  date_trunc('month', now() AT TIME ZONE 'UTC')::date - interval '1 month' AS anchor
           FROM generate_series(1, {businesses}) AS n;
         INSERT INTO businesses SELECT id, 'Due ' || n, 'EUR', 'UTC', 'en-GB', 'due' || n, 'active', anchor AT TIME ZONE 'UTC' FROM due;
         INSERT INTO plan_subscriptions (business_id, plan_id, anchor_on, cycle_index, cycle_starts_at, period_starts_at, period_ends_at)
           SELECT id, '00000000-0000-7000-8000-000000000103', anchor, 0, anchor AT TIME ZONE 'UTC', anchor AT TIME ZONE 'UTC',
                  (anchor + interval '1 month') AT TIME ZONE 'UTC' FROM due;
         INSERT INTO users (id, email, email_folded, name, password_hash, created_at)
           SELECT id, 'due' || n || '@due.example', 'due' || n || '@due.example', 'Owner', '', now() FROM due;
         INSERT INTO members (business_id, id, parse_id, user_id, name, name_folded, email, email_folded, role, status, department, created_at)
           SELECT u.id, u.id, lpad(n::text, 10, '0'), u.id, 'Owner', 'owner', email, email_folded, 'owner', 'active', '', now()
           FROM due JOIN users u ON u.id = due.id;"
    )
}

/// Everything as after `fill`, with no trace of what was renewed.
const FALL_DUE: &str = "
SET session_replication_role = replica;
TRUNCATE plan_periods, notifications, letters, audit_entries;
SET session_replication_role = origin;
UPDATE plan_subscriptions s SET cycle_index = 0, cycle_starts_at = anchor AT TIME ZONE 'UTC',
  period_starts_at = anchor AT TIME ZONE 'UTC', period_ends_at = (anchor + interval '1 month') AT TIME ZONE 'UTC'
FROM due WHERE due.id = s.business_id;
INSERT INTO plan_periods
  SELECT business_id, period_starts_at, period_starts_at, period_ends_at, plan_id, 4900, 'USD', period_starts_at
  FROM plan_subscriptions;
VACUUM ANALYZE plan_subscriptions, plan_periods, notifications, letters, audit_entries, members, businesses;
CHECKPOINT";

fn fall_due(owner: &mut PgConnection) {
    for statement in FALL_DUE.split(';') {
        owner.batch_execute(statement).unwrap();
    }
}

/// A service, keys that report, and room for whatever is counted.
fn people(keys: &[Key]) -> String {
    let hex = |key: &Key| key.hash().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let row = |(n, key): (usize, &Key)| {
        format!(
            "('{BUSINESS}', '0190bbbb-0000-7000-8000-{n:012}', 'Program', 'sdk', '{{usage:write}}', '\\x{}', 'last', now(), '2100-01-01')",
            hex(key)
        )
    };
    let rows: Vec<String> = keys.iter().enumerate().map(row).collect();
    format!(
        "UPDATE plan_limits SET allowance = 1000000000 WHERE meter = 'usage_events';
         INSERT INTO services VALUES ('{BUSINESS}', '0190cccc-0000-7000-8000-000000000001', 'Figma', 'figma', '', '', '');
         INSERT INTO api_keys (business_id, id, name, kind, scopes, key_hash, last4, created_at, expires_on) VALUES {};
         ANALYZE",
        rows.join(", ")
    )
}
