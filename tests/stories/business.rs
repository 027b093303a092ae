//! What a business sets about itself, and its roles in words.

use subledger::kernel::permission::{Permission, Role};

use crate::support::cast::PASSWORD;
use crate::support::{Adam, Audrey, Gus, Olivia, TestApp, Uma};

const PATH: &str = "/settings/business";

fn settings(app: &TestApp) -> String {
    app.text(&format!(
        "SELECT concat_ws(' ', name, currency, zone, locale, support_access, require_two_factor, client_sign_up) AS text
         FROM businesses WHERE id = '{}'",
        Olivia.business_uuid()
    ))
}

#[actix_web::test]
async fn olivia_sets_what_holds_for_acme() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let page = olivia.get(PATH).await;
    page.is(200).shows("no amount is converted").shows("Type “Acme” to confirm").shows("Close Acme");
    assert_eq!(page.attribute("#zone", "value").as_deref(), Some("UTC"));
    let fields = [
        ("name", "Acme & Sons"),
        ("currency", "USD"),
        ("zone", "america/new york"),
        ("locale", "en-US"),
        ("support_access", "refused"),
        ("require_two_factor", "0"),
        ("client_sign_up", "0"),
        ("client_sign_up", "1"),
    ];
    olivia.post(PATH, &fields).await.goes_to(PATH);
    assert_eq!(settings(&app), "Acme & Sons USD America/New_York en-US refused f t");
    let page = olivia.get(PATH).await;
    page.shows("The settings are saved.");
    assert_eq!(page.attribute("#client_sign_up", "checked").as_deref(), Some(""));
    assert_eq!(page.attribute("#require_two_factor", "checked"), None);
    app.trail_holds(Olivia, "Olivia Owens changed the settings of the business");
    let entry = app.text("SELECT changes::text AS text FROM audit_entries WHERE action = 'business.settings_changed'");
    for words in ["Acme & Sons", "UTC", "America/New_York", "Support may look", "Sign-up by programs"] {
        assert!(entry.contains(words), "{words}: {entry}");
    }
    let ends = format!(
        "SELECT count(*) AS number FROM plan_subscriptions WHERE business_id = '{}'
         AND period_ends_at = date_trunc('day', period_ends_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'",
        Olivia.business_uuid()
    );
    assert_eq!(app.number(&ends), 1, "the open cycle keeps its end");
}

#[actix_web::test]
async fn what_the_form_leaves_out_stays_and_what_is_wrong_is_kept_in_sight() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let before = settings(&app);
    olivia.post(PATH, &[]).await.goes_to(PATH);
    assert_eq!(settings(&app), before);
    let wrong =
        [("name", ""), ("currency", "ABC"), ("zone", "Mars/Olympus"), ("locale", "xx"), ("support_access", "all")];
    for (field, value) in wrong {
        let page = olivia.post(PATH, &[("client_sign_up", "1"), (field, value)]).await;
        page.is(422).shows("One answer needs another look");
        assert!(page.attribute(&format!("[href='#{field}']"), "href").is_some(), "{field}");
    }
    let page = olivia.post(PATH, &[("name", "Other"), ("zone", "Mars/Olympus")]).await;
    assert_eq!(page.attribute("#name", "value").as_deref(), Some("Other"));
    assert_eq!(page.attribute("#zone", "value").as_deref(), Some("Mars/Olympus"));
    assert_eq!(page.attribute("#currency option[selected]", "value").as_deref(), Some("EUR"));
    assert_eq!(settings(&app), before);
    olivia.post(PATH, &[("zone", "Europe/Lisbon")]).await.goes_to(PATH);
    assert!(settings(&app).contains("Acme EUR Europe/Lisbon"));
}

#[actix_web::test]
async fn adam_sets_everything_but_what_support_may_do() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    adam.get(PATH).await.is(200).shows("An owner decides this.").hides("Close Acme");
    adam.post(PATH, &[("name", "Acme Ltd")]).await.goes_to(PATH);
    adam.post(PATH, &[("support_access", "write")]).await.is(403).shows("an owner’s to decide");
    adam.post(PATH, &[("support_access", "read")]).await.goes_to(PATH);
    app.trail_holds(Adam, "Adam Adler tried to change the settings of the business");
    olivia.post(PATH, &[("support_access", "write")]).await.goes_to(PATH);
    assert!(settings(&app).starts_with("Acme Ltd EUR UTC en-GB write"));
    for person in [Audrey, Uma] {
        let browser = app.sign_in(person).await;
        browser.get(PATH).await.is(403);
        browser.post(PATH, &[("name", "Mine")]).await.is(403);
        browser.get("/settings/roles").await.is(200).hides(PATH);
    }
}

#[actix_web::test]
async fn what_support_may_do_is_changed_with_the_password_only() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    app.minutes_pass(11);
    olivia.post(PATH, &[("name", "Acme Ltd"), ("support_access", "read")]).await.goes_to(PATH);
    let asked = olivia.post(PATH, &[("support_access", "write")]).await;
    asked.goes_to("/reauth?next=%2Fsettings%2Fbusiness");
    assert!(settings(&app).starts_with("Acme Ltd EUR UTC en-GB read"));
    olivia.post("/reauth", &[("password", PASSWORD), ("next", PATH)]).await.goes_to(PATH);
    olivia.post(PATH, &[("support_access", "write")]).await.goes_to(PATH);
    assert!(settings(&app).starts_with("Acme Ltd EUR UTC en-GB write"));
}

#[actix_web::test]
async fn looking_over_currency_and_zone_is_the_first_step() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let page = olivia.get("/").await;
    page.shows("Check currency and time zone");
    assert!(page.attribute("a[href='/settings/business']", "href").is_some());
    olivia.post(PATH, &[("currency", "EUR"), ("zone", "UTC")]).await.goes_to(PATH);
    let page = olivia.get("/").await;
    assert_eq!(
        page.texts("li s.second"),
        ["Check currency and time zone", "Add the people who use it", "Invite a colleague"]
    );
    app.trail_holds(Olivia, "Olivia Owens looked over currency and time zone");
    olivia.post(PATH, &[("currency", "EUR"), ("zone", "UTC")]).await.goes_to(PATH);
    app.trail_holds(Olivia, "Olivia Owens looked over currency and time zone");
}

#[actix_web::test]
async fn everybody_reads_what_each_role_may_do() {
    let app = TestApp::start().await;
    for person in [Olivia, Adam, Audrey, Uma, Gus] {
        let page = app.sign_in(person).await.get("/settings/roles").await;
        page.is(200);
        let rows = page.texts("tbody tr");
        assert_eq!(rows.len(), Permission::ALL.into_iter().filter(|one| one.words().is_some()).count());
        if person == Uma {
            insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!("roles_in_words", rows.join("\n"));
            });
        }
    }
    let given = |one: &Permission| Role::ALL.iter().any(|role| role.permissions().allow(*one));
    let unsaid = |one: &Permission| given(one) && one.words().is_none();
    let silent: Vec<Permission> = Permission::ALL.into_iter().filter(unsaid).collect();
    assert_eq!(silent, [Permission::Enter, Permission::SeeOffers], "what a role is given is said");
}
