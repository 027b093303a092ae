//! How many statements a page costs, counted on the demo business, whose lists are full.

use subledger::demo;
use subledger::http::{Audience, Route};

use super::{begin_recovery, path_in, routes};
use crate::support::TestApp;

/// A page that asked for each of its rows on its own would need more than this by far: the lists of the demo business
/// show forty rows and more.
const MOST: u64 = 20;

#[actix_web::test]
async fn no_page_asks_for_its_rows_one_by_one() {
    let app = TestApp::start_empty(&[]).await;
    let demo = demo::load(&app.app, None).await.unwrap().unwrap();
    // PostgreSQL knows the tables that were just filled; else a page of holders takes seconds.
    let known = "SELECT count(DISTINCT tablename) AS number FROM pg_stats WHERE schemaname = 'public'
                 AND tablename IN ('members', 'subscriptions', 'licenses', 'assignments')";
    assert_eq!(app.number(known), 4);
    let business = app.text("SELECT business_id::text AS text FROM members LIMIT 1");
    let owner = demo.people.first().unwrap();
    let browser = app.visitor();
    browser.post("/login", &[("email", &owner.email), ("password", &owner.password)]).await.goes_to("/");
    let people = b"email,name\nleo@larkfield.example,Leo Lund\n".to_vec();
    browser.upload("/import", &[("kind", "people")], "people.csv", people).await.is(303);
    begin_recovery(&app, &business);
    let mut costs = Vec::new();
    for route in routes().into_iter().filter(is_of_the_business) {
        let path = path_in(&app, &business, &route);
        browser.get(&path).await.is(200);
        let before = app.app.db.statements();
        browser.get(&path).await.is(200);
        costs.push((app.app.db.statements() - before, route.path));
    }
    assert!(costs.len() > 15, "{costs:?}");
    let dear: Vec<_> = costs.iter().filter(|(statements, _)| *statements > MOST).collect();
    assert!(dear.is_empty(), "{dear:?} of {costs:?}");
}

/// Not the one that only leads on into the business.
fn is_of_the_business(route: &Route) -> bool {
    route.method == "GET"
        && route.path != "/businesses/{id}/enter"
        && matches!(route.audience, Audience::Person | Audience::Member)
}
