//! Inviting people into the team, sending again, taking back.

use crate::support::{Adam, Audrey, Browser, Gus, Olivia, Shown, TestApp, Uma};

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

#[actix_web::test]
async fn adam_invites_two_at_once_and_each_letter_holds_its_own_key() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let fields = [
        ("emails", "leo@acme.example, Ines.Okafor@acme.example\nLEO@acme.example"),
        ("role", "auditor"),
        ("department", "Finance"),
        ("message", "Welcome.\r\nSee you on Monday."),
    ];
    adam.post(PATH, &fields).await.goes_to(PATH);
    adam.get(PATH)
        .await
        .shows("Invited leo@acme.example and Ines.Okafor@acme.example.")
        .shows("Waiting, 7 days left")
        .shows("Auditor · Finance")
        .shows("by Adam Adler")
        .shows("6 of the 250 your plan allows");
    let letter = app.letters_to(LEO).pop().unwrap();
    assert_eq!(letter.kind, "invitation");
    assert_eq!(letter.details["inviter"], "Adam Adler");
    assert_eq!(letter.details["business"], "Acme");
    assert_eq!(letter.details["message"], "Welcome.\nSee you on Monday.");
    let key = letter.key.unwrap();
    assert!(!letter.details.to_string().contains(&key));
    assert_ne!(app.key_for("Ines.Okafor@acme.example"), key);
    app.trail_holds(Adam, "Adam Adler invited leo@acme.example as auditor");
    app.trail_holds(Adam, "Adam Adler invited Ines.Okafor@acme.example as auditor");
    let people = adam.get("/people?status=invited").await;
    assert_eq!(people.texts("tbody th a"), ["Ines Okafor", "Leo"]);
    adam.get("/team").await.shows(LEO).shows("Invitations");
}

#[actix_web::test]
async fn people_who_are_in_already_are_told_and_not_invited_again() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    invite(&olivia, LEO, "user").await.is(303);
    invite(&olivia, &format!("{LEO}, {INES}, {}", Uma.email()), "user").await.goes_to(PATH);
    olivia
        .get(PATH)
        .await
        .shows("Invited ines.okafor@acme.example.")
        .shows("uma@acme.example is in the team already.")
        .shows("leo@acme.example is invited already.");
    invite(&olivia, LEO, "admin").await.is(303);
    olivia.get(PATH).await.shows("Nobody new was invited.");
    assert_eq!(app.letters_to(LEO).len(), 1);
    assert!(app.letters_to(Uma.email()).is_empty());
}

#[actix_web::test]
async fn one_wrong_address_invites_nobody() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let page = invite(&olivia, "leo@acme.example\nnobody", "user").await;
    page.is(422).shows("“nobody” is not an address");
    assert_eq!(page.texts("#emails"), ["leo@acme.example nobody"]);
    invite(&olivia, "", "user").await.is(422).shows("Write at least one address");
    invite(&olivia, LEO, "king").await.is(422).shows("Choose one of the roles of the list.");
    let long = "x".repeat(1_001);
    olivia
        .post(PATH, &[("emails", LEO), ("role", "user"), ("message", &long)])
        .await
        .is(422)
        .shows("at most 1,000 characters");
    assert_eq!(app.number("SELECT count(*) AS number FROM invitations"), 0);
    assert_eq!(app.number("SELECT count(*) AS number FROM letters"), 0);
}

#[actix_web::test]
async fn a_double_click_invites_once() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let fields = [("emails", LEO), ("role", "user"), ("department", ""), ("message", "")];
    let (one, two) = tokio::join!(olivia.post_once(PATH, "same", &fields), olivia.post_once(PATH, "same", &fields));
    assert_eq!((one.status, two.status), (303, 303));
    assert_eq!(app.letters_to(LEO).len(), 1);
    app.trail_holds(Olivia, "Olivia Owens invited leo@acme.example as user");
}

