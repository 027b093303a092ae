//! What happens at the dates, written by the worker once, and seen by whoever looks before it came round.

use super::*;
use crate::support::{Adam, Gus, Olivia, Uma};

/// Adds a service that costs 12 a cycle, with these answers besides.
async fn paid(browser: &Browser, app: &TestApp, unit: &str, in_so_many: u64, more: &[(&str, &str)]) -> String {
    let day = in_days(app, in_so_many).to_string();
    let fields = [("service", "Slack"), ("cost", "12"), ("currency", "EUR"), ("cycle_unit", unit), ("renews_on", &day)];
    let answer = browser.post("/subscriptions", &with(&fields, more)).await;
    answer.is(303);
    answer.location().to_owned()
}

fn charges(app: &TestApp) -> i64 {
    app.number("SELECT count(*) AS number FROM charges")
}

fn said(app: &TestApp, what: &str) -> usize {
    app.trail(Adam).iter().filter(|said| said.contains(what)).count()
}

/// Decides on the renewal in so many days, as the page of renewals will.
fn decide(app: &TestApp, in_so_many: u64, decision: &str, seats: &str) {
    let (business, day) = (Adam.business_uuid(), in_days(app, in_so_many));
    app.sql(&format!(
        "INSERT INTO renewal_decisions SELECT business_id, gen_random_uuid(), id, '{day}', '{decision}', {seats}, '', owner_id, created_at
         FROM subscriptions WHERE business_id = '{business}'"
    ));
}

#[actix_web::test]
async fn five_days_of_downtime_are_five_charges_however_many_workers_come_back() {
    let app = TestApp::start().await;
    let (adam, gus) = (app.sign_in(Adam).await, app.sign_in(Gus).await);
    let path = paid(&adam, &app, "day", 1, &[]).await;
    paid(&gus, &app, "day", 2, &[]).await;
    app.work_until_idle().await;
    assert_eq!(charges(&app), 0);
    app.days_pass(5);
    let unwritten = adam.get(&path).await;
    let rows = unwritten.is(200).texts("[aria-labelledby='h-charges'] tbody th");
    assert_eq!((rows.len(), charges(&app)), (5, 0), "seen before it is written");
    tokio::join!(app.work_until_idle(), app.work_until_idle(), app.work_until_idle(), app.work_until_idle());
    app.work_until_idle().await;
    assert_eq!(charges(&app), 5 + 4);
    assert_eq!(said(&app, "worker renewed Slack by default on"), 5);
    let written = adam.get(&path).await;
    assert_eq!(written.texts("[aria-labelledby='h-charges'] tbody th"), rows);
    let gaps = "SELECT count(*) AS number FROM charges a JOIN charges b USING (business_id, subscription_id)
                WHERE b.starts_on = a.covers_to + 1";
    assert_eq!(app.number(gaps), 4 + 3, "without a gap");
}

#[actix_web::test]
async fn what_renews_by_decision_expires_without_one_and_is_seen_so_before_a_worker_ran() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = paid(&adam, &app, "month", 10, &[("auto_renew", "manual")]).await;
    adam.get("/subscriptions?status=active").await.shows("Slack");
    app.days_pass(9);
    adam.get(&path).await.shows("Active");
    app.days_pass(1);
    adam.get(&path).await.shows("Expired").shows("Ended").hides("Cancel by");
    adam.get("/subscriptions?status=expired").await.shows("1 subscription").shows("Slack");
    adam.get("/subscriptions?status=active").await.shows("Nothing matches");
    adam.get("/").await.hides("Slack");
    assert_eq!(app.number("SELECT count(*) AS number FROM subscriptions WHERE status = 'active'"), 1);
    app.work_until_idle().await;
    adam.get(&path).await.shows("Expired");
    app.trail_holds(Adam, "worker let Slack expire");
    assert_eq!(charges(&app), 0);
}

#[actix_web::test]
async fn what_has_ended_is_in_nobodys_way_also_if_no_worker_ever_ran() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    app.sql("UPDATE plan_limits SET allowance = 1 WHERE meter = 'subscriptions'");
    paid(&adam, &app, "month", 3, &[("auto_renew", "never")]).await;
    add(&adam, &[("service", "Miro")]).await.is(409).shows("allows 1 subscriptions, and 1 are in use");
    app.days_pass(3);
    let again = paid(&adam, &app, "month", 3, &[]).await;
    adam.get(&again).await.shows("Active");
    app.trail_holds(Adam, "worker let Slack expire");
}

