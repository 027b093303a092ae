//! What every route answers to everybody, as a document: a change of it shows in review.

use std::fmt::Write;

use subledger::http::Audience;

use super::{form, post, routes, stand_up};
use crate::support::{Adam, Audrey, Browser, Cast, Gus, Olivia, TestApp, Uma};

/// The columns: nobody signed in, the four roles of Acme, and the owner of another business.
const WHO: [Option<Cast>; 6] = [None, Some(Olivia), Some(Adam), Some(Audrey), Some(Uma), Some(Gus)];

#[actix_web::test]
async fn every_route_answers_every_role_as_agreed() {
    let app = TestApp::start().await;
    let mut olivia = app.sign_in(Olivia).await;
    let mut everybody = come_in(&app).await;
    let mut table =
        String::from("route                                        nobody owner admin auditor user stranger\n");
    for route in routes() {
        let mut answers = Vec::new();
        for (who, browser) in WHO.iter().zip(&everybody) {
            let path = stand_up(&app, &olivia, &route).await;
            let before = app.fingerprint();
            let answer = match route.method.as_str() {
                "GET" => browser.get(&path).await,
                _ => post(browser, route.path, &path, &form(route.path)).await,
            };
            assert!(answer.status < 500, "{} {}: {}", route.method, route.path, answer.text());
            // That somebody took the trail away as a file is on the trail.
            if matches!(answer.status, 403 | 404) || (route.method == "GET" && !route.path.ends_with(".csv")) {
                assert_eq!(app.fingerprint(), before, "{} {} as {who:?}", route.method, route.path);
            }
            let is_sent_to_sign_in = answer.location().starts_with("/login");
            answers.push(if is_sent_to_sign_in { "sign in".to_owned() } else { answer.status.to_string() });
        }
        writeln!(table, "{:<4} {:<39} {}", route.method.as_str(), route.path, answers.join(" ")).unwrap();
        if route.method == "POST" && !matches!(route.audience, Audience::Member | Audience::Staff) {
            everybody = come_in(&app).await;
            // Some of these forms end every other sign-in of whoever sends them.
            olivia = app.sign_in(Olivia).await;
        }
    }
    insta::with_settings!({ snapshot_path => "../../snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("routes", table);
    });
}

/// A browser for each column.
async fn come_in(app: &TestApp) -> Vec<Browser> {
    let mut browsers = Vec::new();
    for who in WHO {
        browsers.push(match who {
            Some(person) => app.sign_in(person).await,
            None => app.visitor(),
        });
    }
    browsers
}
