//! How often strangers may guess, and why they cannot keep anybody out.

use std::collections::BTreeMap;

use crate::support::{Adam, Browser, Olivia, Shown, TestApp, Uma, cast::PASSWORD};

/// Behind a proxy on this machine, so that stories can come from anywhere.
async fn behind_a_proxy() -> TestApp {
    TestApp::start_with(&[("SUBLEDGER_TRUSTED_PROXIES", "127.0.0.1")]).await
}

async fn sign_in_from(browser: &Browser, from: &str, email: &str, password: &str) -> Shown {
    let request = browser.request(reqwest::Method::POST, "/login").header("sec-fetch-site", "same-origin");
    let form = [("email", email), ("password", password), ("next", "")];
    Shown::of(request.header("x-forwarded-for", from).form(&form)).await
}

async fn guess(app: &TestApp, from: &str, email: &str) -> Shown {
    sign_in_from(&app.visitor(), from, email, "not the password").await
}

fn counted(answers: &[Shown]) -> BTreeMap<u16, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        *counts.entry(answer.status).or_insert(0) += 1;
    }
    counts
}

fn retry_after(shown: &Shown) -> i64 {
    shown.headers.get("retry-after").unwrap().to_str().unwrap().parse().unwrap()
}

#[actix_web::test]
async fn after_five_wrong_passwords_there_are_pauses_that_grow() {
    let app = behind_a_proxy().await;
    for _ in 0..5 {
        guess(&app, "203.0.113.7", Uma.email()).await.is(422);
    }
    for pause in [60, 120, 240, 480, 900, 900] {
        let page = guess(&app, "203.0.113.99", Uma.email()).await;
        page.is(429).shows("too many wrong tries").shows("Try again in").shows("Set a new password");
        assert!((pause - 2..=pause).contains(&retry_after(&page)), "{pause}: {}", retry_after(&page));
        app.clock.advance(chrono::TimeDelta::seconds(pause));
        guess(&app, "203.0.113.7", Uma.email()).await.is(422);
    }
    // Also the right password has to wait: nothing is compared.
    sign_in_from(&app.visitor(), "203.0.113.7", Uma.email(), PASSWORD).await.is(429);
    app.days_pass(1);
    sign_in_from(&app.visitor(), "203.0.113.7", Uma.email(), PASSWORD).await.goes_to("/");
}

#[actix_web::test]
async fn known_and_unknown_addresses_are_answered_alike_also_when_it_is_too_often() {
    let app = behind_a_proxy().await;
    for _ in 0..8 {
        let (known, unknown) =
            (guess(&app, "203.0.113.7", Uma.email()).await, guess(&app, "203.0.114.7", "nobody@acme.example").await);
        assert_eq!((known.status, known.headers.len()), (unknown.status, unknown.headers.len()));
        let settled = |shown: &Shown, email: &str| {
            let number = shown.texts(".mono").join("");
            let text = shown.text().replace(email, "…");
            if number.is_empty() { text } else { text.replace(&number, "…") }
        };
        assert_eq!(settled(&known, Uma.email()), settled(&unknown, "nobody@acme.example"));
    }
}

#[actix_web::test]
async fn fifty_guesses_at_once_are_counted_exactly() {
    let app = behind_a_proxy().await;
    let browsers: Vec<Browser> = (0..50).map(|_| app.visitor()).collect();
    let guesses = browsers.iter().map(|browser| sign_in_from(browser, "203.0.113.7", Uma.email(), "wrong one"));
    let answers = futures_util::future::join_all(guesses).await;
    assert_eq!(counted(&answers), BTreeMap::from([(422, 5), (429, 45)]));
}

#[actix_web::test]
async fn two_hundred_networks_have_ten_guesses_a_minute_together() {
    let app = behind_a_proxy().await;
    let mut answers = Vec::new();
    for network in 0..200 {
        answers.push(guess(&app, &format!("198.51.{network}.1"), Uma.email()).await);
    }
    assert_eq!(counted(&answers), BTreeMap::from([(422, 10), (429, 190)]));
    app.clock.advance(chrono::TimeDelta::seconds(60));
    guess(&app, "198.51.201.1", Uma.email()).await.is(422);
}

#[actix_web::test]
async fn a_stranger_cannot_keep_uma_out_of_a_browser_she_has_used_before() {
    let app = behind_a_proxy().await;
    let uma = app.visitor();
    sign_in_from(&uma, "203.0.113.7", Uma.email(), PASSWORD).await.goes_to("/");
    uma.post("/logout", &[]).await.goes_to("/login");
    for neighbour in 0..12 {
        guess(&app, "203.0.113.8", Uma.email()).await;
        guess(&app, &format!("198.51.{neighbour}.1"), Uma.email()).await;
    }
    sign_in_from(&app.visitor(), "203.0.113.7", Uma.email(), PASSWORD).await.is(429);
    sign_in_from(&uma, "203.0.113.7", Uma.email(), PASSWORD).await.goes_to("/");
    // Being known brings five tries of its own, not endless ones.
    uma.post("/logout", &[]).await.goes_to("/login");
    for _ in 0..5 {
        sign_in_from(&uma, "203.0.113.7", Uma.email(), "not the password").await.is(422);
    }
    sign_in_from(&uma, "203.0.113.7", Uma.email(), PASSWORD).await.is(429);
}

