//! Choosing a plan, and what the worker does with it overnight.

mod as_of_now;
mod clock_changes;
mod failing;
mod killing;
mod previews;
mod reminders;
mod requests;

use crate::support::{Adam, Audrey, Gus, INGRID, Olivia, TestApp, Uma};

fn periods(app: &TestApp, business: &str) -> i64 {
    app.number(&format!(
        "SELECT count(*) AS number FROM plan_periods p JOIN businesses b ON b.id = p.business_id WHERE b.name = '{business}'"
    ))
}

#[actix_web::test]
async fn ingrid_leaves_the_trial_for_team_after_seeing_what_it_comes_to() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    ingrid.get("/settings/plan").await.is(200).shows("Trial").shows("Choose a plan before then");
    let preview = ingrid.get("/settings/plan/choose?plan=team").await;
    preview.is(200).shows("Team begins now.").shows("Due today").shows("$49.00").shows("Change to Team");
    ingrid.post("/settings/plan", &[("plan", "team")]).await.is(200).shows("Change to Team");
    assert_eq!(periods(&app, "Initech"), 1);
    ingrid.post("/settings/plan", &[("plan", "team"), ("confirm", "1")]).await.goes_to("/settings/plan");
    ingrid.get("/settings/plan").await.shows("The plan is Team now.").shows("Renews by itself").shows("$49.00 a month");
    assert_eq!(periods(&app, "Initech"), 2);
    let overlapping = app.number(
        "SELECT count(*) AS number FROM plan_periods a JOIN plan_periods b USING (business_id)
         WHERE a.starts_at < b.starts_at AND a.ends_at > b.starts_at",
    );
    assert_eq!(overlapping, 0);
    let kinds: Vec<String> = app.letters_to("ingrid@initech.example").into_iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, ["welcome", "plan_changed"]);
}

#[actix_web::test]
async fn the_plan_renews_itself_overnight_exactly_once() {
    let app = TestApp::start().await;
    app.work_until_idle().await;
    assert_eq!(periods(&app, "Acme"), 1);
    app.days_pass(31);
    tokio::join!(app.work_until_idle(), app.work_until_idle());
    app.work_until_idle().await;
    assert_eq!(periods(&app, "Acme"), 2);
    app.trail_holds(Olivia, "worker renewed the plan Business");
    app.sign_in(Olivia).await.get("/settings/plan").await.is(200).shows("Renews by itself");
}

#[actix_web::test]
async fn after_a_long_outage_every_missed_period_is_written_once_and_one_letter_tells() {
    let app = TestApp::start().await;
    app.days_pass(31 * 4);
    let before = app.number("SELECT count(*) AS number FROM letters WHERE kind = 'plan_renewed'");
    app.work_until_idle().await;
    app.work_until_idle().await;
    assert!((4..=5).contains(&periods(&app, "Acme")), "{}", periods(&app, "Acme"));
    let gaps = app.number(
        "SELECT count(*) AS number FROM (SELECT starts_at, lag(ends_at) OVER (PARTITION BY business_id ORDER BY starts_at) AS before
         FROM plan_periods) p WHERE before <> starts_at",
    );
    assert_eq!(gaps, 0);
    let letters = app.number("SELECT count(*) AS number FROM letters WHERE kind = 'plan_renewed'");
    assert_eq!(letters - before, 2, "one for Olivia and one for Gus");
}

#[actix_web::test]
async fn a_clock_that_is_set_back_renews_nothing() {
    let app = TestApp::start().await;
    app.days_pass(-40);
    app.work_until_idle().await;
    assert_eq!(periods(&app, "Acme"), 1);
}

#[actix_web::test]
async fn an_ended_trial_is_ended_without_any_worker_and_free_is_one_click_away() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    app.days_pass(13);
    ingrid.get("/").await.is(200).shows("The trial ends in 2 days.");
    app.days_pass(3);
    let page = ingrid.get("/settings/plan").await;
    page.is(200).shows("Ended").shows("Move to Free now").shows("The plan of this business has ended.");
    ingrid.post("/settings/plan", &[("plan", "free"), ("confirm", "1")]).await.goes_to("/settings/plan");
    ingrid.get("/settings/plan").await.shows("The plan is Free now.").hides("has ended");
}

