//! Gus of Globex tries every address with the ids of Acme, looking and sending.

use subledger::http::Audience;

use super::{form, post, routes, stand_up};
use crate::support::{Cast, Gus, Olivia, TestApp};

#[actix_web::test]
async fn what_acme_has_is_not_there_for_globex_on_any_route() {
    let app = TestApp::start().await;
    let (olivia, gus) = (app.sign_in(Olivia).await, app.sign_in(Gus).await);
    let mut tried = 0;
    for route in routes().into_iter().filter(|route| route.path.contains("{id}")) {
        let path = stand_up(&app, &olivia, &route).await;
        let before = app.fingerprint();
        let answer = match route.method.as_str() {
            "GET" => gus.get(&path).await,
            _ => post(&gus, route.path, &path, &form(route.path)).await,
        };
        assert_eq!(answer.status, 404, "{} {}: {}", route.method, route.path, answer.text());
        for name in ["Acme", "acme.example", "Software", "Leo "] {
            assert!(!answer.body.contains(name), "{name} on {} {}", route.method, route.path);
        }
        assert_eq!(app.fingerprint(), before, "{} {}", route.method, route.path);
        tried += 1;
    }
    assert!(tried > 15, "{tried}");
}

#[actix_web::test]
async fn a_form_of_acme_is_not_sent_to_globex() {
    let app = TestApp::start().await;
    let (olivia, mut gus) = (app.sign_in(Olivia).await, app.sign_in(Gus).await);
    gus.business = Some(Cast::Olivia.business_id());
    for route in super::posts().into_iter().filter(|route| route.audience == Audience::Member) {
        let path = stand_up(&app, &olivia, &route).await;
        let before = app.fingerprint();
        let answer = post(&gus, route.path, &path, &form(route.path)).await;
        assert!(matches!(answer.status, 404 | 409), "POST {}: {} {}", route.path, answer.status, answer.text());
        assert_eq!(app.fingerprint(), before, "{}", route.path);
    }
}

#[actix_web::test]
async fn an_id_that_is_none_is_not_there() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let nobody = "00000000-0000-7000-8000-000000000000";
    for route in routes().into_iter().filter(|route| route.path.contains("{id}")) {
        for id in ["x", "0", nobody, "%00", "..%2f..", "01M7YEBGB3FG6RNKYA90D911XD", &"a".repeat(4_000)] {
            let path = route.path.replace("{id}", id);
            let answer = match route.method.as_str() {
                "GET" => olivia.get(&path).await,
                _ => post(&olivia, route.path, &path, &form(route.path)).await,
            };
            assert_eq!(answer.status, 404, "{} {path}: {}", route.method, answer.text());
        }
    }
}