#[actix_web::test]
async fn an_admin_cannot_make_an_owner_and_the_attempt_is_kept() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let page = adam.get(PATH).await;
    assert_eq!(page.texts("#role option"), ["Admin", "Auditor", "User"], "what cannot be given is not offered");
    invite(&adam, LEO, "owner").await.is(403).shows("roles up to your own");
    assert_eq!(app.number("SELECT count(*) AS number FROM invitations"), 0);
    app.trail_holds(Adam, "Adam Adler tried to invite people");
    let olivia = app.sign_in(Olivia).await;
    invite(&olivia, LEO, "owner").await.goes_to(PATH);
    adam.post(&action(&olivia, "resend").await, &[]).await.is(403);
    adam.post(&action(&olivia, "withdraw").await, &[]).await.is(403);
}

#[actix_web::test]
async fn audrey_reads_the_team_and_uma_does_not() {
    let app = TestApp::start().await;
    let (olivia, audrey, uma) = (app.sign_in(Olivia).await, app.sign_in(Audrey).await, app.sign_in(Uma).await);
    invite(&olivia, LEO, "user").await.is(303);
    let withdraw = action(&olivia, "withdraw").await;
    audrey.get("/team").await.is(200).shows("Adam Adler").shows(LEO).hides("Invite people");
    audrey.get(PATH).await.is(200).shows(LEO).hides("Send invitations").hides("Withdraw<");
    for browser in [&audrey, &uma] {
        invite(browser, INES, "user").await.is(403);
        browser.post(&withdraw, &[]).await.is(403);
        browser.post(&withdraw.replace("withdraw", "resend"), &[]).await.is(403);
        browser.post(&withdraw.replace("withdraw", "link"), &[]).await.is(403);
    }
    uma.get("/team").await.is(403);
    uma.get(PATH).await.is(403);
}

#[actix_web::test]
async fn acmes_invitations_are_not_there_for_globex() {
    let app = TestApp::start().await;
    let (olivia, gus) = (app.sign_in(Olivia).await, app.sign_in(Gus).await);
    invite(&olivia, LEO, "user").await.is(303);
    for verb in ["resend", "withdraw", "link"] {
        gus.post(&action(&olivia, verb).await, &[]).await.is(404);
        gus.post(&format!("{PATH}/nothing/{verb}"), &[]).await.is(404);
    }
    gus.get(PATH).await.is(200).hides(LEO);
    invite(&gus, LEO, "user").await.goes_to(PATH);
    assert_eq!(app.letters_to(LEO).len(), 2);
}

#[actix_web::test]
async fn a_withdrawn_invitation_leaves_leo_in_the_directory() {
    let app = TestApp::start().await;
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    invite(&olivia, LEO, "user").await.is(303);
    let withdraw = action(&adam, "withdraw").await;
    adam.post(&withdraw, &[]).await.goes_to(PATH);
    adam.get(PATH).await.shows("The invitation of leo@acme.example is withdrawn");
    assert_eq!(listed(&adam, "withdrawn").await, [LEO]);
    assert_eq!(adam.get("/people?status=directory").await.texts("tbody th a"), ["Leo"]);
    app.trail_holds(Adam, "Adam Adler withdrew the invitation of leo@acme.example");
    adam.post(&withdraw, &[]).await.is(409).shows("does not wait any more");
    adam.post(&withdraw.replace("withdraw", "resend"), &[]).await.is(409);
    invite(&adam, LEO, "auditor").await.goes_to(PATH);
    assert_eq!(listed(&adam, "pending").await, [LEO]);
}