#[actix_web::test]
async fn the_worker_writes_the_end_of_a_trial_once() {
    let app = TestApp::start().await;
    app.visitor().post("/signup", &INGRID).await.goes_to("/");
    app.days_pass(16);
    app.work_until_idle().await;
    app.work_until_idle().await;
    let entries = app.number("SELECT count(*) AS number FROM audit_entries WHERE action = 'plan.ended'");
    let letters = app.number("SELECT count(*) AS number FROM letters WHERE kind = 'plan_ended'");
    assert_eq!((entries, letters), (1, 1));
}

#[actix_web::test]
async fn a_smaller_plan_waits_for_the_end_and_can_be_taken_back() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/settings/plan/choose?plan=free").await.is(200).shows("Sign-ins: 4 in use, 3 allowed.");
    let free = [("plan", "free"), ("confirm", "1")];
    olivia.post("/settings/plan", &free).await.goes_to("/settings/plan");
    olivia.get("/settings/plan").await.shows("Free was chosen for the end of this cycle.").shows("Keep Business");
    olivia.post("/settings/plan", &[("plan", "business"), ("confirm", "1")]).await.goes_to("/settings/plan");
    olivia.get("/settings/plan").await.shows("Business stays.").hides("was chosen for the end");

    olivia.post("/settings/plan", &free).await.goes_to("/settings/plan");
    app.days_pass(31);
    app.work_until_idle().await;
    app.trail_holds(Olivia, "worker moved the business to the plan Free");
    app.trail_holds(Olivia, "Olivia Owens kept the plan Business");
}

#[actix_web::test]
async fn a_larger_plan_begins_now_and_the_rest_of_the_cycle_is_due() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &[&INGRID[..4], &[("plan", "team")]].concat()).await.goes_to("/");
    app.days_pass(10);
    ingrid
        .get("/settings/plan/choose?plan=business")
        .await
        .is(200)
        .shows("unused days")
        .shows("The cycle still ends on");
    ingrid.post("/settings/plan", &[("plan", "business"), ("confirm", "1")]).await.goes_to("/settings/plan");
    let cycles = app.number(
        "SELECT count(DISTINCT cycle_starts_at) AS number FROM plan_periods p JOIN businesses b ON b.id = p.business_id WHERE b.name = 'Initech'",
    );
    assert_eq!((periods(&app, "Initech"), cycles), (2, 1));
}

#[actix_web::test]
async fn only_owners_choose_and_a_try_is_on_the_trail() {
    let app = TestApp::start().await;
    let team = [("plan", "team"), ("confirm", "1")];
    for person in [Adam, Audrey] {
        let page = app.sign_in(person).await;
        page.get("/settings/plan").await.is(200).hides("Change plan");
        page.post("/settings/plan", &team).await.is(403);
    }
    let uma = app.sign_in(Uma).await;
    uma.get("/settings/plan").await.is(403);
    uma.post("/settings/plan", &team).await.is(403);
    app.trail_holds(Olivia, "Adam Adler tried to change the plan");
    app.trail_holds(Olivia, "Uma Usher tried to change the plan");
    assert_eq!(periods(&app, "Acme"), 1);
    assert_eq!(app.trail(Gus).iter().filter(|said| said.contains("plan")).count(), 0);
}

#[actix_web::test]
async fn what_is_not_offered_is_refused_on_the_page() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    for wrong in ["unlimited", "gold", "trial", ""] {
        olivia.post("/settings/plan", &[("plan", wrong), ("confirm", "1")]).await.is(422);
    }
    olivia.get("/settings/plan/choose?plan=gold").await.is(422).shows("Choose one of the plans on this page.");
    olivia.post("/settings/plan", &[("plan", "free"), ("confirm", "1"), ("price", "0")]).await.is(422);
    assert_eq!(periods(&app, "Acme"), 1);
}

