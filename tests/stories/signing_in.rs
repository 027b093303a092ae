//! Coming in, going out, and what a browser may send.

use crate::support::{Olivia, Shown, TestApp, Uma, cast::PASSWORD};

#[actix_web::test]
async fn olivia_signs_in_and_lands_where_she_wanted_to_go() {
    let app = TestApp::start().await;
    let olivia = app.visitor();
    olivia.get("/businesses").await.goes_to("/login?next=%2Fbusinesses");
    olivia.get("/login?next=%2Fbusinesses").await.is(200);
    let form = [("email", "Olivia@Acme.example"), ("password", PASSWORD), ("next", "/businesses")];
    olivia.post("/login", &form).await.goes_to("/businesses");
    olivia.get("/businesses").await.is(200).shows("Acme");
    app.trail_holds(Olivia, "Olivia Owens signed in");
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_address_read_alike() {
    let app = TestApp::start().await;
    let wrong = app.visitor().post("/login", &[("email", Olivia.email()), ("password", "not the password")]).await;
    let unknown =
        app.visitor().post("/login", &[("email", "nobody@acme.example"), ("password", "not the password")]).await;
    wrong.is(422).shows("do not belong together");
    unknown.is(422);
    let text = |shown: &Shown| shown.text();
    assert_eq!(text(&wrong), text(&unknown));
}

#[actix_web::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    let stolen = uma.clone();
    uma.get("/").await.is(200).shows("User of Acme");
    let cookie = session_cookie(&app).await;
    let held = app.visitor();
    let with_cookie = || held.request(reqwest::Method::GET, "/businesses").header("cookie", cookie.clone());
    Shown::of(with_cookie()).await.is(200);
    let sign_out = held.request(reqwest::Method::POST, "/logout").header("cookie", cookie.clone());
    Shown::of(sign_out.header("sec-fetch-site", "same-origin")).await.goes_to("/login");
    Shown::of(with_cookie()).await.goes_to("/login?next=%2Fbusinesses");
    stolen.get("/").await.is(200);
    app.trail_holds(Uma, "Uma Usher signed out");
}

async fn session_cookie(app: &TestApp) -> String {
    let request = app.visitor().request(reqwest::Method::POST, "/login");
    let form = [("email", Uma.email()), ("password", PASSWORD)];
    let shown = Shown::of(request.header("sec-fetch-site", "same-origin").form(&form)).await;
    let cookies = shown.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap().to_owned());
    let cookie = cookies.into_iter().find(|cookie| cookie.starts_with("subledger=")).unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

#[actix_web::test]
async fn the_cookie_changes_with_the_sign_in_and_rests_only_as_a_hash() {
    let app = TestApp::start().await;
    let (first, second) = (session_cookie(&app).await, session_cookie(&app).await);
    assert_ne!(first, second);
    let token = first.split('=').nth(1).unwrap();
    let found = app.number(&format!(
        "SELECT count(*) AS number FROM sessions WHERE state::text LIKE '%{token}%' OR encode(token_hash, 'escape') LIKE '%{token}%'"
    ));
    assert_eq!(found, 0);
}

#[actix_web::test]
async fn a_session_lives_while_it_is_used_and_ends_after_two_weeks_unused() {
    let app = TestApp::start().await;
    let uma = app.sign_in(Uma).await;
    for _ in 0..2 {
        app.days_pass(13);
        uma.get("/businesses").await.is(200);
    }
    app.days_pass(14);
    uma.get("/businesses").await.goes_to("/login?next=%2Fbusinesses");
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM sessions"), 0);
}

#[actix_web::test]
async fn changes_come_from_our_own_pages_only() {
    let app = TestApp::start().await;
    let form = [("email", Uma.email()), ("password", PASSWORD)];
    let post = || app.visitor().request(reqwest::Method::POST, "/login").form(&form);
    Shown::of(post()).await.is(403).shows("was not sent from a page of Subledger");
    Shown::of(post().header("sec-fetch-site", "cross-site")).await.is(403);
    Shown::of(post().header("sec-fetch-site", "same-site")).await.is(403);
    Shown::of(post().header("origin", "null")).await.is(403);
    Shown::of(post().header("origin", "https://evil.example")).await.is(403);
    Shown::of(post().header("origin", app.url.clone())).await.goes_to("/");
    Shown::of(post().header("origin", app.url.replace("127.0.0.1", "localhost"))).await.goes_to("/");
    Shown::of(post().header("sec-fetch-site", "none")).await.goes_to("/");
}

#[actix_web::test]
async fn another_host_is_not_served() {
    let app = TestApp::start().await;
    let get = |host: &str| app.visitor().request(reqwest::Method::GET, "/login").header("host", host.to_owned());
    Shown::of(get("evil.example")).await.is(404);
    let port = app.url.rsplit(':').next().unwrap().to_owned();
    Shown::of(get(&format!("localhost:{port}"))).await.is(200);
}

#[actix_web::test]
async fn every_answer_carries_the_security_headers() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    for path in ["/", "/login", "/nothing", "/static/app.js", "/static/nothing.js", "/healthz"] {
        let shown = visitor.get(path).await;
        let header =
            |name: &str| shown.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        assert!(header("content-security-policy").contains("default-src 'none'"), "{path}");
        assert!(!header("content-security-policy").contains("unsafe-inline"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
    }
    assert_eq!(visitor.get("/").await.headers.get("cache-control").unwrap(), "no-store");
}
