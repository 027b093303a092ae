//! A large installation to try things on is one that the product itself could have written.

use subledger::demo::{self, Size};

use crate::support::TestApp;

#[actix_web::test]
async fn it_can_be_looked_at_and_worked_on_like_any_other() {
    let app = TestApp::start_empty(&[]).await;
    let size = Size { businesses: 3, subscriptions: 60, licenses: 5_100, audit: 90 };
    let demo = demo::load(&app.app, Some(size)).await.unwrap().unwrap();
    let owner = demo.people.last().unwrap();
    let browser = app.visitor();
    browser.post("/login", &[("email", &owner.email), ("password", &owner.password)]).await.goes_to("/");
    browser.get("/").await.is(200).shows("Business 0");
    let largest = browser.get("/subscriptions?q=Subscription+0").await;
    let largest = largest.attribute("tbody a", "href").unwrap();
    browser.get(&largest).await.is(200).shows("5,000 / 5,000");
    browser.get("/licenses").await.is(200).shows("Subscription 0");
    browser.get("/audit").await.is(200).shows("Person 0 changed Subscription");
    let holder = browser.get("/people?q=person+1").await.is(200).attribute("tbody a", "href").unwrap();
    browser.get(&holder).await.is(200).shows("Subscription 0");
    browser.post(&format!("{largest}/remove"), &[]).await.is(409).shows("5000 seats are held");
    app.days_pass(40);
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM worker_failures"), 0);
    assert_eq!(app.number("SELECT count(*) AS number FROM audit_entries_default"), 0);
    let charged =
        "SELECT count(DISTINCT c.subscription_id) AS number FROM charges c JOIN businesses b ON b.id = c.business_id
                   WHERE b.name LIKE 'Business %'";
    assert!(app.number(charged) >= 39, "those paid by the month");
}

#[actix_web::test]
async fn a_size_that_does_not_work_out_is_refused() {
    for (businesses, subscriptions, licenses) in [(0, 10, 0), (3, 2, 0), (1, 1, 5_001), (1, 2, 5_021)] {
        let app = TestApp::start_empty(&[]).await;
        let size = Size { businesses, subscriptions, licenses, audit: 0 };
        let refused = demo::load(&app.app, Some(size)).await.err().unwrap();
        assert_eq!(refused.code, "size");
    }
}