#[actix_web::test]
async fn only_those_who_choose_the_plan_are_offered_a_look() {
    let app = TestApp::start().await;
    for person in [Adam, Audrey] {
        let page = app.sign_in(person).await.get("/settings/plan/choose").await;
        page.is(200).shows("Owners of Acme choose its plan.").shows("$49").hides("Look at");
        let page = app.sign_in(person).await.get("/settings/plan/choose?plan=team").await;
        page.is(200).shows("Owners of Acme choose its plan.").hides("What changes");
    }
    let page = app.sign_in(Olivia).await.get("/settings/plan/choose").await;
    page.is(200).shows("Look at Team").hides("Owners of Acme");
}

#[actix_web::test]
async fn where_plans_are_given_on_request_a_paid_one_is_not_taken() {
    let app = TestApp::start_with(&[("SUBLEDGER_PLAN_CHANGES", "request")]).await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    let preview = ingrid.get("/settings/plan/choose?plan=team").await;
    preview.is(200).shows("Paid plans are given on request here.").shows("Ask for Team").hides("Change to Team");
    ingrid.post("/settings/plan", &[("plan", "team"), ("confirm", "1")]).await.goes_to("/settings/plan");
    ingrid.get("/settings/plan").await.shows("Team is asked for.").shows("Trial").shows("Nothing is due for 15 days");
    ingrid.get("/settings/plan/choose?plan=free").await.is(200).shows("Change to Free");
    ingrid.post("/settings/plan", &[("plan", "free"), ("confirm", "1")]).await.goes_to("/settings/plan");
}

#[actix_web::test]
async fn a_paid_plan_asked_for_at_sign_up_waits_for_whoever_gives_it() {
    let app = TestApp::start_with(&[("SUBLEDGER_PLAN_CHANGES", "request")]).await;
    let ingrid = app.visitor();
    let form = ingrid.get("/signup?plan=team").await;
    form.is(200).shows("Given on request; until then the business is on trial.");
    ingrid.post("/signup", &[&INGRID[..4], &[("plan", "team")]].concat()).await.goes_to("/");
    ingrid.get("/").await.shows("Initech stands, on trial: Team is given on request here, and was asked for.");
    ingrid.get("/settings/plan").await.is(200).shows("Trial").shows("Nothing is due for 15 days");
    ingrid.post("/businesses/new", &[("business", "Initrode"), ("plan", "business")]).await.goes_to("/");
    ingrid.get("/settings/plan").await.shows("Initrode stands, on trial: Business is given").shows("Trial");
    ingrid.post("/businesses/new", &[("business", "Intertrode"), ("plan", "free")]).await.goes_to("/");
    ingrid.get("/settings/plan").await.shows("Intertrode stands. Add").shows("Free");
    let due = app.number("SELECT count(*) AS number FROM plan_periods p JOIN businesses b ON b.id = p.business_id WHERE b.name LIKE 'In%' AND due_minor > 0");
    assert_eq!(due, 0);
    app.visitor().get("/").await.hides("on request");
}

#[actix_web::test]
async fn a_double_click_changes_the_plan_once() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    let team = [("plan", "team"), ("confirm", "1")];
    let (one, two) = tokio::join!(
        ingrid.post_once("/settings/plan", "same", &team),
        ingrid.post_once("/settings/plan", "same", &team)
    );
    one.goes_to("/settings/plan");
    two.goes_to("/settings/plan");
    assert_eq!(periods(&app, "Initech"), 2);
}

#[actix_web::test]
async fn while_a_new_cycle_is_not_written_yet_nothing_is_chosen() {
    let app = TestApp::start().await;
    app.days_pass(31);
    let olivia = app.sign_in(Olivia).await;
    let free = [("plan", "free"), ("confirm", "1")];
    olivia.post("/settings/plan", &free).await.is(409).shows("try again in a minute");
    app.work_until_idle().await;
    olivia.post("/settings/plan", &free).await.goes_to("/settings/plan");
}
