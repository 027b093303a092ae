//! Mistakes that products of this kind are known for, each with the story that shows it cannot happen here.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use crate::support::{Adam, Browser, Cast, Gus, Olivia, Shown, TestApp, Uma};

const LEO: &str = "leo@acme.example";
const PASSWORD: &str = "a horse of another colour";

async fn invite(browser: &Browser, email: &str) -> Shown {
    browser.post("/team/invitations", &[("emails", email), ("role", "user")]).await
}

/// How often each status was answered.
fn statuses(answers: &[Shown]) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer.status).or_insert(0) += 1;
    }
    counts
}

#[actix_web::test]
async fn inviting_somebody_who_is_in_leaves_them_in() {
    let app = TestApp::start().await;
    let (olivia, uma) = (app.sign_in(Olivia).await, app.sign_in(Uma).await);
    let before = app.text("SELECT md5(string_agg(u::text || (to_jsonb(m) - 'last_seen_at')::text, '' ORDER BY m.id)) AS text FROM users u JOIN members m ON m.user_id = u.id");
    for email in [Uma.email(), "UMA@ACME.EXAMPLE"] {
        invite(&olivia, email).await.is(303);
    }
    let after = app.text("SELECT md5(string_agg(u::text || (to_jsonb(m) - 'last_seen_at')::text, '' ORDER BY m.id)) AS text FROM users u JOIN members m ON m.user_id = u.id");
    assert_eq!(before, after);
    assert_eq!(app.letters_where("to_email ILIKE 'uma@%'"), 0);
    uma.get("/").await.is(200);
    app.sign_in(Uma).await;
}

#[actix_web::test]
async fn inviting_somebody_who_signs_in_elsewhere_changes_nothing_of_theirs() {
    let app = TestApp::start().await;
    let row = "SELECT u::text AS text FROM users u WHERE email = 'gus@globex.example'";
    let gus = app.sign_in(Gus).await;
    let before = app.text(row);
    invite(&app.sign_in(Olivia).await, Gus.email()).await.is(303);
    let key = app.key_for(Gus.email());
    let form = [("key", key.as_str()), ("name", "Mallory"), ("password", PASSWORD)];
    let answer = app.visitor().post("/join", &form).await;
    assert!(matches!(answer.status, 409 | 422), "{} {}", answer.status, answer.text());
    assert_eq!(app.text(row), before);
    gus.get("/people").await.is(200).shows("Gus Globe");
    app.visitor().post("/login", &[("email", Gus.email()), ("password", PASSWORD)]).await.is(422);
}

#[actix_web::test]
async fn founding_a_business_with_somebody_elses_ids_touches_nobody() {
    let app = TestApp::start().await;
    let before = app.fingerprint();
    let theirs = [
        ("business.id", Cast::Olivia.business_id()),
        ("business_id", Cast::Olivia.business_id()),
        ("user_id", Cast::Olivia.member_id()),
        ("id", Cast::Olivia.member_id()),
        ("objectId", Cast::Olivia.business_uuid().to_owned()),
    ];
    for (field, id) in &theirs {
        let form = [
            ("business", "Acme"),
            ("name", "Mallory"),
            ("email", "mallory@evil.example"),
            ("password", PASSWORD),
            (field, id.as_str()),
        ];
        app.visitor().post("/signup", &form).await.is(422);
    }
    let known = [("business", "Acme"), ("name", "Mallory"), ("email", Olivia.email()), ("password", PASSWORD)];
    app.visitor().post("/signup", &known).await.is(422).shows("sign in to add a business");
    assert_eq!(app.fingerprint(), before);
    app.sign_in(Olivia).await;
}

#[actix_web::test]
async fn no_right_is_taken_along_at_sign_up() {
    let app = TestApp::start().await;
    let before = app.fingerprint();
    let rights =
        ["role", "is_staff", "is_admin", "status", "plan_id", "application_id", "verified", "email_verified_at"];
    for right in rights {
        let form = [
            ("business", "Initech"),
            ("name", "Ingrid"),
            ("email", "ingrid@initech.example"),
            ("password", PASSWORD),
            (right, "1"),
        ];
        app.visitor().post("/signup", &form).await.is(422).shows("This form has no field");
    }
    assert_eq!(app.fingerprint(), before);
}

