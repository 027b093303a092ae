//! The database goes away and comes back; nobody is signed out and nobody has to restart anything.

use diesel::connection::SimpleConnection;

use crate::support::{Olivia, TestApp, database::admin};

fn take_away(app: &TestApp) {
    let name = app.database.name();
    admin()
        .batch_execute(&format!(
            "ALTER DATABASE {name} ALLOW_CONNECTIONS false;
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ))
        .unwrap();
}

fn bring_back(app: &TestApp) {
    admin().batch_execute(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", app.database.name())).unwrap();
}

#[actix_web::test]
async fn while_the_database_is_away_pages_say_so_and_then_all_is_as_before() {
    let app = TestApp::start_impatient().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/").await.is(200);

    take_away(&app);
    for path in ["/", "/businesses", "/signup", "/login"] {
        let page = olivia.get(path).await;
        page.is(503).shows("cannot reach its database").shows("Back in a moment");
        assert_eq!(page.headers.get("retry-after").unwrap(), "5", "{path}");
    }
    olivia.get("/readyz").await.is(503);
    olivia.get("/healthz").await.is(200);
    olivia.get("/static/app.js").await.is(200);

    bring_back(&app);
    olivia.get("/readyz").await.is(200);
    olivia.get("/").await.is(200).shows("Owner of Acme");
}

#[actix_web::test]
async fn connections_that_died_while_idle_cost_nobody_a_page() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let both = tokio::join!(olivia.get("/"), olivia.get("/businesses"));
    both.0.is(200);
    both.1.is(200);
    take_away(&app);
    bring_back(&app);
    olivia.get("/").await.is(200).shows("Owner of Acme");
}

fn connections(app: &TestApp) -> Vec<i64> {
    let name = app.database.name();
    let pids = app.text(&format!(
        "SELECT coalesce(string_agg(pid::text, ' ' ORDER BY pid), '') AS text FROM pg_stat_activity
         WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    ));
    pids.split_whitespace().map(|pid| pid.parse().unwrap()).collect()
}

#[actix_web::test]
async fn a_connection_that_lives_is_used_again_and_again() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/").await.is(200);
    let before = connections(&app);
    assert!(!before.is_empty());
    for path in ["/businesses", "/", "/subscriptions", "/people"] {
        olivia.get(path).await.is(200);
    }
    let new: Vec<i64> = connections(&app).into_iter().filter(|pid| !before.contains(pid)).collect();
    assert!(new.is_empty(), "{new:?} beside {before:?}");
}
