//! A last day that was ahead and has passed.

use crate::support::{Adam, Browser, Cast, Gus, Olivia, TestApp, Uma};

/// Writes that today is the last day of this person.
async fn last_day_today(by: &Browser, of: Cast) {
    let today = chrono::Utc::now().date_naive().to_string();
    by.post(&format!("/people/{}", of.member_id()), &[("left_on", &today)]).await.is(303);
}

fn status(app: &TestApp, of: Cast, status: &str) -> bool {
    let sql =
        format!("SELECT count(*) AS number FROM members WHERE id = '{}' AND status = '{status}'", of.member_uuid());
    app.number(&sql) == 1
}

#[actix_web::test]
async fn umas_sign_in_works_on_her_last_day_and_not_after_it() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    last_day_today(&adam, Uma).await;
    app.work_until_idle().await;
    uma.get("/people").await.is(200);
    assert!(status(&app, Uma, "active"));
    app.days_pass(1);
    // Before any worker has run.
    uma.get("/people").await.is(403);
    assert!(status(&app, Uma, "active"));
    app.work_until_idle().await;
    assert!(status(&app, Uma, "left"));
    uma.get("/people").await.is(403);
    assert_eq!(app.trail(Olivia).iter().filter(|said| said.starts_with("worker let Uma Usher leave")).count(), 1);
    adam.get(&format!("/people/{}", Uma.member_id())).await.is(200).shows("Uma Usher Left");
    adam.get("/audit?action=member.left").await.is(200).shows("Uma Usher");
}

#[actix_web::test]
async fn two_workers_let_everybody_leave_once() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    for person in [Adam, Uma] {
        last_day_today(&olivia, person).await;
    }
    let today = chrono::Utc::now().date_naive().to_string();
    let leo = [("name", "Leo Lund"), ("email", "leo@acme.example"), ("left_on", today.as_str())];
    olivia.post("/people", &leo).await.is(303);
    app.days_pass(1);
    tokio::join!(app.work_until_idle(), app.work_until_idle());
    app.work_until_idle().await;
    let left = app.number("SELECT count(*) AS number FROM audit_entries WHERE action = 'member.left'");
    assert_eq!((left, app.number("SELECT count(*) AS number FROM members WHERE status = 'left'")), (3, 3));
}

#[actix_web::test]
async fn the_last_owner_stays_whatever_the_date() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    app.sql(&format!("UPDATE members SET left_on = '2026-02-01' WHERE id = '{}'", Olivia.member_uuid()));
    app.work_until_idle().await;
    olivia.get("/people").await.is(200);
    assert!(status(&app, Olivia, "active"));
    assert!(!app.trail(Olivia).iter().any(|said| said.contains("leave")));
    // Once there is another owner, the date counts.
    app.sql(&format!("UPDATE members SET role = 'owner' WHERE id = '{}'", Adam.member_uuid()));
    app.work_until_idle().await;
    assert!(status(&app, Olivia, "left"));
    olivia.get("/people").await.is(403);
    app.sign_in(Gus).await.get("/people").await.is(200);
}

#[actix_web::test]
async fn of_two_owners_who_leave_the_later_one_stays() {
    let app = TestApp::start().await;
    app.sql(&format!("UPDATE members SET role = 'owner', left_on = '2026-02-02' WHERE id = '{}'", Adam.member_uuid()));
    app.sql(&format!("UPDATE members SET left_on = '2026-02-01' WHERE id = '{}'", Olivia.member_uuid()));
    tokio::join!(app.work_until_idle(), app.work_until_idle());
    assert!(status(&app, Olivia, "left") && status(&app, Adam, "active"));
}

#[actix_web::test]
async fn the_day_ends_where_the_business_is() {
    let app = TestApp::start().await;
    app.sql("UPDATE businesses SET zone = 'Pacific/Kiritimati' WHERE name = 'Acme'");
    app.sql("UPDATE businesses SET zone = 'US/Samoa' WHERE name = 'Globex'");
    let today = chrono::Utc::now().date_naive().to_string();
    app.sql(&format!(
        "UPDATE members SET status = 'directory', user_id = NULL, left_on = '{today}' WHERE role = 'user'"
    ));
    app.sql(&format!(
        "INSERT INTO members (business_id, id, parse_id, name, name_folded, email, email_folded, status, department, left_on, created_at)
         VALUES ('{}', gen_random_uuid(), 'grettagret', 'Greta', 'greta', 'greta@globex.example', 'greta@globex.example', 'directory', '', '{today}', '2026-01-01Z')",
        Gus.business_uuid()
    ));
    // Ten minutes before midnight in UTC it is tomorrow on Kiritimati and still today on Samoa.
    let now = app.clock.now();
    let midnight = now.date_naive().succ_opt().unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
    app.clock.advance(midnight - now - chrono::TimeDelta::minutes(10));
    app.work_until_idle().await;
    let left = |business: &str| {
        app.number(&format!(
            "SELECT count(*) AS number FROM members WHERE status = 'left' AND business_id = '{business}'"
        ))
    };
    assert_eq!((left(Olivia.business_uuid()), left(Gus.business_uuid())), (1, 0));
    app.days_pass(1);
    app.work_until_idle().await;
    assert_eq!((left(Olivia.business_uuid()), left(Gus.business_uuid())), (1, 1));
}

#[actix_web::test]
async fn whoever_changes_the_business_meanwhile_is_not_overrun() {
    use diesel::connection::SimpleConnection;

    let app = TestApp::start().await;
    app.sql(&format!("UPDATE members SET left_on = '2026-02-01' WHERE id = '{}'", Uma.member_uuid()));
    let mut other = app.owner();
    let held =
        format!("BEGIN; SELECT FROM plan_subscriptions WHERE business_id = '{}' FOR UPDATE", Uma.business_uuid());
    other.batch_execute(&held).unwrap();
    app.work_until_idle().await;
    assert!(status(&app, Uma, "active"));
    other.batch_execute("ROLLBACK").unwrap();
    app.work_until_idle().await;
    assert!(status(&app, Uma, "left"));
}
