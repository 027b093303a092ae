//! Joining a team with the key of an invitation.

use crate::support::{Adam, Browser, Cast, Gus, Olivia, Shown, TestApp, Uma};

const LEO: &str = "leo@acme.example";
const PASSWORD: &str = "a horse of another colour";

/// Adam (or whoever) invites this address; the key its letter holds.
async fn invited(app: &TestApp, by: Cast, email: &str, role: &str) -> String {
    let browser = app.sign_in(by).await;
    let fields = [("emails", email), ("role", role), ("department", ""), ("message", "")];
    browser.post("/team/invitations", &fields).await.is(303);
    app.key_for(email)
}

async fn join(browser: &Browser, key: &str) -> Shown {
    let fields = [("key", key), ("name", "Leo Lund"), ("password", PASSWORD)];
    browser.post("/join", &fields).await
}

async fn look(browser: &Browser, key: &str) -> Shown {
    browser.get(&format!("/join?key={key}")).await
}

fn memberships(app: &TestApp, email: &str) -> i64 {
    app.number(&format!(
        "SELECT count(*) AS number FROM members m JOIN users u ON u.id = m.user_id WHERE u.email_folded = '{email}' AND m.status = 'active'"
    ))
}

#[actix_web::test]
async fn leo_opens_his_letter_joins_and_is_in() {
    let app = TestApp::start().await;
    let key = invited(&app, Adam, LEO, "auditor").await;
    let leo = app.visitor();
    for _ in 0..2 {
        let page = look(&leo, &key).await;
        page.is(200)
            .shows("Join Acme")
            .shows("Adam Adler invites you as auditor")
            .shows("You can read every subscription");
        assert_eq!(page.attribute("#email", "value").as_deref(), Some(LEO));
        assert_eq!(page.attribute("#name", "value").as_deref(), Some("Leo"));
    }
    join(&leo, &key).await.goes_to("/");
    leo.get("/").await.is(200).shows("You are in Acme now.").shows("Auditor of Acme");
    leo.get("/team").await.is(200).shows("Leo Lund");
    app.trail_holds(Adam, "Leo Lund joined as auditor, invited by Adam Adler");
    let letters = app.letters_to(Adam.email());
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].kind, "invitation_accepted");
    assert_eq!(letters[0].details["person"], "Leo Lund");
    let again = app.visitor();
    again.post("/login", &[("email", LEO), ("password", PASSWORD)]).await.goes_to("/");
    let verified =
        "SELECT count(*) AS number FROM users WHERE email = 'leo@acme.example' AND email_verified_at IS NOT NULL";
    assert_eq!(app.number(verified), 1, "the mailed key has shown that letters arrive");
}

#[actix_web::test]
async fn a_key_that_does_not_work_says_the_same_whatever_the_reason() {
    let app = TestApp::start().await;
    let used = invited(&app, Adam, LEO, "user").await;
    join(&app.visitor(), &used).await.goes_to("/");
    let withdrawn = invited(&app, Adam, "ines@acme.example", "user").await;
    let adam = app.sign_in(Adam).await;
    let page = adam.get("/team/invitations").await;
    let withdraw = page.attribute("form[action$='/withdraw']", "action").unwrap();
    adam.post(&withdraw, &[]).await.is(303);
    let replaced = invited(&app, Adam, "bea@acme.example", "user").await;
    let page = adam.get("/team/invitations").await;
    let resend = page.attribute("form[action$='/resend']", "action").unwrap();
    adam.post(&resend, &[]).await.is(303);
    look(&app.visitor(), &app.key_for("bea@acme.example")).await.is(200);
    let expired = invited(&app, Gus, "old@globex.example", "user").await;
    app.days_pass(7);

    let unknown = "A".repeat(43);
    let told: Vec<String> = {
        let mut told = Vec::new();
        for key in [&used, &withdrawn, &replaced, &expired, &unknown, &"short".to_owned(), &String::new()] {
            let visitor = app.visitor();
            told.push(look(&visitor, key).await.is(410).text());
            told.push(join(&visitor, key).await.is(410).text());
        }
        told
    };
    assert!(told[0].contains("Ask the person who invited you"));
    assert!(told.iter().all(|text| *text == told[0]), "{told:#?}");
    assert_eq!(memberships(&app, LEO), 1);
}

