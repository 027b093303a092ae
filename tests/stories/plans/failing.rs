//! A plan subscription that cannot be renewed is set aside alone.

use crate::support::{Gus, Olivia, TestApp};

use super::{INGRID, periods};

#[actix_web::test]
async fn the_business_that_fails_is_set_aside_and_no_other() {
    let app = TestApp::start().await;
    app.visitor().post("/signup", &[&INGRID[..4], &[("plan", "team")]].concat()).await.goes_to("/");
    app.sql("UPDATE businesses SET zone = 'Nowhere/Else' WHERE name = 'Globex'");
    app.days_pass(31);
    tokio::join!(app.work_until_idle(), app.work_until_idle());
    app.work_until_idle().await;
    assert_eq!((periods(&app, "Acme"), periods(&app, "Initech"), periods(&app, "Globex")), (2, 2, 1));
    let globex = Gus.business_uuid();
    let aside = |of: &str| app.number(&format!("SELECT count(*) AS number FROM worker_failures WHERE {of}"));
    assert_eq!((aside("true"), aside(&format!("business_id = '{globex}' AND failures = 1"))), (1, 1));
    app.trail_holds(Olivia, "worker renewed the plan Business");

    app.sql("UPDATE businesses SET zone = 'UTC' WHERE name = 'Globex'");
    app.work_until_idle().await;
    assert_eq!(periods(&app, "Globex"), 1, "it waits");
    app.clock.advance(chrono::TimeDelta::minutes(2));
    app.work_until_idle().await;
    assert_eq!((periods(&app, "Globex"), aside("true")), (2, 0));
    app.trail_holds(Gus, "worker renewed the plan Business");
}

#[actix_web::test]
async fn a_business_that_another_worker_holds_is_not_blamed_for_the_failure_of_the_next() {
    use diesel::connection::SimpleConnection;

    let app = TestApp::start().await;
    let globex = Gus.business_uuid();
    // A period of that start stands already, so that the batch fails only when it is written.
    app.days_pass(31);
    app.sql(&format!(
        "INSERT INTO plan_periods SELECT business_id, ends_at, ends_at, ends_at + interval '1 day', plan_id, 0, 'USD', recorded_at
         FROM plan_periods WHERE business_id = '{globex}'"
    ));
    let mut other = app.owner();
    let held =
        format!("BEGIN; SELECT FROM plan_subscriptions WHERE business_id = '{}' FOR UPDATE", Olivia.business_uuid());
    other.batch_execute(&held).unwrap();
    app.work_until_idle().await;
    other.batch_execute("ROLLBACK").unwrap();
    let blamed = app.number(&format!("SELECT count(*) AS number FROM worker_failures WHERE business_id = '{globex}'"));
    let all = app.number("SELECT count(*) AS number FROM worker_failures");
    assert_eq!((blamed, all), (1, 1));
    app.work_until_idle().await;
    assert_eq!(periods(&app, "Acme"), 2);
}
