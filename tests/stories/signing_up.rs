//! Founding a business.

use crate::support::{Adam, Cast, INGRID, Olivia, TestApp};

const USERS: &str = "SELECT count(*) AS number FROM users";
fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = INGRID.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().copied()).collect()
}

#[actix_web::test]
async fn ingrid_founds_initech_and_is_in() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.get("/signup").await.is(200).shows("Create your business").shows("Trial");
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    ingrid.get("/").await.is(200).shows("Initech stands.").shows("Owner of Initech");

    let letters = app.letters_to("ingrid@initech.example");
    assert_eq!(letters.iter().map(|letter| letter.kind.as_str()).collect::<Vec<_>>(), ["welcome"]);
    assert!(letters[0].key.is_some());
    assert_eq!(
        app.number("SELECT count(*) AS number FROM audit_entries e JOIN businesses b ON b.id = e.business_id WHERE b.name = 'Initech'"),
        3
    );
}

#[actix_web::test]
async fn the_plan_that_was_asked_for_is_chosen() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    let page = ingrid.get("/signup?plan=team").await;
    assert_eq!(page.attribute("input[name=plan][checked]", "value").as_deref(), Some("team"));
    ingrid.post("/signup", &form(&[("plan", "team")])).await.goes_to("/");
    assert_eq!(
        app.number(
            "SELECT count(*) AS number FROM plan_subscriptions s JOIN plans p ON p.id = s.plan_id
             JOIN businesses b ON b.id = s.business_id WHERE b.name = 'Initech' AND p.code = 'team'"
        ),
        1
    );
}

#[actix_web::test]
async fn a_form_sent_again_later_signs_nobody_in() {
    let app = TestApp::start().await;
    app.visitor().post_once("/signup", "same", &INGRID).await.goes_to("/");
    app.minutes_pass(1);
    let late = app.visitor();
    late.post_once("/signup", "same", &INGRID).await.goes_to("/login");
    late.get("/people").await.goes_to("/login?next=%2Fpeople");
    assert_eq!(app.number("SELECT count(*) AS number FROM businesses WHERE name = 'Initech'"), 1);
}

#[actix_web::test]
async fn a_form_sent_twice_gets_around_no_second_factor_and_no_new_password() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post_once("/signup", "same", &INGRID).await.goes_to("/");
    let change = [("current", "stapler of many colours"), ("password", "a wagon full of turnips")];
    ingrid.post("/settings/security/password", &change).await.goes_to("/settings/security");
    let again = app.visitor();
    again.post_once("/signup", "same", &INGRID).await;
    again.get("/people").await.goes_to("/login?next=%2Fpeople");

    app.sql("UPDATE users SET totp_sealed = '\\x00', two_factor_at = created_at, session_epoch = 0 WHERE email LIKE 'ingrid@%'");
    let again = app.visitor();
    again.post_once("/signup", "same", &INGRID).await.goes_to("/login");
    again.get("/people").await.goes_to("/login?next=%2Fpeople");
}

#[actix_web::test]
async fn a_double_click_founds_one_business_and_both_answers_are_in() {
    let app = TestApp::start().await;
    let (first, second) = (app.visitor(), app.visitor());
    let (one, two) =
        tokio::join!(first.post_once("/signup", "same", &INGRID), second.post_once("/signup", "same", &INGRID));
    one.goes_to("/");
    two.goes_to("/");
    second.get("/").await.is(200).shows("Owner of Initech");
    assert_eq!(app.number("SELECT count(*) AS number FROM businesses WHERE name = 'Initech'"), 1);
}

#[actix_web::test]
async fn what_is_wrong_is_said_beside_each_field_and_nothing_is_founded() {
    let app = TestApp::start().await;
    let users = app.number(USERS);
    let wrong = [("business", " "), ("name", ""), ("email", "ingrid"), ("password", "tinypass"), ("plan", "trial")];
    let page = app.visitor().post("/signup", &wrong).await;
    page.is(422)
        .shows("4 answers need another look")
        .shows("Write the name of the business.")
        .shows("Write a name.")
        .shows("Write an address such as name@company.com.")
        .shows("Use at least 10 characters.")
        .hides("tinypass");
    assert!(page.texts("title")[0].starts_with("Error: "));
    assert_eq!(page.attribute("#email", "value").as_deref(), Some("ingrid"));
    assert_eq!(app.number(USERS), users);
}