#[actix_web::test]
async fn a_browser_known_to_adam_is_not_known_to_uma() {
    let app = behind_a_proxy().await;
    let adam = app.visitor();
    sign_in_from(&adam, "203.0.113.7", Adam.email(), PASSWORD).await.goes_to("/");
    adam.post("/logout", &[]).await.goes_to("/login");
    for _ in 0..5 {
        sign_in_from(&adam, "203.0.113.7", Uma.email(), "not the password").await.is(422);
    }
    sign_in_from(&app.visitor(), "203.0.113.7", Uma.email(), PASSWORD).await.is(429);
    assert_eq!(app.number("SELECT count(*) AS number FROM devices"), 1);
}

#[actix_web::test]
async fn a_right_password_clears_only_its_own_count() {
    let app = behind_a_proxy().await;
    for _ in 0..4 {
        guess(&app, "203.0.113.7", Uma.email()).await.is(422);
        guess(&app, "198.51.100.7", Uma.email()).await.is(422);
    }
    sign_in_from(&app.visitor(), "203.0.113.7", Uma.email(), PASSWORD).await.goes_to("/");
    // Eight wrong ones still stand for the account, and four for the other network.
    guess(&app, "198.51.100.7", Uma.email()).await.is(422);
    guess(&app, "198.51.100.7", Uma.email()).await.is(429);
    guess(&app, "203.0.113.7", Uma.email()).await.is(422);
    guess(&app, "203.0.113.7", Uma.email()).await.is(429);
}

#[actix_web::test]
async fn one_network_has_a_hundred_wrong_guesses_an_hour_at_all_accounts_together() {
    let app = behind_a_proxy().await;
    for number in 0..100 {
        guess(&app, "2001:db8:7:1100::1", &format!("person{number}@acme.example")).await.is(422);
    }
    let page = sign_in_from(&app.visitor(), "2001:db8:7:11ff::2", Olivia.email(), PASSWORD).await;
    page.is(429).shows("minutes");
    assert!(retry_after(&page) > 3_000, "{}", retry_after(&page));
    sign_in_from(&app.visitor(), "2001:db8:7:1200::1", Olivia.email(), PASSWORD).await.goes_to("/");
    app.clock.advance(chrono::TimeDelta::hours(1));
    sign_in_from(&app.visitor(), "2001:db8:7:11ff::2", Olivia.email(), PASSWORD).await.goes_to("/");
}

#[actix_web::test]
async fn the_forwarded_address_counts_only_from_a_trusted_proxy() {
    let app = TestApp::start().await;
    for number in 0..5 {
        guess(&app, &format!("198.51.{number}.1"), Uma.email()).await.is(422);
    }
    guess(&app, "198.51.99.1", Uma.email()).await.is(429);
}

#[actix_web::test]
async fn what_the_client_claims_before_the_proxy_does_not_count() {
    let app = behind_a_proxy().await;
    for number in 0..5 {
        guess(&app, &format!("10.9.{number}.1, 203.0.113.7"), Uma.email()).await.is(422);
    }
    guess(&app, "10.9.99.1, 203.0.113.7", Uma.email()).await.is(429);
}

#[actix_web::test]
async fn other_spellings_of_the_address_and_the_path_bring_no_more_guesses() {
    let app = behind_a_proxy().await;
    for email in ["uma@acme.example", "UMA@acme.example", " uma@ACME.example ", "Uma@Acme.Example", "uma@acme.example"]
    {
        guess(&app, "203.0.113.7", email).await.is(422);
    }
    guess(&app, "203.0.113.7", "uMa@acme.example").await.is(429);
    for path in ["/login/", "/LOGIN", "/%6cogin", "//login", "/login?x=1", "/login;x"] {
        let request = app.visitor().request(reqwest::Method::POST, path).header("sec-fetch-site", "same-origin");
        let form = [("email", Uma.email()), ("password", PASSWORD)];
        let shown = Shown::of(request.header("x-forwarded-for", "203.0.113.7").form(&form)).await;
        assert!([404, 429].contains(&shown.status), "{path}: {}", shown.status);
    }
}

#[actix_web::test]
async fn counts_that_had_their_time_are_cleared_away() {
    let app = TestApp::start().await;
    app.visitor().post("/login", &[("email", Uma.email()), ("password", "not the password")]).await.is(422);
    assert_eq!(app.number("SELECT count(*) AS number FROM attempts"), 4);
    app.days_pass(1);
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM attempts"), 0);
}