#[actix_web::test]
async fn twenty_tabs_join_once() {
    let app = TestApp::start().await;
    let key = invited(&app, Adam, LEO, "user").await;
    let tabs: Vec<Browser> = (0..20).map(|_| app.visitor()).collect();
    let answers = futures_util::future::join_all(tabs.iter().map(|tab| join(tab, &key))).await;
    let mut counts = std::collections::BTreeMap::new();
    for answer in &answers {
        *counts.entry(answer.status).or_insert(0) += 1;
    }
    assert_eq!(counts.get(&303), Some(&1), "{counts:?}");
    assert!(counts.keys().all(|status| [303, 409, 410, 503].contains(status)), "{counts:?}");
    assert_eq!(memberships(&app, LEO), 1);
    app.trail_holds(Adam, "Leo Lund joined as user, invited by Adam Adler");
}

#[actix_web::test]
async fn a_weak_password_is_refused_and_the_key_still_works() {
    let app = TestApp::start().await;
    let key = invited(&app, Adam, LEO, "user").await;
    let leo = app.visitor();
    let page = leo.post("/join", &[("key", &key), ("name", ""), ("password", "short")]).await;
    page.is(422).shows("Two answers need another look").hides("short\"");
    leo.post("/join", &[("key", &key), ("name", "Leo"), ("password", LEO)]).await.is(422).shows("harder to guess");
    join(&leo, &key).await.goes_to("/");
}

#[actix_web::test]
async fn a_role_in_the_form_is_refused() {
    let app = TestApp::start().await;
    let key = invited(&app, Adam, LEO, "user").await;
    let fields = [("key", key.as_str()), ("name", "Leo"), ("password", PASSWORD), ("role", "owner")];
    app.visitor().post("/join", &fields).await.is(422).shows("no field “role”");
    assert_eq!(memberships(&app, LEO), 0);
}

#[actix_web::test]
async fn gus_has_an_account_so_he_signs_in_and_joins_as_himself() {
    let app = TestApp::start().await;
    let key = invited(&app, Olivia, Gus.email(), "admin").await;
    let stranger = app.visitor();
    let page = look(&stranger, &key).await;
    page.is(200).shows("Sign in to accept");
    assert_eq!(page.attribute("main a.btn-primary", "href"), Some(format!("/login?next=%2Fjoin%3Fkey%3D{key}")));
    let fields = [("key", key.as_str()), ("name", "Thief"), ("password", PASSWORD)];
    stranger.post("/join", &fields).await.is(409).shows("Sign in to accept");
    stranger.post("/join", &[("key", &key), ("accept", "1")]).await.is(409);
    stranger.post("/login", &[("email", Gus.email()), ("password", PASSWORD)]).await.is(422);

    let gus = app.sign_in(Gus).await;
    look(&gus, &key).await.is(200).shows("You are signed in as gus@globex.example.");
    gus.post_exactly("/join", &[("key", &key), ("accept", "0")]).await.is(422);
    gus.post_exactly("/join", &[("key", &key), ("accept", "1")]).await.goes_to("/");
    gus.get("/").await.shows("You are in Acme now.").shows("Admin of Acme").shows("Globex");
    app.trail_holds(Olivia, "Gus Globe joined as admin, invited by Olivia Owens");
    let at_home = "SELECT count(*) AS number FROM members WHERE email = 'gus@globex.example' AND role = 'owner' AND status = 'active'";
    assert_eq!(app.number(at_home), 1, "his own business is as it was");
}

#[actix_web::test]
async fn somebody_elses_letter_lets_nobody_in() {
    let app = TestApp::start().await;
    let key = invited(&app, Olivia, LEO, "admin").await;
    let gus = app.sign_in(Gus).await;
    look(&gus, &key).await.is(200).shows("The invitation is for leo@acme.example");
    gus.post_exactly("/join", &[("key", &key), ("accept", "1")])
        .await
        .is(403)
        .shows("The invitation is for leo@acme.example");
    gus.post_exactly("/join", &[("key", &key), ("name", "Gus"), ("password", PASSWORD)]).await.is(422);
    assert_eq!(memberships(&app, Gus.email()), 1);
    join(&app.visitor(), &key).await.goes_to("/");
}

#[actix_web::test]
async fn an_address_that_is_not_confirmed_does_not_match() {
    let app = TestApp::start().await;
    app.sql("UPDATE users SET email_verified_at = NULL WHERE email = 'gus@globex.example'");
    let key = invited(&app, Olivia, Gus.email(), "user").await;
    let gus = app.sign_in(Gus).await;
    look(&gus, &key).await.shows("is not confirmed yet");
    gus.post_exactly("/join", &[("key", &key), ("accept", "1")]).await.is(403);
    assert_eq!(memberships(&app, Gus.email()), 1);
}

