//! How many people can be invited: the plan's places, seven days, and the pace.

use crate::support::{Adam, Browser, Cast, Gus, Olivia, Shown, TestApp};

const LEO: &str = "leo@acme.example";
const INES: &str = "ines.okafor@acme.example";
const PATH: &str = "/team/invitations";

async fn invite(browser: &Browser, emails: &str, role: &str) -> Shown {
    let fields = [("emails", emails), ("role", role), ("department", ""), ("message", "")];
    browser.post(PATH, &fields).await
}

/// The addresses the page lists in this state.
async fn listed(browser: &Browser, state: &str) -> Vec<String> {
    let page = browser.get(&format!("{PATH}?state={state}")).await;
    page.is(200).texts("tbody th span:first-child")
}

/// What the newest invitation's buttons post to.
async fn action(browser: &Browser, verb: &str) -> String {
    let page = browser.get(PATH).await;
    let selector = format!("form[action$='/{verb}']");
    page.attribute(&selector, "action").unwrap()
}

fn on_plan(app: &TestApp, of: Cast, code: &str) {
    app.sql(&format!(
        "UPDATE plan_subscriptions SET plan_id = (SELECT id FROM plans WHERE code = '{code}' AND current) WHERE business_id = '{}'",
        of.business_uuid()
    ));
}

#[actix_web::test]
async fn the_free_plan_has_room_for_three() {
    let app = TestApp::start().await;
    on_plan(&app, Gus, "free");
    let gus = app.sign_in(Gus).await;
    let page = invite(&gus, "a@globex.example, b@globex.example, c@globex.example", "user").await;
    page.is(409).shows("3 people who sign in, and 1 are in use: there is room for 2, and 3 would be added.");
    assert_eq!(app.number("SELECT count(*) AS number FROM letters"), 0);
    invite(&gus, "a@globex.example, b@globex.example", "user").await.goes_to(PATH);
    gus.get(PATH).await.shows("3 of the 3 your plan allows").shows("0 places left");
    invite(&gus, "c@globex.example", "user").await.is(409);
    let withdraw = action(&gus, "withdraw").await;
    gus.post(&withdraw, &[]).await.goes_to(PATH);
    invite(&gus, "c@globex.example", "user").await.goes_to(PATH);
}

#[actix_web::test]
async fn two_admins_do_not_share_the_last_place() {
    let app = TestApp::start().await;
    on_plan(&app, Olivia, "team");
    app.sql(
        "UPDATE plan_limits SET allowance = 5 WHERE meter = 'sign_ins' AND plan_id = (SELECT id FROM plans WHERE code = 'team' AND current)",
    );
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    let (one, two) = tokio::join!(invite(&olivia, LEO, "user"), invite(&adam, INES, "user"));
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [303, 409]);
}

#[actix_web::test]
async fn an_ended_plan_invites_nobody_and_still_withdraws() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    invite(&olivia, LEO, "user").await.is(303);
    app.sql("UPDATE plan_subscriptions SET ended_at = period_ends_at");
    invite(&olivia, INES, "user").await.is(409).shows("The plan of this business has ended.");
    olivia.post(&action(&olivia, "resend").await, &[]).await.is(409);
    olivia.post(&action(&olivia, "withdraw").await, &[]).await.goes_to(PATH);
}

#[actix_web::test]
async fn an_invitation_is_sent_again_five_times_a_day() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    invite(&adam, LEO, "user").await.is(303);
    let resend = action(&adam, "resend").await;
    for _ in 0..5 {
        adam.post(&resend, &[]).await.goes_to(PATH);
    }
    adam.get(PATH).await.shows("sent again, with a new key");
    let refused = adam.post(&resend, &[]).await;
    refused.is(429);
    assert!(refused.headers.contains_key("retry-after"));
    let keys: std::collections::BTreeSet<_> = app.letters_to(LEO).into_iter().map(|letter| letter.key).collect();
    assert_eq!(keys.len(), 6);
    app.days_pass(1);
    adam.post(&resend, &[]).await.goes_to(PATH);
}

#[actix_web::test]
async fn withdrawing_and_inviting_anew_does_not_fill_a_mailbox_either() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    for _ in 0..6 {
        invite(&adam, LEO, "user").await.is(303);
        let withdraw = action(&adam, "withdraw").await;
        adam.post(&withdraw, &[]).await.is(303);
    }
    invite(&adam, LEO, "user").await.is(429);
    assert_eq!(app.letters_to(LEO).len(), 6);
}

#[actix_web::test]
async fn what_nobody_used_expires_and_gives_its_place_back() {
    let app = TestApp::start().await;
    on_plan(&app, Gus, "free");
    let gus = app.sign_in(Gus).await;
    invite(&gus, "a@globex.example, b@globex.example", "user").await.is(303);
    app.days_pass(7);
    assert!(listed(&gus, "pending").await.is_empty());
    assert_eq!(listed(&gus, "expired").await.len(), 2);
    gus.get("/team").await.shows("1 of the 3 your plan allows");
    invite(&gus, "a@globex.example", "admin").await.goes_to(PATH);
    app.trail_holds(Gus, "Gus Globe closed the expired invitation of a@globex.example");
    assert_eq!(listed(&gus, "pending").await, ["a@globex.example"]);
    assert_eq!(listed(&gus, "expired").await.len(), 2);
}

#[actix_web::test]
async fn an_expired_invitation_is_sent_again_as_long_as_there_is_room() {
    let app = TestApp::start().await;
    on_plan(&app, Gus, "free");
    let gus = app.sign_in(Gus).await;
    invite(&gus, "a@globex.example", "user").await.is(303);
    let resend = action(&gus, "resend").await;
    app.days_pass(8);
    invite(&gus, "b@globex.example, c@globex.example", "user").await.is(303);
    gus.post(&resend, &[]).await.is(409).shows("allows 3 people who sign in");
    let withdraw = action(&gus, "withdraw").await;
    gus.post(&withdraw, &[]).await.is(303);
    gus.post(&resend, &[]).await.goes_to(PATH);
    assert_eq!(listed(&gus, "pending").await.len(), 2);
}

#[actix_web::test]
async fn ten_people_before_the_own_address_is_confirmed() {
    let app = TestApp::start().await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'gus@globex.example'");
    let gus = app.sign_in(Gus).await;
    let ten: Vec<String> = (0..10).map(|n| format!("p{n}@globex.example")).collect();
    invite(&gus, &ten.join("\n"), "user").await.is(303);
    let refused = invite(&gus, "p10@globex.example", "user").await;
    refused.is(429).shows("Confirm your own address first");
    assert!(refused.headers.contains_key("retry-after"));
    app.sql("UPDATE users SET email_verified_at = created_at WHERE email = 'gus@globex.example'");
    invite(&gus, "p10@globex.example", "user").await.is(303);
}

#[actix_web::test]
async fn two_hundred_and_fifty_people_in_a_day() {
    let app = TestApp::start().await;
    on_plan(&app, Gus, "unlimited");
    let gus = app.sign_in(Gus).await;
    for round in 0..5 {
        let some: Vec<String> = (0..50).map(|n| format!("p{round}x{n}@globex.example")).collect();
        invite(&gus, &some.join(","), "user").await.is(303);
    }
    let refused = invite(&gus, "one.more@globex.example", "user").await;
    refused.is(429).shows("You can invite 250 people in 24 hours.");
    let wait: i64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((80_000..=86_400).contains(&wait), "{wait}");
    gus.get(PATH).await.shows("50 of 250 invitations");
    app.days_pass(1);
    invite(&gus, "one.more@globex.example", "user").await.is(303);
}