#[actix_web::test]
async fn a_decision_renews_resizes_or_ends() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path =
        paid(&adam, &app, "month", 10, &[("auto_renew", "manual"), ("seats", "5"), ("cost_model", "per_seat")]).await;
    decide(&app, 10, "resize", "3");
    app.days_pass(12);
    adam.get(&path).await.shows("Active").shows("0 / 3").shows("€36.00");
    app.work_until_idle().await;
    adam.get(&path).await.shows("Active").shows("0 / 3").shows("€36.00");
    assert_eq!((charges(&app), said(&app, "worker renewed Slack on")), (1, 1));
    app.days_pass(31);
    app.work_until_idle().await;
    app.trail_holds(Adam, "worker let Slack expire");
    let adam = app.sign_in(Adam).await;

    let other = paid(&adam, &app, "month", 10, &[("service", "Miro")]).await;
    app.sql("DELETE FROM renewal_decisions");
    decide(&app, 10, "cancel", "NULL");
    app.days_pass(9);
    adam.get(&other).await.shows("Active");
    app.days_pass(1);
    adam.get(&other).await.shows("Canceled");
    app.work_until_idle().await;
    adam.get(&other).await.shows("Canceled").shows("Ended");
    app.trail_holds(Adam, "worker ended Miro, as decided");
}

#[actix_web::test]
async fn whoever_changes_it_before_the_worker_came_round_writes_what_was_due_first() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = paid(&adam, &app, "day", 1, &[]).await;
    app.days_pass(3);
    adam.post(&path, &[("notes", "Looked at it")]).await.goes_to(&path);
    assert_eq!((charges(&app), said(&app, "worker renewed Slack by default on")), (3, 3));
    app.trail_holds(Adam, "Adam Adler changed Slack");
    app.work_until_idle().await;
    assert_eq!(charges(&app), 3);
    app.days_pass(1);
    price(&adam, &path, &[("cost", "12")]).await.goes_to(&path);
    assert_eq!(charges(&app), 3, "what changes nothing leaves it to the worker");
    app.work_until_idle().await;
    assert_eq!(charges(&app), 4);
}

#[actix_web::test]
async fn a_trial_becomes_active_the_day_after_it_ends_or_expires() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let last = in_days(&app, 5).to_string();
    let trial = [("status", "trial"), ("trial_ends_on", last.as_str())];
    let slack = paid(&adam, &app, "month", 6, &trial).await;
    let miro =
        paid(&adam, &app, "month", 6, &[&trial[..], &[("service", "Miro"), ("auto_renew", "manual")]].concat()).await;
    app.days_pass(5);
    app.work_until_idle().await;
    adam.get(&slack).await.shows("Trial");
    app.days_pass(1);
    adam.get(&slack).await.shows("Active").shows("€12.00");
    app.work_until_idle().await;
    adam.get(&slack).await.shows("Active");
    adam.get(&miro).await.shows("Expired");
    app.trail_holds(Adam, "worker moved Slack from trial to active");
    app.trail_holds(Adam, "worker let Miro expire");
    assert_eq!(charges(&app), 1);
    let past = [("service", "Xing"), ("status", "trial"), ("trial_ends_on", "2026-01-31")];
    add(&adam, &past).await.is(422).shows("The trial ended on 2026-01-31");
}

#[actix_web::test]
async fn a_known_start_tells_of_two_years_and_its_correction_tells_anew() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let start = in_days(&app, 0).checked_sub_months(chrono::Months::new(36)).unwrap().to_string();
    let path = paid(&adam, &app, "month", 0, &[("renews_on", ""), ("starts_on", &start)]).await;
    let estimated = || app.number("SELECT count(*) AS number FROM charges WHERE estimated AND amount_minor = 1200");
    assert!((23..=24).contains(&estimated()), "{}", estimated());
    let page = adam.get(&path).await;
    page.shows("Due so far").shows("estimated");
    adam.post(&path, &[("cost", "15"), ("change", "correct")]).await.goes_to(&path);
    assert_eq!((estimated(), app.number("SELECT count(*) AS number FROM charges WHERE amount_minor <> 1500")), (0, 0));
    let lately = in_days(&app, 0).checked_sub_months(chrono::Months::new(3)).unwrap().to_string();
    adam.post(&path, &[("starts_on", &lately)]).await.goes_to(&path);
    let all = app.number("SELECT count(*) AS number FROM charges WHERE estimated");
    assert!((3..=4).contains(&all), "{all}");
    let known = paid(&adam, &app, "month", 3, &[("service", "Miro")]).await;
    adam.get(&known).await.hides("Due so far");
}

