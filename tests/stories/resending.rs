//! Confirming an address: its key is used once, and its letter can be sent again.

use std::collections::BTreeMap;

use crate::support::{Browser, Olivia, TestApp, Uma};

const FORM: [(&str, &str); 4] = [
    ("business", "Initech"),
    ("name", "Ingrid Initech"),
    ("email", "ingrid@initech.example"),
    ("password", "stapler of many colours"),
];
const INGRID: &str = "ingrid@initech.example";

async fn ingrid_of(app: &TestApp) -> Browser {
    let ingrid = app.visitor();
    ingrid.post("/signup", &FORM).await.goes_to("/");
    ingrid
}

#[actix_web::test]
async fn ingrid_has_the_letter_sent_again_and_only_the_new_key_works() {
    let app = TestApp::start().await;
    let ingrid = ingrid_of(&app).await;
    let first = app.key_for(INGRID);
    ingrid.get("/verify/resend").await.is(200).shows("Open the letter we sent to ingrid@initech.example");
    ingrid.post("/verify/resend", &[]).await.goes_to("/verify/resend");
    ingrid.get("/verify/resend").await.shows("The letter to ingrid@initech.example is on its way.");
    let kinds: Vec<String> = app.letters_to(INGRID).into_iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds, ["welcome", "address_confirmation"]);
    let second = app.key_for(INGRID);
    ingrid.post("/verify", &[("key", &first)]).await.is(410).shows("a newer one was sent");
    ingrid.post("/verify", &[("key", &second)]).await.goes_to("/");
    ingrid.get("/verify/resend").await.is(200).shows("There is nothing to do.");
    ingrid.post("/verify/resend", &[]).await.goes_to("/verify/resend");
    assert_eq!(app.letters_to(INGRID).len(), 2);
}

#[actix_web::test]
async fn three_letters_an_hour_and_none_for_strangers() {
    let app = TestApp::start().await;
    let ingrid = ingrid_of(&app).await;
    for _ in 0..3 {
        ingrid.post("/verify/resend", &[]).await.goes_to("/verify/resend");
    }
    let page = ingrid.post("/verify/resend", &[]).await;
    page.is(429).shows("The letter was sent to this address several times");
    assert!(page.headers.contains_key("retry-after"));
    app.visitor().post("/verify/resend", &[]).await.goes_to("/login");
    app.visitor().get("/verify/resend").await.goes_to("/login?next=%2Fverify%2Fresend");
    assert_eq!(app.letters_to(INGRID).len(), 4);
}

#[actix_web::test]
async fn fifty_at_once_confirm_an_address_once() {
    let app = TestApp::start().await;
    ingrid_of(&app).await;
    let key = app.key_for(INGRID);
    let browsers: Vec<Browser> = (0..50).map(|_| app.visitor()).collect();
    let form = [("key", key.as_str())];
    let answers = futures_util::future::join_all(browsers.iter().map(|one| one.post("/verify", &form))).await;
    let mut counts = BTreeMap::new();
    for answer in &answers {
        *counts.entry(answer.status).or_insert(0) += 1;
    }
    assert_eq!(counts.get(&303), Some(&1), "{counts:?}");
    assert!(counts.keys().all(|status| [303, 410, 503].contains(status)), "{counts:?}");
    assert_eq!(app.number("SELECT count(*) AS number FROM audit_entries WHERE action = 'user.verified'"), 1);
}

#[actix_web::test]
async fn where_the_product_asks_to_confirm_the_address_the_letter_is_one_click_away() {
    let app = TestApp::start().await;
    let ingrid = ingrid_of(&app).await;
    let many: Vec<String> = (0..11).map(|number| format!("person{number}@initech.example")).collect();
    let fields = [("emails", many.join(",")), ("role", "user".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = ingrid.post("/team/invitations", &fields).await;
    page.is(429).shows("Confirm your own address first");
    assert_eq!(page.attribute("main a.btn", "href").as_deref(), Some("/verify/resend"));

    let olivia = app.sign_in(Olivia).await;
    olivia.post("/team/invitations", &[("emails", INGRID), ("role", "user")]).await.is(303);
    let key = app.key_for(INGRID);
    let page = ingrid.get(&format!("/join?key={key}")).await;
    page.is(200).shows("is not confirmed yet").shows("Send that letter again");
    let uma = app.sign_in(Uma).await;
    uma.get("/verify/resend").await.is(200).shows("uma@acme.example is confirmed.");
}
