//! The team: who is what, whose access ends, who gets it back, and what a business always keeps.

use crate::support::cast::PASSWORD;
use crate::support::{Adam, Audrey, Browser, Cast, Gus, Olivia, Shown, TestApp, Uma};

fn team(person: Cast, verb: &str) -> String {
    format!("/team/{}/{verb}", person.member_id())
}

async fn make(browser: &Browser, person: Cast, role: &str) -> Shown {
    browser.post(&team(person, "role"), &[("role", role)]).await
}

fn role_of(app: &TestApp, person: Cast) -> String {
    app.text(&format!("SELECT role || ' ' || status AS text FROM members WHERE id = '{}'", person.member_uuid()))
}

fn owners(app: &TestApp) -> i64 {
    let acme = Olivia.business_uuid();
    app.number(&format!(
        "SELECT count(*) AS number FROM members WHERE business_id = '{acme}' AND role = 'owner' AND status = 'active'"
    ))
}

#[actix_web::test]
async fn adam_makes_uma_an_auditor_and_she_is_told() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    adam.get("/team").await.is(200).shows("Make auditor").hides("Make owner");
    make(&adam, Uma, "auditor").await.goes_to("/team");
    adam.get("/team").await.shows("Uma Usher is an auditor now.");
    uma.get("/team").await.is(200);
    uma.get("/subscriptions/new").await.is(403);
    app.trail_holds(Adam, "Adam Adler changed the role of Uma Usher from user to auditor");
    let letters = app.letters_to(Uma.email());
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].kind.as_str(), &letters[0].details["by"]), ("role_changed", &"Adam Adler".into()));
    make(&adam, Uma, "auditor").await.goes_to("/team");
    assert_eq!(app.letters_to(Uma.email()).len(), 1, "nothing changed, so nothing is told");
}

#[actix_web::test]
async fn nobody_reaches_above_their_own_rank() {
    let app = TestApp::start().await;
    let (adam, audrey, uma) = (app.sign_in(Adam).await, app.sign_in(Audrey).await, app.sign_in(Uma).await);
    make(&adam, Adam, "owner").await.is(403).shows("You can give roles up to your own.");
    make(&adam, Uma, "owner").await.is(403);
    for path in [team(Olivia, "role"), team(Olivia, "deactivate"), team(Adam, "hand-over")] {
        let fields: &[(&str, &str)] = match path.rsplit('/').next().unwrap() {
            "role" => &[("role", "user")],
            "hand-over" => &[("confirm", "Acme")],
            _ => &[],
        };
        adam.post(&path, fields).await.is(403);
        audrey.post(&path, fields).await.is(403);
        uma.post(&path, fields).await.is(403);
    }
    make(&audrey, Audrey, "owner").await.is(403);
    make(&uma, Uma, "admin").await.is(403);
    for person in [Olivia, Adam, Audrey, Uma] {
        assert_eq!(role_of(&app, person), format!("{} active", person.role()));
    }
    app.trail_holds(Adam, "Uma Usher tried to deactivate somebody");
    make(&adam, Adam, "sorcerer").await.is(422);
    make(&app.sign_in(Gus).await, Uma, "admin").await.is(404);
}

#[actix_web::test]
async fn the_last_owner_stays_one() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    make(&olivia, Olivia, "admin").await.is(409).shows("a business keeps at least one");
    olivia.post(&team(Olivia, "deactivate"), &[]).await.is(409);
    make(&olivia, Adam, "owner").await.goes_to("/team");
    make(&olivia, Olivia, "user").await.goes_to("/");
    olivia.get("/team").await.is(403);
    assert_eq!(owners(&app), 1);
    app.trail_holds(Olivia, "Olivia Owens changed the role of Olivia Owens from owner to user");
}

#[actix_web::test]
async fn two_owners_who_demote_each_other_leave_one() {
    let app = TestApp::start().await;
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    for round in 0..50 {
        app.sql(&format!(
            "UPDATE members SET role = 'owner' WHERE id IN ('{}', '{}')",
            Olivia.member_uuid(),
            Adam.member_uuid()
        ));
        let (one, other) = tokio::join!(make(&olivia, Adam, "user"), make(&adam, Olivia, "user"));
        assert_eq!(owners(&app), 1, "round {round}: {} {}", one.status, other.status);
        assert!(one.status < 500 && other.status < 500);
    }
}

#[actix_web::test]
async fn uma_is_deactivated_at_her_next_request_and_comes_back() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    uma.get("/").await.is(200);
    adam.post(&team(Uma, "deactivate"), &[]).await.goes_to("/team");
    uma.get("/").await.is(403).shows("belong to no business");
    uma.post("/subscriptions", &[("service", "Figma")]).await.is(403);
    adam.get("/team").await.shows("Deactivated").shows("Reactivate");
    adam.get(&format!("/people/{}", Uma.member_id())).await.shows("Reactivate");
    assert_eq!(app.letters_to(Uma.email())[0].kind, "access_ended");
    adam.post(&team(Uma, "deactivate"), &[]).await.is(409);
    adam.post(&team(Uma, "reactivate"), &[]).await.goes_to("/team");
    uma.get("/").await.is(200);
    adam.post(&team(Uma, "reactivate"), &[]).await.is(409);
    app.trail_holds(Adam, "Adam Adler deactivated Uma Usher");
    app.trail_holds(Adam, "Adam Adler reactivated Uma Usher");
}

