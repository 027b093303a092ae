//! How fast the roll-forward moves subscriptions on in batches, beside one at a time, on one machine in one run.
//!
//! `cargo bench --bench subscriptions -- [subscriptions] [one at a time]`

#![allow(
    missing_docs,
    clippy::as_conversions,
    clippy::unwrap_used,
    reason = "a measurement stops at the first thing that is not as told"
)]

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use subledger::app::App;
use subledger::config::Config;
use subledger::demo::{self, Size};
use subledger::domain::access;
use subledger::domain::audit::months;
use subledger::domain::subscriptions::roll_forward::RollDue;
use subledger::kernel::clock::Clock;
use subledger::kernel::db::DbSettings;
use subledger::kernel::due;
use subledger::postgres::PrivatePostgres;

const SECRET: &str = "YmVuY2hlcy1rZWVwLXRoaXMtc2VjcmV0LWZvci10ZXM=";

/// What is written of each renewal by default: whoever answers for it is told in the inbox and by letter.
const WRITTEN: [&str; 4] = ["charges", "audit_entries", "notifications", "letters"];

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn main() {
    let numbers: Vec<u32> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let of = |place: usize, otherwise| numbers.get(place).copied().unwrap_or(otherwise);
    let (subscriptions, singly) = (of(0, 100_000), of(1, 2_000));
    let data = std::env::temp_dir().join(format!("subledger-bench-{}", std::process::id()));
    std::fs::create_dir(&data).unwrap();
    let postgres = PrivatePostgres::start(&data).unwrap();
    subledger::kernel::migrations::migrate(&postgres.owner_url()).unwrap();
    actix_web::rt::System::new().block_on(async {
        let app = app(&postgres, &data.to_string_lossy());
        months::keep_ahead(&app.db, &access::for_rounds()).await.unwrap();
        let size = Size { businesses: subscriptions.div_ceil(1_000), subscriptions, licenses: 0, audit: 0 };
        demo::load(&app, Some(size)).await.unwrap().unwrap();
        measure(&app, &mut PgConnection::establish(&postgres.owner_url()).unwrap(), singly).await;
    });
    postgres.stop().unwrap();
    let _ = std::fs::remove_dir_all(&data);
}

fn app(postgres: &PrivatePostgres, data: &str) -> App {
    let url = postgres.application_url();
    let config = Config::from_env(|name| match name {
        "DATABASE_URL" => Some(url.clone()),
        "SUBLEDGER_SECRET" => Some(SECRET.to_owned()),
        "SUBLEDGER_DATA" => Some(data.to_owned()),
        _ => None,
    })
    .unwrap();
    let patience = Duration::from_secs(60);
    let db = DbSettings { url, read_url: None, connections: 4, patience, connecting: patience };
    let secret = *config.secret.as_ref().unwrap().expose();
    App::build(config, &db, secret, Clock::default()).unwrap()
}

/// Every subscription of the large installation is due once: first some of them one at a time, then the rest in batches.
async fn measure(app: &App, owner: &mut PgConnection, singly: u32) {
    owner
        .batch_execute(
            "UPDATE subscriptions SET anchor_on = today, renews_on = today, next_on = today, cancel_by = today - 1
             FROM (SELECT (now() AT TIME ZONE 'UTC')::date AS today) AS clock, businesses b
             WHERE b.id = business_id AND b.name LIKE 'Business %'",
        )
        .unwrap();
    owner.batch_execute("VACUUM ANALYZE").unwrap();
    let due =
        number(owner, "SELECT count(*) AS number FROM subscriptions WHERE next_on <= (now() AT TIME ZONE 'UTC')::date");
    let before = WRITTEN.map(|table| written(owner, table));
    let rounds = access::for_rounds();
    let begun = Instant::now();
    for _ in 0..singly {
        assert_eq!(due::run_at_most(&app.db, &rounds, RollDue, 1).await.unwrap(), 1);
    }
    let one_by_one = f64::from(singly) / begun.elapsed().as_secs_f64();
    let (begun, mut moved) = (Instant::now(), 0);
    loop {
        match due::run(&app.db, &rounds, RollDue).await.unwrap() {
            0 => break,
            some => moved += some,
        }
    }
    let in_batches = moved as f64 / begun.elapsed().as_secs_f64();
    assert_eq!(moved as i64 + i64::from(singly), due, "each once");
    let after = WRITTEN.map(|table| written(owner, table));
    for ((table, before), after) in WRITTEN.into_iter().zip(before).zip(after) {
        assert_eq!(after - before, due, "{table}: one of each");
    }
    println!("{due} due subscriptions, each with one row of {WRITTEN:?}");
    println!("one at a time {one_by_one:.0}/s, in batches {in_batches:.0}/s, ratio {:.1}", in_batches / one_by_one);
}

fn written(owner: &mut PgConnection, table: &str) -> i64 {
    number(owner, &format!("SELECT count(*) AS number FROM {table}"))
}

fn number(owner: &mut PgConnection, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Number>(owner).unwrap().number
}