#[actix_web::test]
async fn keys_rest_as_hashes_and_each_opens_one_door() {
    let app = TestApp::start().await;
    invite(&app.sign_in(Olivia).await, LEO).await.is(303);
    let invitation = app.key_for(LEO);
    let verification = app.key_for(&app.newcomer(1).await);
    for key in [&invitation, &verification] {
        assert_eq!(key.len(), 43, "32 random bytes");
        let in_the_clear = "SELECT count(*) AS number FROM (SELECT i::text AS row FROM invitations i
             UNION ALL SELECT v::text FROM verification_keys v UNION ALL SELECT l::text FROM letters l
             UNION ALL SELECT a::text FROM audit_entries a) AS rows WHERE position('{key}' in row) > 0";
        assert_eq!(app.number(&in_the_clear.replace("{key}", key)), 0);
    }
    let visitor = app.visitor();
    visitor.get(&format!("/verify?key={invitation}")).await.is(410);
    visitor.post("/verify", &[("key", &invitation)]).await.is(410);
    visitor.get(&format!("/join?key={verification}")).await.is(410);
    let join = [("key", verification.as_str()), ("name", "Leo"), ("password", PASSWORD)];
    visitor.post("/join", &join).await.is(410);
    visitor.get(&format!("/join?key={invitation}")).await.is(200);
    visitor.get(&format!("/verify?key={verification}")).await.is(200);
}

#[actix_web::test]
async fn the_page_of_an_invitation_shows_no_secret_of_the_business() {
    let app = TestApp::start().await;
    invite(&app.sign_in(Olivia).await, LEO).await.is(303);
    let page = app.visitor().get(&format!("/join?key={}", app.key_for(LEO))).await;
    page.is(200).shows("Join Acme").hides("acmeApplication").hides(&Cast::Olivia.business_id());
    page.hides(Adam.email()).hides(Uma.email()).hides("slk_");
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    assert_eq!(page.headers["cache-control"], "no-store");
}

#[actix_web::test]
async fn whoever_is_invited_has_no_password_until_they_choose_one() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    for email in [LEO, "ines@acme.example"] {
        invite(&olivia, email).await.is(303);
    }
    assert_eq!(
        app.number(
            "SELECT count(*) AS number FROM users WHERE email_folded IN ('leo@acme.example', 'ines@acme.example')"
        ),
        0
    );
    for guess in ["password", "changeme123", "correct horse battery", "invited", "Subledger1"] {
        app.visitor().post("/login", &[("email", LEO), ("password", guess)]).await.is(422);
    }
}

#[actix_web::test]
async fn of_fifty_uses_of_one_key_exactly_one_wins() {
    let app = TestApp::start().await;
    invite(&app.sign_in(Olivia).await, LEO).await.is(303);
    let invitation = app.key_for(LEO);
    let verification = app.key_for(&app.newcomer(1).await);
    let join = [("key", invitation.as_str()), ("name", "Leo Lund"), ("password", PASSWORD)];
    let verify = [("key", verification.as_str())];
    for (path, form) in [("/join", &join[..]), ("/verify", &verify[..])] {
        let tabs: Vec<Browser> = (0..50).map(|_| app.visitor()).collect();
        let counts = statuses(&join_all(tabs.iter().map(|tab| tab.post(path, form))).await);
        assert_eq!(counts.get(&303), Some(&1), "{path}: {counts:?}");
        assert!(counts.keys().all(|status| [303, 409, 410, 503].contains(status)), "{path}: {counts:?}");
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM users WHERE email_folded = 'leo@acme.example'"), 1);
    assert_eq!(
        app.number(
            "SELECT count(*) AS number FROM members WHERE email_folded = 'leo@acme.example' AND status = 'active'"
        ),
        1
    );
    app.trail_holds(Olivia, "Leo Lund joined as user, invited by Olivia Owens");
}

#[actix_web::test]
async fn periods_that_ended_while_nothing_ran_are_written_when_something_does() {
    let app = TestApp::start().await;
    let periods =
        "SELECT count(*) AS number FROM plan_periods WHERE business_id = '01900000-0000-7000-8000-00000000000a'";
    assert_eq!(app.number(periods), 1);
    app.days_pass(100);
    app.work_until_idle().await;
    let after = app.number(periods);
    assert!((4..=5).contains(&after), "{after} periods after a hundred days");
    app.work_until_idle().await;
    assert_eq!(app.number(periods), after);
}

#[actix_web::test]
async fn a_business_has_one_plan_whoever_asks_for_two() {
    let app = TestApp::start().await;
    let (first, second) = (app.sign_in(Olivia).await, app.sign_in(Olivia).await);
    let answers = join_all([(&first, "team"), (&second, "free")].map(|(browser, plan)| async move {
        browser.post("/settings/plan", &[("plan", plan), ("confirm", "1")]).await
    }))
    .await;
    assert!(answers.iter().all(|answer| matches!(answer.status, 303 | 409 | 422)), "{:?}", statuses(&answers));
    let rows =
        "SELECT count(*) AS number FROM plan_subscriptions WHERE business_id = '01900000-0000-7000-8000-00000000000a'";
    assert_eq!(app.number(rows), 1);
    first.get("/settings/plan").await.is(200);
}