#[actix_web::test]
async fn joining_changes_no_membership_that_stands() {
    let app = TestApp::start().await;
    app.sql(
        "UPDATE users SET email = 'u@home.example', email_folded = 'u@home.example' WHERE email = 'uma@acme.example'",
    );
    let key = invited(&app, Olivia, "u@home.example", "admin").await;
    let uma = app.visitor();
    let fields = [("email", "u@home.example"), ("password", "correct horse battery")];
    uma.post("/login", &fields).await.goes_to("/");
    uma.post("/join", &[("key", &key), ("accept", "1")]).await.is(409).shows("You are in this business already");
    let as_before = "SELECT count(*) AS number FROM members WHERE email = 'uma@acme.example' AND role = 'user' AND status = 'active'";
    assert_eq!(app.number(as_before), 1);
    assert_eq!(memberships(&app, "u@home.example"), 1);
}

#[actix_web::test]
async fn an_inviter_who_lost_the_right_invites_nobody_any_more() {
    let app = TestApp::start().await;
    let keys =
        [invited(&app, Adam, "a@acme.example", "user").await, invited(&app, Adam, "b@acme.example", "admin").await];
    let set = |sql: &str| app.sql(&format!("UPDATE members SET {sql} WHERE id = '{}'", Adam.member_uuid()));
    for loss in ["role = 'auditor'", "role = 'user'", "status = 'deactivated'", "status = 'left'"] {
        set(loss);
        for key in &keys {
            look(&app.visitor(), key).await.is(410);
            join(&app.visitor(), key).await.is(410);
        }
        set("role = 'admin', status = 'active'");
    }
    set("role = 'owner'");
    let owners = invited(&app, Adam, "c@acme.example", "owner").await;
    set("role = 'admin'");
    join(&app.visitor(), &owners).await.is(410);
    join(&app.visitor(), &keys[0]).await.goes_to("/");
    let olivia = app.sign_in(Olivia).await;
    let page = olivia.get("/team/invitations").await;
    let resend = page.attribute("form[action$='/resend']", "action").unwrap();
    olivia.post(&resend, &[]).await.is(303);
    join(&app.visitor(), &app.key_for("c@acme.example")).await.goes_to("/");
}

#[actix_web::test]
async fn a_plan_without_room_lets_nobody_in_until_there_is_some() {
    let app = TestApp::start().await;
    let key = invited(&app, Adam, LEO, "user").await;
    let plan = |code: &str| {
        app.sql(&format!(
            "UPDATE plan_subscriptions SET plan_id = (SELECT id FROM plans WHERE code = '{code}' AND current)"
        ));
    };
    plan("free");
    let leo = app.visitor();
    join(&leo, &key).await.is(409).shows("no place left just now").hides("/settings/plan");
    assert_eq!(memberships(&app, LEO), 0);
    plan("team");
    app.sql("UPDATE plan_subscriptions SET ended_at = period_ends_at");
    join(&leo, &key).await.is(409).shows("has ended, so nobody can join");
    app.sql("UPDATE plan_subscriptions SET ended_at = NULL");
    join(&leo, &key).await.goes_to("/");
}

#[actix_web::test]
async fn an_invitation_holds_its_own_place() {
    let app = TestApp::start().await;
    app.sql("UPDATE plan_subscriptions SET plan_id = (SELECT id FROM plans WHERE code = 'free' AND current)");
    let first = invited(&app, Gus, "a@globex.example", "user").await;
    let second = invited(&app, Gus, "b@globex.example", "user").await;
    join(&app.visitor(), &first).await.goes_to("/");
    join(&app.visitor(), &second).await.goes_to("/");
    app.sign_in(Gus).await.get("/team").await.shows("3 of the 3 your plan allows");
}

#[actix_web::test]
async fn whoever_could_sign_in_once_comes_back_in_the_new_role() {
    let app = TestApp::start().await;
    app.sql(&format!("UPDATE members SET status = 'deactivated' WHERE id = '{}'", Uma.member_uuid()));
    let key = invited(&app, Olivia, Uma.email(), "auditor").await;
    let uma = app.visitor();
    let fields = [("email", Uma.email()), ("password", "correct horse battery")];
    uma.post("/login", &fields).await.goes_to("/");
    uma.post("/join", &[("key", &key), ("accept", "1")]).await.goes_to("/");
    uma.get("/").await.shows("Auditor of Acme");
    assert_eq!(memberships(&app, Uma.email()), 1);
}
