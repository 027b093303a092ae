//! Services: what everybody knows of them, and what a business writes of its own.

use super::*;
use crate::support::{Adam, Audrey, Gus, Olivia, Uma};

/// The page of the service of this subscription.
async fn service_of(browser: &Browser, path: &str) -> String {
    browser.get(path).await.attribute("a[href^='/services/']", "href").unwrap()
}

#[actix_web::test]
async fn a_known_service_is_offered_and_brings_its_vendor_category_and_site() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let form = adam.get("/subscriptions/new").await;
    assert!(
        form.body.contains(r#"<option value="GitHub Copilot">"#) && form.body.contains(r#"<option value="Figma">"#)
    );
    let path = added(&adam, &[("service", "github copilot")]).await;
    let service = adam.get(&service_of(&adam, &path).await).await;
    for (field, value) in [("#vendor", "GitHub"), ("#category", "Development"), ("#website", "https://github.com")] {
        assert_eq!(service.attribute(field, "value").as_deref(), Some(value));
    }
    let own = added(&adam, &[("service", "Our own ledger")]).await;
    let unknown = adam.get(&service_of(&adam, &own).await).await;
    assert_eq!(unknown.is(200).attribute("#vendor", "value").as_deref(), Some(""));
    let again = adam.get("/subscriptions/new").await;
    assert!(again.body.contains(r#"<option value="Our own ledger">"#));
    assert!(
        !again.body.contains(r#"<option value="GitHub Copilot">"#),
        "a name is offered once, as the business writes it"
    );
}

#[actix_web::test]
async fn a_business_writes_its_own_facts_of_a_service_and_another_does_not_see_them() {
    let app = TestApp::start().await;
    let (adam, gus, audrey) = (app.sign_in(Adam).await, app.sign_in(Gus).await, app.sign_in(Audrey).await);
    let path = added(&adam, &[]).await;
    let figma = service_of(&adam, &path).await;
    adam.post(&figma, &[("vendor", "A reseller"), ("category", "Drawing")]).await.goes_to(&figma);
    adam.get(&figma).await.shows("Saved Figma.");
    adam.post(&figma, &[("vendor", "A reseller")]).await.goes_to(&figma);
    app.trail_holds(Adam, "Adam Adler changed the service Figma");
    for (field, value, message) in [
        ("name", "", "Write the name of the service."),
        ("website", "figma.com", "Write the whole address of a web page"),
        ("vendor", "x\ny", "Write at most 120 characters, on one line."),
        ("role", "owner", "This form has no field “role”."),
    ] {
        adam.post(&figma, &[(field, value)]).await.is(422).shows(message);
    }
    added(&adam, &[("service", "Miro")]).await;
    adam.post(&figma, &[("name", " MIRO ")]).await.is(409).shows("Miro is a service of its own already.");
    adam.post(&figma, &[("name", "Figma Organisation")]).await.goes_to(&figma);
    adam.get(&path).await.shows("Figma Organisation");
    audrey.get(&figma).await.is(200).shows("A reseller").shows("Drawing");
    audrey.post(&figma, &[("vendor", "Audrey")]).await.is(403);
    gus.get(&figma).await.is(404);
    gus.post(&figma, &[("vendor", "Gus")]).await.is(404);
    let theirs = service_of(&gus, &added(&gus, &[]).await).await;
    assert_eq!(gus.get(&theirs).await.attribute("#vendor", "value").as_deref(), Some("Figma"));
}

#[actix_web::test]
async fn uma_changes_a_service_while_all_subscriptions_to_it_are_hers() {
    let app = TestApp::start().await;
    let (olivia, uma) = (app.sign_in(Olivia).await, app.sign_in(Uma).await);
    let hers = added(&uma, &[]).await;
    let figma = service_of(&uma, &hers).await;
    uma.post(&figma, &[("category", "Design of ours")]).await.goes_to(&figma);
    added(&olivia, &[("name", "Figma Board"), ("confirm_duplicate", "1")]).await;
    let page = uma.get(&figma).await;
    page.is(200).shows("Design of ours").hides("Figma Board").hides("Save service");
    uma.post(&figma, &[("category", "Other")]).await.is(403);
    let miro = service_of(&olivia, &added(&olivia, &[("service", "Miro")]).await).await;
    uma.get(&miro).await.is(404);
    uma.post(&miro, &[("category", "Other")]).await.is(404);
}