#[actix_web::test]
async fn a_known_address_is_told_to_sign_in() {
    let app = TestApp::start().await;
    let page = app.visitor().post("/signup", &form(&[("email", "OLIVIA@acme.example")])).await;
    page.is(422).shows("There is an account with this address: sign in to add a business.");
    assert_eq!(app.number("SELECT count(*) AS number FROM businesses WHERE name = 'Initech'"), 0);
}

#[actix_web::test]
async fn hidden_plans_unknown_plans_and_privileged_fields_are_refused() {
    let app = TestApp::start().await;
    for wrong in [("plan", "unlimited"), ("plan", "gold"), ("role", "owner"), ("is_staff", "1"), ("status", "active")] {
        app.visitor().post("/signup", &form(&[wrong])).await.is(422);
    }
    assert_eq!(app.number("SELECT count(*) AS number FROM businesses WHERE name = 'Initech'"), 0);
}

#[actix_web::test]
async fn olivia_adds_a_second_business_and_switches_between_them() {
    let app = TestApp::start().await;
    let mut olivia = app.sign_in(Olivia).await;
    olivia.business = None;
    olivia.get("/businesses/new").await.is(200).shows("New business");
    olivia.post("/businesses/new", &[("business", "Omni"), ("plan", "free")]).await.goes_to("/");
    olivia.get("/").await.shows("Owner of Omni");
    olivia.get("/businesses").await.is(200).shows("Acme").shows("Omni");

    let acme = Olivia.business_id();
    olivia.post(&format!("/businesses/{acme}/enter"), &[("next", "/businesses")]).await.goes_to("/businesses");
    olivia.get("/").await.shows("Owner of Acme");
    let globex = Cast::Gus.business_id();
    olivia.post(&format!("/businesses/{globex}/enter"), &[]).await.is(404);
}

#[actix_web::test]
async fn a_closed_installation_takes_its_first_person_and_nobody_after() {
    let app = TestApp::start_empty(&[("SUBLEDGER_SIGN_UP", "closed")]).await;
    app.visitor().post("/signup", &INGRID).await.goes_to("/");
    let second = form(&[("email", "second@initech.example"), ("business", "Second")]);
    app.visitor().post("/signup", &second).await.is(403).shows("takes no new businesses");
    assert_eq!(app.number("SELECT count(*) AS number FROM users"), 1);
}

#[actix_web::test]
async fn the_key_of_the_welcome_letter_confirms_the_address_once() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    let key = app.key_for("ingrid@initech.example");
    let page = format!("/verify?key={key}");
    ingrid.get(&page).await.is(200).shows("ingrid@initech.example");
    ingrid.get(&page).await.is(200);
    ingrid.post("/verify", &[("key", &key)]).await.goes_to("/");
    ingrid.post("/verify", &[("key", &key)]).await.is(410);
    ingrid.get(&page).await.is(410);
    assert_eq!(app.number("SELECT count(*) AS number FROM audit_entries WHERE action = 'user.verified'"), 1);
}

#[actix_web::test]
async fn a_verification_key_expires_after_three_days() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    let key = app.key_for("ingrid@initech.example");
    app.days_pass(3);
    ingrid.post("/verify", &[("key", &key)]).await.is(410);
    ingrid.post("/verify", &[("key", "nonsense")]).await.is(410);
}

#[actix_web::test]
async fn signed_in_adam_founds_with_business_and_plan_only() {
    let app = TestApp::start().await;
    let mut adam = app.sign_in(Adam).await;
    adam.business = None;
    adam.get("/signup").await.is(200).shows("You are signed in as adam@acme.example");
    adam.post("/signup", &[("business", "Adlers"), ("plan", "trial"), ("email", "x@y.example")]).await.is(422);
    adam.post("/signup", &[("business", "Adlers"), ("plan", "trial")]).await.goes_to("/");
    adam.get("/").await.shows("Owner of Adlers");
}
