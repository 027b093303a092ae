//! Every form, sent from a page of somebody else: refused before anything is looked at, and nothing is changed.

use super::{form, posts, stand_up};
use crate::support::{Browser, Olivia, Sam, Shown, TestApp};

/// What a browser says of a form that another site sends, or an old one that says less.
const FROM_ELSEWHERE: [&[(&str, &str)]; 7] = [
    &[],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", "null")],
    &[("origin", "null")],
    &[("origin", "https://evil.example")],
    &[("origin", "https://evil.example"), ("referer", "https://evil.example/form")],
];

async fn send(browser: &Browser, path: &str, headers: &[(&str, &str)], body: (&str, String)) -> Shown {
    let request = browser.request(reqwest::Method::POST, path).header("content-type", body.0).body(body.1);
    Shown::of(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

#[actix_web::test]
async fn no_form_is_taken_from_another_site() {
    let app = TestApp::start().await;
    let (olivia, sam) = (app.sign_in(Olivia).await, app.sign_in(Sam).await);
    for route in posts() {
        let path = stand_up(&app, &olivia, &route).await;
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(form(route.path));
        let (fields, before) = (query.finish(), app.fingerprint());
        for headers in FROM_ELSEWHERE {
            for kind in ["application/x-www-form-urlencoded", "text/plain"] {
                for browser in [&olivia, &sam] {
                    let answer = send(browser, &path, headers, (kind, fields.clone())).await;
                    assert_eq!(answer.status, 403, "{path} {headers:?} {kind}: {}", answer.text());
                }
            }
        }
        assert_eq!(app.fingerprint(), before, "{}", route.path);
    }
    olivia.get("/people").await.is(200);
    sam.get("/staff").await.is(200);
}

#[actix_web::test]
async fn a_body_that_is_no_form_changes_nothing_either() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let own = [("sec-fetch-site", "same-origin")];
    for route in posts().into_iter().filter(|route| !matches!(route.path, "/logout" | "/login")) {
        let path = stand_up(&app, &olivia, &route).await;
        let before = app.fingerprint();
        let json = r#"{"reason": "Ten characters", "minutes": "15", "email": "eve@evil.example"}"#;
        for kind in ["text/plain", "application/json"] {
            let answer = send(&olivia, &path, &own, (kind, json.to_owned())).await;
            assert!((400..500).contains(&answer.status), "{path} {kind}: {} {}", answer.status, answer.text());
        }
        assert_eq!(app.fingerprint(), before, "{}", route.path);
    }
}
