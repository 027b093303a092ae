//! Who may found a business: each mode says the truth on every page, and strangers found only so many.

use crate::support::{Olivia, TestApp, Uma};

const FORM: [(&str, &str); 4] = [
    ("business", "Initech"),
    ("name", "Ingrid Initech"),
    ("email", "ingrid@initech.example"),
    ("password", "stapler of many colours"),
];

#[actix_web::test]
async fn where_people_come_by_invitation_strangers_find_no_form_and_olivia_adds_a_business() {
    let app = TestApp::start_with(&[("SUBLEDGER_SIGN_UP", "invite")]).await;
    let stranger = app.visitor();
    stranger.get("/").await.is(200).shows("People come here by invitation.").hides("/signup");
    stranger.get("/login").await.is(200).shows("Ask a colleague for an invitation.").hides("/signup");
    stranger.get("/signup").await.is(403).shows("People come to this installation by invitation.");
    stranger.post("/signup", &FORM).await.is(403);
    assert_eq!(app.number("SELECT count(*) AS number FROM users WHERE email LIKE 'ingrid%'"), 0);

    let mut olivia = app.sign_in(Olivia).await;
    olivia.get("/").await.is(200).shows("New business");
    olivia.post("/team/invitations", &[("emails", "leo@acme.example"), ("role", "user")]).await.is(303);
    olivia.business = None;
    olivia.get("/businesses").await.is(200).shows("New business");
    olivia.post("/businesses/new", &[("business", "Omni"), ("plan", "free")]).await.goes_to("/");
    let key = app.key_for("leo@acme.example");
    let join = [("key", key.as_str()), ("name", "Leo Lund"), ("password", "a horse of another colour")];
    stranger.post("/join", &join).await.goes_to("/");
}

#[actix_web::test]
async fn a_closed_installation_has_no_way_to_a_new_business_and_invitations_still_work() {
    let app = TestApp::start_with(&[("SUBLEDGER_SIGN_UP", "closed")]).await;
    let stranger = app.visitor();
    stranger.get("/").await.is(200).hides("/signup");
    stranger.get("/login").await.is(200).hides("/signup");
    stranger.get("/signup").await.is(403).shows("takes no new businesses");
    stranger.post("/signup", &FORM).await.is(403);

    let mut olivia = app.sign_in(Olivia).await;
    olivia.get("/").await.is(200).hides("/businesses/new");
    olivia.post("/team/invitations", &[("emails", "leo@acme.example"), ("role", "user")]).await.is(303);
    olivia.business = None;
    olivia.get("/businesses").await.is(200).hides("/businesses/new");
    olivia.get("/businesses/new").await.is(403).shows("takes no new businesses");
    olivia.get("/signup").await.is(403);
    olivia.post("/businesses/new", &[("business", "Omni"), ("plan", "free")]).await.is(403);
    let key = app.key_for("leo@acme.example");
    let join = [("key", key.as_str()), ("name", "Leo Lund"), ("password", "a horse of another colour")];
    stranger.post("/join", &join).await.goes_to("/");
}

#[actix_web::test]
async fn the_first_person_is_led_in_whatever_the_mode() {
    for mode in ["invite", "closed"] {
        let app = TestApp::start_empty(&[("SUBLEDGER_SIGN_UP", mode)]).await;
        let first = app.visitor();
        first.get("/").await.is(200).shows("Start free");
        first.get("/login").await.is(200).shows("Create a business");
        first.get("/signup").await.is(200).shows("Create your business");
        first.post("/signup", &FORM).await.goes_to("/");
        app.visitor().get("/").await.is(200).hides("/signup");
        app.visitor().get("/signup").await.is(403);
    }
}

#[actix_web::test]
async fn one_network_hears_of_ten_known_addresses_an_hour() {
    let app = TestApp::start().await;
    let known =
        |email: &'static str| FORM.map(|(name, value)| if name == "email" { (name, email) } else { (name, value) });
    for _ in 0..5 {
        for email in [Uma.email(), Olivia.email()] {
            app.visitor().post("/signup", &known(email)).await.is(422).shows("There is an account with this address");
        }
    }
    // From here on nobody is told anything, whatever the address.
    for email in [Uma.email(), "ingrid@initech.example"] {
        let page = app.visitor().post("/signup", &known(email)).await;
        page.is(429).shows("Founding a business was tried very often").hides("There is an account");
        assert!(page.headers.contains_key("retry-after"));
    }
    app.minutes_pass(60);
    app.visitor().post("/signup", &FORM).await.goes_to("/");
}

#[actix_web::test]
async fn one_network_founds_twenty_businesses_an_hour() {
    let app = TestApp::start().await;
    for number in 0..20 {
        app.newcomer(number).await;
    }
    app.visitor().post("/signup", &FORM).await.is(429).shows("minutes");
    let mut uma = app.sign_in(Uma).await;
    uma.business = None;
    uma.post("/businesses/new", &[("business", "Ushers"), ("plan", "free")]).await.goes_to("/");
}
