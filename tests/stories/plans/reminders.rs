//! The end of a trial is told three days before its last day and on it.

use crate::support::TestApp;

use super::INGRID;

/// Kind and last day of each letter about an end that waits for Ingrid, and whether it says "today".
fn told(app: &TestApp, email: &str) -> Vec<bool> {
    let letters = app.letters_to(email).into_iter().filter(|letter| letter.kind == "trial_ending");
    letters.map(|letter| letter.details["is_today"].as_bool().unwrap()).collect()
}

#[actix_web::test]
async fn ingrid_is_told_three_days_ahead_and_on_the_last_day_once_each() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    let mut seen = Vec::new();
    for _ in 0..17 {
        app.remind_of_ends().await;
        tokio::join!(app.remind_of_ends(), app.remind_of_ends());
        seen.push(told(&app, "ingrid@initech.example"));
        app.days_pass(1);
    }
    assert!(seen[10].is_empty());
    assert_eq!(seen[11], [false]);
    assert_eq!(seen[13], [false]);
    assert_eq!(seen[14], [false, true]);
    assert_eq!(seen[16], [false, true]);
}

#[actix_web::test]
async fn after_an_outage_only_the_more_urgent_letter_goes_out() {
    let app = TestApp::start().await;
    app.visitor().post("/signup", &INGRID).await.goes_to("/");
    app.days_pass(14);
    app.remind_of_ends().await;
    assert_eq!(told(&app, "ingrid@initech.example"), [true]);
}

#[actix_web::test]
async fn every_owner_is_told_in_their_own_letter() {
    let app = TestApp::start().await;
    app.visitor().post("/signup", &INGRID).await.goes_to("/");
    app.sql(
        "INSERT INTO users (id, email, email_folded, name, password_hash, created_at)
         VALUES (gen_random_uuid(), 'ivo@initech.example', 'ivo@initech.example', 'Ivo', '', '2026-01-01Z');
         ",
    );
    app.sql(
        "INSERT INTO members (business_id, id, parse_id, user_id, name, name_folded, email, email_folded, role, status, department, created_at)
         SELECT b.id, gen_random_uuid(), 'ivoivoivoi', u.id, 'Ivo', 'ivo', u.email, u.email, 'owner', 'active', '', '2026-01-01Z'
         FROM businesses b, users u WHERE b.name = 'Initech' AND u.name = 'Ivo'",
    );
    app.days_pass(12);
    app.remind_of_ends().await;
    for owner in ["ingrid@initech.example", "ivo@initech.example"] {
        assert_eq!(told(&app, owner), [false], "{owner}");
    }
}

#[actix_web::test]
async fn nothing_is_told_of_an_end_that_does_not_come() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    app.days_pass(12);
    app.sql("UPDATE plan_subscriptions SET next_plan_id = '00000000-0000-7000-8000-000000000102'");
    app.remind_of_ends().await;
    app.sql("UPDATE plan_subscriptions SET next_plan_id = NULL");
    ingrid.post("/settings/plan", &[("plan", "free"), ("confirm", "1")]).await.goes_to("/settings/plan");
    app.remind_of_ends().await;
    app.days_pass(2);
    app.remind_of_ends().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM letters WHERE kind = 'trial_ending'"), 0);
}

#[actix_web::test]
async fn the_last_day_is_that_of_the_business_wherever_it_is() {
    let app = TestApp::start().await;
    app.visitor().post("/signup", &INGRID).await.goes_to("/");
    // The same end, seen from Honolulu: there the last day is the one before.
    app.sql("UPDATE businesses SET zone = 'Pacific/Honolulu'");
    app.sql("UPDATE plan_subscriptions SET period_ends_at = date_trunc('day', period_ends_at) + interval '10 hours'");
    let end = app.number("SELECT extract(epoch FROM max(period_ends_at))::bigint AS number FROM plan_subscriptions s JOIN plans p ON p.id = s.plan_id WHERE NOT p.renews");
    let now = app.clock.now().timestamp();
    app.clock.advance(chrono::TimeDelta::seconds(end - now - 24 * 60 * 60 - 60));
    app.remind_of_ends().await;
    assert_eq!(told(&app, "ingrid@initech.example"), [false]);
    app.clock.advance(chrono::TimeDelta::minutes(2));
    app.remind_of_ends().await;
    assert_eq!(told(&app, "ingrid@initech.example"), [false, true]);
}

#[actix_web::test]
async fn the_letter_leaves_with_the_workers_round() {
    let app = TestApp::start().await;
    app.visitor().post("/signup", &INGRID).await.goes_to("/");
    app.days_pass(12);
    app.work_until_idle().await;
    app.work_until_idle().await;
    let sent = "SELECT count(*) AS number FROM letters WHERE kind = 'trial_ending' AND state = 'sent'";
    assert_eq!(app.number(sent), 1);
}
