//! What attackers try at the doors: planted cookies, addresses elsewhere, forged hosts, headers in names.

use crate::passwords::mailed_key;
use crate::support::{Browser, Gus, Phone, Shown, TestApp, Uma, cast::PASSWORD};

const NEW: &str = "four herons left the harbour";

/// A post with these headers, and none that browsers add by themselves.
async fn post_with(browser: &Browser, path: &str, headers: &[(&str, &str)], form: &[(&str, &str)]) -> Shown {
    let request = browser.request(reqwest::Method::POST, path).form(form);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Shown::of(request).await
}

#[actix_web::test]
async fn a_cookie_from_before_the_sign_in_is_worth_nothing_after_it() {
    let app = TestApp::start().await;
    let planted = {
        let asked = app.visitor().post("/password/forgot", &[("email", Uma.email())]).await;
        session_of(&asked).unwrap()
    };
    let form = [("email", Uma.email()), ("password", PASSWORD)];
    let headers = [("sec-fetch-site", "same-origin"), ("cookie", planted.as_str())];
    let signed_in = post_with(&app.visitor(), "/login", &headers, &form).await;
    signed_in.goes_to("/");
    let own = session_of(&signed_in).unwrap();
    assert_ne!(own, planted);
    let looks_with = |cookie: String| {
        let visitor = app.visitor();
        async move { Shown::of(visitor.request(reqwest::Method::GET, "/businesses").header("cookie", cookie)).await }
    };
    looks_with(planted).await.goes_to("/login?next=%2Fbusinesses");
    looks_with(own).await.is(200);
}

fn session_of(shown: &Shown) -> Option<String> {
    let cookies = shown.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    cookies
        .into_iter()
        .find(|cookie| cookie.starts_with("subledger="))
        .map(|cookie| cookie.split(';').next().unwrap().to_owned())
}

#[actix_web::test]
async fn the_cookie_of_a_known_browser_is_as_closed_as_the_sessions_and_signs_nobody_in() {
    let app = TestApp::start().await;
    let shown = app.visitor().post("/login", &[("email", Uma.email()), ("password", PASSWORD)]).await;
    let cookies: Vec<&str> =
        shown.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    let known = cookies.iter().find(|cookie| cookie.starts_with("subledger-browser=")).unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(known.contains(part), "{known}");
    }
    let only_known = known.split(';').next().unwrap();
    let request = app.visitor().request(reqwest::Method::GET, "/businesses").header("cookie", only_known);
    Shown::of(request).await.goes_to("/login?next=%2Fbusinesses");
}

#[actix_web::test]
async fn nobody_is_sent_elsewhere_after_signing_in() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let corpus = [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https:evil.example",
        "https://evil.example",
        "http:/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "%2F%2Fevil.example",
        " //evil.example",
        "evil.example",
        "@evil.example",
        ".evil.example",
        "/\r\nLocation: https://evil.example",
        "?next=//evil.example",
        "#//evil.example",
        "mailto:eve@evil.example",
    ];
    for next in corpus {
        let form = [("email", Uma.email()), ("password", PASSWORD), ("next", next)];
        let shown = app.visitor().post("/login", &form).await;
        let there = url_of(&app, shown.location());
        assert_eq!((shown.status, there.as_str()), (303, format!("{}/", app.url).as_str()), "{next:?}");
        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let shown = uma.get(&format!("/login?next={query}")).await;
        assert!(url_of(&app, shown.location()).starts_with(&format!("{}/", app.url)), "{next:?}: {}", shown.location());
    }
    for ours in ["/%2f%2fevil.example", "/.//evil.example", "/people?q=ä", "/subscriptions?q=//evil.example"] {
        let form = [("email", Uma.email()), ("password", PASSWORD), ("next", ours)];
        let shown = app.visitor().post("/login", &form).await;
        assert!(url_of(&app, shown.location()).starts_with(&format!("{}/", app.url)), "{ours:?}: {}", shown.location());
    }
}

#[actix_web::test]
async fn nobody_is_sent_elsewhere_on_the_way_through_the_code_or_into_a_business() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let phone = Phone::set_up(&app, &uma).await;
    let corpus = [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "/\r\nLocation: https://evil.example",
        "javascript:x",
    ];
    for next in corpus {
        let enter = format!("/businesses/{}/enter", Uma.business_id());
        let shown = uma.post_exactly(&enter, &[("next", next)]).await;
        assert_eq!((shown.status, url_of(&app, shown.location())), (303, format!("{}/", app.url)), "{next:?}");

        let browser = app.known_browser(Uma);
        let form = [("email", Uma.email()), ("password", PASSWORD), ("next", next)];
        browser.post("/login", &form).await.goes_to("/login/code");
        let shown = browser.post("/login/code", &[("code", &phone.code(&app))]).await;
        assert_eq!((shown.status, url_of(&app, shown.location())), (303, format!("{}/", app.url)), "{next:?}");
        app.clock.advance(chrono::TimeDelta::seconds(30));
    }
}