#[actix_web::test]
async fn coming_back_takes_a_place_of_the_plan() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.post(&team(Uma, "deactivate"), &[]).await.is(303);
    let free = "00000000-0000-7000-8000-000000000102";
    app.sql(&format!(
        "UPDATE plan_subscriptions SET plan_id = '{free}' WHERE business_id = '{}'",
        Olivia.business_uuid()
    ));
    olivia.post(&team(Uma, "reactivate"), &[]).await.is(409).shows("The plan Free allows 3");
    assert_eq!(role_of(&app, Uma), "user deactivated");
}

#[actix_web::test]
async fn what_adam_sent_and_nobody_used_is_withdrawn_with_him() {
    let app = TestApp::start().await;
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    for email in ["leo@acme.example", "ivy@acme.example"] {
        let fields = [("emails", email), ("role", "user"), ("department", ""), ("message", "")];
        adam.post("/team/invitations", &fields).await.is(303);
    }
    let key = app.key_for("leo@acme.example");
    make(&olivia, Adam, "user").await.goes_to("/team");
    app.visitor().get(&format!("/join?key={key}")).await.is(410);
    olivia.get("/team/invitations?state=withdrawn").await.shows("leo@acme.example").shows("ivy@acme.example");
    app.trail_holds(Olivia, "Olivia Owens withdrew the invitation of leo@acme.example");
    let entry = "SELECT changes::text AS text FROM audit_entries WHERE action = 'member.role_changed'";
    assert!(app.text(entry).contains("leo@acme.example, ivy@acme.example"));
}

#[actix_web::test]
async fn olivia_hands_acme_over_to_adam() {
    let app = TestApp::start().await;
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    let path = team(Adam, "hand-over");
    app.minutes_pass(11);
    let asked = format!("/reauth?next={}", path.replace('/', "%2F"));
    olivia.get(&path).await.goes_to(&asked);
    olivia.post(&path, &[("confirm", "Adam Adler")]).await.goes_to("/reauth?next=%2Fteam");
    assert_eq!(role_of(&app, Adam), "admin active");
    olivia.post("/reauth", &[("password", PASSWORD), ("next", &path)]).await.goes_to(&path);
    olivia.get(&path).await.is(200).shows("Type “Adam Adler” to confirm").shows("You become an admin");
    olivia.post(&path, &[("confirm", "somebody")]).await.is(422).shows("Type “Adam Adler” to confirm.");
    assert_eq!(role_of(&app, Adam), "admin active");
    olivia.post(&path, &[("confirm", "adam adler")]).await.goes_to("/team");
    assert_eq!((role_of(&app, Adam), role_of(&app, Olivia)), ("owner active".into(), "admin active".into()));
    adam.get("/settings/plan/choose").await.is(200);
    olivia.post(&path, &[("confirm", "Acme")]).await.is(403);
    app.trail_holds(Olivia, "Olivia Owens handed the business over to Adam Adler");
    assert_eq!(app.letters_to(Adam.email())[0].kind, "role_changed");
    let adam = app.sign_in(Adam).await;
    adam.post(&team(Adam, "hand-over"), &[("confirm", "Acme")]).await.is(409);
}

#[actix_web::test]
async fn what_somebody_leaves_behind_is_flagged_everywhere() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let uma = Uma.member_id();
    let fields = [
        ("service", "Figma"),
        ("cost", "10"),
        ("currency", "EUR"),
        ("cycle_unit", "month"),
        ("cycle_count", "1"),
        ("renews_on", "2030-01-31"),
        ("seats", "5"),
        ("owner", uma.as_str()),
    ];
    let figma = olivia.post("/subscriptions", &fields).await.location().to_owned();
    olivia.post(&format!("{figma}/licenses"), &[("member", &uma)]).await.is(303);
    olivia.get("/").await.hides("still hold");
    olivia.get("/people").await.hides("Still holds");
    olivia.post(&team(Uma, "deactivate"), &[]).await.is(303);
    olivia.get("/").await.shows("have left still hold 1 seat and own 1 subscription");
    olivia.get("/people").await.shows("Still holds 1 seat and owns 1 subscription");
    let page = olivia.get(&format!("/people/{uma}")).await;
    page.shows("Still holds 1 seat and owns 1 subscription").shows("Choose another owner");
    olivia.get("/subscriptions").await.shows("Owner has left");
    let shown = olivia.get(&figma).await;
    shown.shows("has left").shows("Deactivated");
    let seat = shown.attribute("a[href^='/licenses/']", "href").unwrap();
    olivia.get(&seat).await.shows("Deactivated");
}

#[actix_web::test]
async fn the_team_shows_who_was_here_when() {
    let app = TestApp::start().await;
    let (olivia, _uma) = (app.sign_in(Olivia).await, app.sign_in(Uma).await);
    let written = format!(
        "SELECT count(*) AS number FROM members WHERE business_id = '{}' AND last_seen_at IS NOT NULL",
        Olivia.business_uuid()
    );
    olivia.get("/team").await.is(200);
    assert_eq!(app.number(&written), 1, "Uma signed in and has not opened a page");
    let seen = "SELECT last_seen_at::text AS text FROM members WHERE last_seen_at IS NOT NULL";
    let first = app.text(seen);
    app.minutes_pass(59);
    olivia.get("/team").await.is(200);
    assert_eq!(app.text(seen), first, "a visit within the hour is not written");
    app.minutes_pass(2);
    olivia.get("/team").await.is(200);
    assert_ne!(app.text(seen), first);
}