#[actix_web::test]
async fn fewer_seats_than_held_go_at_the_renewal_as_far_as_they_were_freed() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = paid(&adam, &app, "month", 10, &[("seats", "3"), ("cost_model", "per_seat")]).await;
    for person in [Uma, Olivia, Adam] {
        give(&adam, &path, person).await;
    }
    price(&adam, &path, &[("cost", "12"), ("seats", "1")]).await.goes_to(&path);
    adam.get(&path).await.shows("3 / 3").shows("1 seat is wanted").shows("2 more are held").shows("Keep the seats");
    adam.post(&format!("{path}/keep"), &[]).await.goes_to(&path);
    adam.get(&path).await.shows("The seats of Slack stay.").hides("is wanted");
    app.trail_holds(Adam, "Adam Adler kept the seats of Slack");
    adam.post(&format!("{path}/keep"), &[]).await.goes_to(&path);
    price(&adam, &path, &[("cost", "12"), ("seats", "1")]).await.goes_to(&path);
    let member = Uma.member_uuid();
    app.sql(&format!("UPDATE assignments SET ended_at = given_at WHERE member_id = '{member}'"));
    app.days_pass(11);
    adam.get(&path).await.shows("2 / 2").shows("€24.00").shows("One more is held");
    app.work_until_idle().await;
    adam.get(&path).await.shows("2 / 2").shows("€24.00").shows("One more is held");
    app.sql("UPDATE assignments SET ended_at = given_at");
    app.days_pass(31);
    app.work_until_idle().await;
    app.sign_in(Adam).await.get(&path).await.shows("0 / 1").hides("is wanted");
}

#[actix_web::test]
async fn the_one_that_cannot_be_read_is_set_aside_and_no_other() {
    let app = TestApp::start().await;
    let (adam, gus) = (app.sign_in(Adam).await, app.sign_in(Gus).await);
    for service in ["Slack", "Miro", "Notion"] {
        paid(&adam, &app, "month", 1, &[("service", service)]).await;
    }
    paid(&gus, &app, "month", 1, &[]).await;
    app.sql(
        "UPDATE price_lines SET cost_minor = 9000000000000000000, seats = 1000000 FROM subscriptions s
             WHERE s.id = subscription_id AND s.name = 'Miro'",
    );
    app.sql("UPDATE subscriptions SET currency = 'ABC' WHERE name = 'Miro'");
    app.days_pass(2);
    app.work_until_idle().await;
    let aside = "SELECT count(*) AS number FROM worker_failures WHERE job LIKE 'subscription %'";
    assert_eq!((charges(&app), app.number(aside)), (3, 1));
    app.sql("UPDATE subscriptions SET currency = 'EUR' WHERE name = 'Miro'");
    app.sql("UPDATE price_lines SET cost_minor = 100");
    app.work_until_idle().await;
    assert_eq!(charges(&app), 3, "it waits");
    app.clock.advance(chrono::TimeDelta::minutes(2));
    app.work_until_idle().await;
    assert_eq!((charges(&app), app.number(aside)), (4, 0));
}

#[actix_web::test]
async fn a_removal_is_undone_from_its_own_line() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = added(&adam, &[]).await;
    adam.post(&format!("{path}/remove"), &[]).await.goes_to(&path);
    let removed = adam.get(&path).await;
    let undo = removed.attribute(".flash form", "action").unwrap();
    adam.post(&undo, &[]).await.goes_to(&path);
    let back = adam.get(&path).await;
    back.shows("Restored Figma.").shows("Activity").shows("removed");
    assert!(back.attribute(".flash form", "action").is_none());
}