#[actix_web::test]
async fn the_worker_writes_down_what_has_expired_once() {
    use subledger::domain::access::for_rounds;
    use subledger::domain::team::expire::ExpireInvitations;
    let app = TestApp::start().await;
    let (gus, olivia) = (app.sign_in(Gus).await, app.sign_in(Olivia).await);
    invite(&gus, "a@globex.example", "user").await.is(303);
    invite(&olivia, &format!("{LEO}, {INES}"), "user").await.is(303);
    app.days_pass(7);
    invite(&olivia, "bea@acme.example", "user").await.is(303);
    let rounds = for_rounds();
    let (one, two) = tokio::join!(
        app.app.db.sweep(&rounds, ExpireInvitations { batch: 100 }),
        app.app.db.sweep(&rounds, ExpireInvitations { batch: 100 })
    );
    assert_eq!(one.unwrap() + two.unwrap(), 3);
    app.trail_holds(Gus, "worker closed the expired invitation of a@globex.example");
    app.trail_holds(Olivia, "worker closed the expired invitation of leo@acme.example");
    assert_eq!(olivia.get("/people?status=directory").await.texts("tbody th a"), ["Ines Okafor", "Leo"]);
    assert_eq!(listed(&olivia, "pending").await, ["bea@acme.example"]);
}

#[actix_web::test]
async fn where_no_letters_are_sent_a_link_is_shown_once() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    invite(&olivia, LEO, "user").await.is(303);
    let mailed = app.key_for(LEO);
    let path = action(&olivia, "link").await;
    let page = olivia.post(&path, &[]).await;
    page.is(200).shows("is shown this once");
    let link = page.attribute("#link", "value").unwrap();
    assert!(link.starts_with(&app.url));
    let visitor = app.visitor();
    visitor.get(link.trim_start_matches(&app.url)).await.is(200).shows("Join Acme");
    visitor.get(&format!("/join?key={mailed}")).await.is(410);
    let key = link.rsplit('=').next().unwrap();
    olivia.get(PATH).await.is(200).hides(key);
    for table in ["once_answers", "letters", "audit_entries", "sessions"] {
        let found = app.number(&format!("SELECT count(*) AS number FROM {table} t WHERE t::text LIKE '%{key}%'"));
        assert_eq!(found, 0, "{table}");
    }
    app.trail_holds(Olivia, "Olivia Owens made a new link for the invitation of leo@acme.example");
}

#[actix_web::test]
async fn where_letters_are_sent_no_link_is_made() {
    let settings = [("SUBLEDGER_SMTP_URL", "smtp://127.0.0.1:1"), ("SUBLEDGER_MAIL_FROM", "books@acme.example")];
    let app = TestApp::start_with(&settings).await;
    let olivia = app.sign_in(Olivia).await;
    invite(&olivia, LEO, "user").await.is(303);
    olivia.get(PATH).await.hides("Make a new link");
    let path = action(&olivia, "resend").await.replace("resend", "link");
    olivia.post(&path, &[]).await.is(404);
}

#[actix_web::test]
async fn people_who_were_picked_stand_in_the_form() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let page = olivia.get("/team/invitations?emails=leo%40acme.example&emails=ines.okafor%40acme.example").await;
    assert_eq!(page.texts("#emails"), ["leo@acme.example ines.okafor@acme.example"]);
}

#[actix_web::test]
async fn whoever_has_left_is_not_invited_by_mistake() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.post("/people", &[("name", "Leo Lund"), ("email", LEO), ("left_on", "2026-02-01")]).await.is(303);
    invite(&olivia, &format!("{LEO}, {INES}"), "user").await.is(422).shows("leo@acme.example has left.");
    assert_eq!(app.number("SELECT count(*) AS number FROM invitations"), 0);
}

#[actix_web::test]
async fn an_invited_persons_address_stands_still() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    invite(&olivia, LEO, "user").await.is(303);
    let people = olivia.get("/people?q=leo").await;
    let path = people.attribute("tbody th a", "href").unwrap();
    olivia.get(&path).await.shows("Invited as user");
    olivia
        .post(&path, &[("name", "Leo Lund"), ("email", "thief@evil.example")])
        .await
        .is(422)
        .shows("Withdraw it, then change the address.");
    olivia
        .post(&path, &[("name", "Leo Lund"), ("email", LEO), ("left_on", "2026-02-01")])
        .await
        .is(422)
        .shows("Withdraw it, then write the last day.");
    olivia.post(&path, &[("name", "Leo Lund"), ("email", LEO)]).await.goes_to(&path);
}
