//! Every form sent wrong: refused with a sentence, and nothing is changed.

use subledger::http::{Audience, Route};

use super::{form, post, posts, stand_up};
use crate::support::{Browser, Olivia, Shown, TestApp};

/// What is wrong in these fields counts as left out: where to go on to, and a tick.
const FORGIVEN: [&str; 2] = ["next", "confirm"];

/// Forms of which every field may be left out, and what is left out stays as it was.
const KEEPING: [&str; 8] = [
    "/businesses/{id}/enter",
    "/people/{id}",
    "/services/{id}",
    "/subscriptions/{id}",
    "/subscriptions/{id}/prices",
    "/settings/business",
    "/settings/notifications",
    "/settings/profile",
];

/// Forms that say all there is to say when they are sent empty.
const OPTIONAL: [&str; 2] = ["/subscriptions/{id}/requests", "/requests/{id}/decline"];

/// What went wrong with each form, so that one walk tells of all of them.
#[derive(Default)]
struct Walk(Vec<String>);

impl Walk {
    /// Sends the route's form, changed: it must be refused in words, and nothing be changed.
    async fn send(
        &mut self,
        app: &TestApp,
        olivia: &Browser,
        route: &Route,
        (how, fields): (&str, Vec<(String, String)>),
    ) {
        let path = stand_up(app, olivia, route).await;
        let before = app.fingerprint();
        let answer = post(olivia, route.path, &path, &fields).await;
        let is_refusal = matches!(answer.status, 403 | 404 | 409 | 410 | 413 | 422 | 429);
        if !is_refusal || !says_something(&answer) || app.fingerprint() != before {
            let line: String = answer.text().chars().take(200).collect();
            self.0.push(format!("POST {} {how}: {} {} {line}", route.path, answer.status, answer.location()));
        }
    }

    #[track_caller]
    fn ends(self) {
        assert!(self.0.is_empty(), "{}", self.0.join("\n"));
    }
}

fn says_something(answer: &Shown) -> bool {
    answer.texts("main h1, main h2").iter().any(|heading| !heading.is_empty()) && answer.text().contains('.')
}

/// The forms that one browser can send again and again, because none of them ends or changes its session.
fn lasting() -> Vec<Route> {
    posts().into_iter().filter(|route| route.audience != Audience::Public || route.path == "/join").collect()
}

/// The route's form with another value in one field.
fn with(route: &Route, name: &str, value: &str) -> Vec<(String, String)> {
    let replaced =
        |(field, kept): (String, String)| if field == name { (field, value.to_owned()) } else { (field, kept) };
    form(route.path).into_iter().map(replaced).collect()
}

#[actix_web::test]
async fn a_field_that_the_form_does_not_have_is_refused() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let mut walk = Walk::default();
    for route in posts() {
        for surprise in ["is_admin", "business_id", "__proto__"] {
            let mut fields = form(route.path);
            fields.push((surprise.to_owned(), "1".to_owned()));
            walk.send(&app, &olivia, &route, (surprise, fields)).await;
        }
    }
    walk.ends();
}

#[actix_web::test]
async fn what_is_too_long_or_no_text_at_all_is_refused() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let long = "x".repeat(20_000);
    let mut walk = Walk::default();
    for route in lasting() {
        for (name, _) in form(route.path).into_iter().filter(|(name, _)| !FORGIVEN.contains(&name.as_str())) {
            for (how, wrong) in
                [("too long", long.as_str()), ("control characters", "\u{1b}a\u{7}b\u{85}"), ("NUL", "a\u{0}b")]
            {
                walk.send(&app, &olivia, &route, (&format!("{name} {how}"), with(&route, &name, wrong))).await;
            }
        }
    }
    walk.ends();
}

#[actix_web::test]
async fn an_empty_form_is_refused_or_keeps_everything_as_it_was() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let mut walk = Walk::default();
    let forms = posts().into_iter().filter(|route| !form(route.path).is_empty() && !OPTIONAL.contains(&route.path));
    for route in forms {
        if !KEEPING.contains(&route.path) {
            walk.send(&app, &olivia, &route, ("empty", Vec::new())).await;
            continue;
        }
        let path = stand_up(&app, &olivia, &route).await;
        let before = app.fingerprint();
        post(&olivia, route.path, &path, &[]).await.is(303);
        assert_eq!(app.fingerprint(), before, "{}", route.path);
    }
    walk.ends();
}
