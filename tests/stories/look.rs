//! How pages look for a person, and whether single keys lead somewhere: as they chose in their profile.

use crate::support::{Adam, Audrey, Browser, Olivia, Sam, TestApp, Uma};

const HERE: &str = "/settings/profile";

/// The theme that a page says it has; none: that of the reader's system.
async fn theme(browser: &Browser, path: &str) -> Option<String> {
    browser.get(path).await.attribute("html", "data-bs-theme")
}

#[actix_web::test]
async fn umas_theme_follows_her_to_every_page() {
    let app = TestApp::start().await;
    let (uma, elsewhere, olivia) = (app.sign_in(Uma).await, app.sign_in(Uma).await, app.sign_in(Olivia).await);
    assert_eq!(theme(&uma, HERE).await, None);
    assert_eq!(uma.get(HERE).await.attribute("meta[name=color-scheme]", "content").as_deref(), Some("light dark"));
    uma.post(HERE, &[("theme", "dark")]).await.goes_to(HERE);
    let pages = [
        "/",
        HERE,
        "/settings/security",
        "/subscriptions",
        "/businesses",
        "/businesses/new",
        "/reauth",
        "/nothing-here",
    ];
    for path in pages {
        assert_eq!(theme(&uma, path).await.as_deref(), Some("dark"), "{path}");
        assert_eq!(theme(&elsewhere, path).await.as_deref(), Some("dark"), "{path} in another browser");
    }
    let refused = uma.get("/settings/business").await;
    assert_eq!(refused.is(403).attribute("html", "data-bs-theme").as_deref(), Some("dark"));
    assert_eq!(refused.attribute("meta[name=color-scheme]", "content").as_deref(), Some("dark"));
    assert_eq!(theme(&olivia, "/").await, None);
    assert_eq!(theme(&app.visitor(), "/login").await, None);
    let page = uma.get(HERE).await;
    assert_eq!(page.attribute("#theme [selected]", "value").as_deref(), Some("dark"));
    assert_eq!(page.attribute("#name", "value").as_deref(), Some("Uma Usher"), "the rest stays");
    app.trail_holds(Uma, "Uma Usher changed their profile");

    uma.post(HERE, &[("theme", "light")]).await.goes_to(HERE);
    assert_eq!(theme(&uma, "/").await.as_deref(), Some("light"));
    uma.post(HERE, &[("name", "Ursula Usher")]).await.goes_to(HERE);
    assert_eq!(theme(&uma, "/").await.as_deref(), Some("light"), "a form without the field leaves it");
    uma.post(HERE, &[("theme", "")]).await.goes_to(HERE);
    assert_eq!(theme(&uma, "/").await, None);
    uma.post("/logout", &[]).await.is(303);
    assert_eq!(theme(&uma, "/login").await, None);
}

#[actix_web::test]
async fn a_theme_that_there_is_not_is_refused_and_the_rest_kept() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    for wrong in ["sepia", "Dark", "light dark", "dark\"><script>"] {
        let refused = uma.post(HERE, &[("name", "Ursula"), ("theme", wrong), ("shortcuts", "0")]).await;
        refused.is(422).shows("Choose light, dark, or as your system does.");
        assert_eq!(refused.attribute("#name", "value").as_deref(), Some("Ursula"));
        assert_eq!(refused.attribute("html", "data-bs-theme"), None);
    }
    uma.post(HERE, &[("shortcuts", "perhaps")]).await.is(422).shows("Tick the box, or leave it empty.");
    uma.get(HERE).await.shows("Uma Usher");
    let entries = "SELECT count(*) AS number FROM audit_entries WHERE action = 'user.changed'";
    assert_eq!(app.number(entries), 0);
}

#[actix_web::test]
async fn whoever_runs_the_installation_keeps_their_theme_at_the_console_and_inside() {
    let app = TestApp::start().await;
    let mut sam = app.sign_in(Sam).await;
    sam.post(HERE, &[("theme", "dark")]).await.goes_to(HERE);
    for path in ["/staff", "/staff/worker", "/businesses", HERE] {
        assert_eq!(theme(&sam, path).await.as_deref(), Some("dark"), "{path}");
    }
    let acme = Uma.business_id();
    let reason = [("reason", "Ticket 118: seats look wrong"), ("minutes", "15"), ("mode", "read"), ("member", "")];
    sam.post(&format!("/staff/businesses/{acme}/sessions"), &reason).await.is(303);
    sam.business = Some(acme);
    assert_eq!(theme(&sam, "/").await.as_deref(), Some("dark"));
    sam.get("/").await.is(200).shows("Go to Subscriptions").hides("/settings/profile#shortcuts");
}

#[actix_web::test]
async fn the_keys_lead_where_the_menu_leads() {
    let app = TestApp::start().await;
    let all = ["d", "s", "l", "r", "p", "a"];
    let cases = [
        (Olivia, all.as_slice()),
        (Adam, all.as_slice()),
        (Audrey, all.as_slice()),
        (Uma, ["d", "s", "l", "r", "p", "a"].as_slice()),
    ];
    for (person, keys) in cases {
        let page = app.sign_in(person).await.get("/").await;
        let shown: Vec<String> = page.texts("#keys kbd").into_iter().filter(|key| key.len() == 1).collect();
        let listed: Vec<&str> = shown.iter().map(String::as_str).filter(|key| !"/ng?".contains(key)).collect();
        assert_eq!(listed, keys, "{person:?}");
        for key in keys {
            let link = format!(".rail [data-go='{key}']");
            assert!(page.attribute(&link, "href").is_some(), "{person:?} has no {key}");
        }
    }
}

#[actix_web::test]
async fn whoever_turns_the_keys_off_gets_none() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let page = uma.get(HERE).await;
    assert_eq!(page.attribute("[type=checkbox][name=shortcuts]", "checked").as_deref(), Some(""));
    assert!(page.body.contains("/static/keys.js"));
    uma.post(HERE, &[("shortcuts", "0")]).await.goes_to(HERE);
    let page = uma.get(HERE).await;
    assert_eq!(page.attribute("[type=checkbox][name=shortcuts]", "checked"), None);
    assert!(!page.body.contains("/static/keys.js") && page.attribute("#keys", "class").is_none());
    uma.post(HERE, &[("name", "Ursula Usher")]).await.goes_to(HERE);
    uma.get("/").await.hides("Keyboard shortcuts");
    uma.post(HERE, &[("shortcuts", "0"), ("shortcuts", "1")]).await.goes_to(HERE);
    uma.get("/").await.shows("Keyboard shortcuts");
    let entries = "SELECT count(*) AS number FROM audit_entries WHERE action = 'user.changed'";
    assert_eq!(app.number(entries), 3);
}