#[actix_web::test]
async fn where_the_address_is_https_no_cookie_travels_in_the_clear_or_to_another_host() {
    let app = TestApp::start_with(&[("SUBLEDGER_BASE_URL", "https://books.example.com")]).await;
    let headers = [("sec-fetch-site", "same-origin"), ("host", "books.example.com")];
    let form = [("email", Uma.email()), ("password", PASSWORD)];
    let shown = post_with(&app.visitor(), "/login", &headers, &form).await;
    shown.goes_to("/");
    let cookies: Vec<&str> =
        shown.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    for name in ["__Host-subledger=", "__Host-subledger-browser="] {
        let cookie = cookies.iter().find(|cookie| cookie.starts_with(name)).unwrap();
        for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

/// Where a browser would go.
fn url_of(app: &TestApp, location: &str) -> String {
    url::Url::parse(&app.url).unwrap().join("/login").unwrap().join(location).unwrap().to_string()
}

#[actix_web::test]
async fn links_in_letters_lead_to_the_configured_address_whatever_the_request_says() {
    let app = TestApp::start().await;
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("x-original-host", "evil.example"),
        ("forwarded", "host=evil.example;proto=https"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/password/forgot"),
    ];
    post_with(&app.visitor(), "/password/forgot", &headers, &[("email", Uma.email())]).await.goes_to("/login");
    let forged = [("sec-fetch-site", "same-origin"), ("host", "evil.example")];
    post_with(&app.visitor(), "/password/forgot", &forged, &[("email", Gus.email())]).await.is(404);
    app.work_until_idle().await;
    let letter = app.mailbox(Uma.email()).pop().unwrap();
    assert!(!letter.text.contains("evil.example") && !letter.html.contains("evil.example"));
    assert!(letter.text.contains(&format!("{}/password/reset?key=", app.url)));
    assert!(app.mailbox(Gus.email()).is_empty());
}

#[actix_web::test]
async fn forms_of_the_doors_come_from_our_own_pages_only() {
    let app = TestApp::start().await;
    let key = mailed_key(&app, Uma.email()).await;
    let reset = [("key", key.as_str()), ("password", NEW)];
    let sign_up =
        [("business", "Evil"), ("name", "Eve"), ("email", "eve@evil.example"), ("password", NEW), ("plan", "trial")];
    let forms: [(&str, &[(&str, &str)]); 5] = [
        ("/password/forgot", &[("email", "uma@acme.example")]),
        ("/password/reset", &reset),
        ("/signup", &sign_up),
        ("/verify/resend", &[]),
        ("/logout", &[]),
    ];
    let crossing: [&[(&str, &str)]; 5] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
    ];
    let uma = app.sign_in(Uma).await;
    for (path, form) in forms {
        for headers in crossing {
            post_with(&uma, path, headers, form).await.is(403).shows("was not sent from a page of Subledger");
        }
    }
    uma.get("/businesses").await.is(200);
    uma.get(&format!("/password/reset?key={key}")).await.is(200);
    assert_eq!(app.number("SELECT count(*) AS number FROM reset_requests"), 0);
}

#[actix_web::test]
async fn names_bring_no_headers_and_no_second_reader_into_a_letter() {
    let app = TestApp::start().await;
    let names = [
        "Eve\r\nBcc: eve@evil.example",
        "Eve\nSubject: won",
        "Eve\u{0}",
        "Eve\u{2028}Bcc: eve@evil.example",
        "Eve\" <eve@evil.example>, \"x",
        "Eve <eve@evil.example>",
        "Eve,eve@evil.example",
        "=?utf-8?q?Bcc:_eve=40evil.example?=",
        "Eve\u{85}Bcc: eve@evil.example",
        "E\u{202e}ve",
    ];
    for (number, name) in names.into_iter().enumerate() {
        let email = format!("reader{number}@initech.example");
        for (business, person) in [("Initech", name), (name, "Ingrid")] {
            let form =
                [("business", business), ("name", person), ("email", &email), ("password", NEW), ("plan", "trial")];
            let status = app.visitor().post("/signup", &form).await.status;
            assert!([303, 422].contains(&status), "{name:?}: {status}");
        }
    }
    app.work_until_idle().await;
    let sent = app.sent();
    assert!(sent.len() >= 5, "{}", sent.len());
    for raw in sent {
        let text = String::from_utf8(raw.clone()).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
        let count = |name: &str| head.lines().filter(|line| line.to_lowercase().starts_with(name)).count();
        assert_eq!((count("to:"), count("bcc:"), count("cc:"), count("subject:")), (1, 0, 0, 1), "{head}");
        let to = unquoted(head.lines().find(|line| line.starts_with("To:")).unwrap());
        assert!(to.contains("@initech.example>") && to.matches('@').count() == 1, "{head}");
    }
}

/// The line without what stands in quotes, which names nobody.
fn unquoted(line: &str) -> String {
    let (mut kept, mut is_quoted, mut is_escaped) = (String::new(), false, false);
    for c in line.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ if !is_quoted => kept.push(c),
            _ => {}
        }
    }
    kept
}
