//! Choosing an owner or a manager: from a list of few people, by address or name among many.

use crate::support::{Adam, Browser, Olivia, TestApp, Uma};

/// So many more people at Acme: two of them share a name.
fn many(app: &TestApp, count: u32) {
    app.sql(&format!(
        "INSERT INTO members (business_id, id, parse_id, name, name_folded, email, email_folded, status, department, created_at) \
         SELECT '{}', gen_random_uuid(), lpad(n::text, 10, '0'), name, lower(name), email, email, 'directory', '', '2026-01-01' \
         FROM (SELECT n, 'Person ' || greatest(n, 2) AS name, 'p' || n || '@acme.example' AS email FROM generate_series(1, {count}) n) AS new",
        Adam.business_uuid()
    ));
}

async fn figma(browser: &Browser) -> String {
    let fields = [("service", "Figma"), ("cost", "12"), ("renews_on", "2199-01-31")];
    browser.post("/subscriptions", &fields).await.is(303).location().to_owned()
}

fn owned_by(app: &TestApp, email: &str) -> i64 {
    app.number(&format!(
        "SELECT count(*) AS number FROM subscriptions s JOIN members m ON m.id = s.owner_id WHERE m.email = '{email}'"
    ))
}

#[actix_web::test]
async fn few_people_are_listed_and_many_are_written() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = figma(&adam).await;
    let edit = format!("{path}/edit");
    let uma = format!("/people/{}", Uma.member_id());
    for page in ["/subscriptions", "/subscriptions/new", &edit, "/people?add=1", &uma] {
        let page = adam.get(page).await;
        page.is(200);
        assert!(page.texts("option").iter().any(|words| words == "Olivia Owens"), "{}", page.body);
        assert_eq!(page.attribute("#some-people", "id"), None);
    }
    many(&app, 5_000);
    for (page, field) in [
        ("/subscriptions", "new_owner"),
        ("/subscriptions/new", "owner"),
        (&*edit, "owner"),
        ("/people?add=1", "manager"),
        (&*uma, "manager"),
    ] {
        let before = app.app.db.statements();
        let page = adam.get(page).await;
        let statements = app.app.db.statements() - before;
        page.is(200);
        assert!(page.body.len() < 80_000, "{field}: {} bytes", page.body.len());
        assert!(statements <= 16, "{field}: {statements} statements");
        assert_eq!(page.attribute(&format!("input#{field}"), "list").as_deref(), Some("some-people"));
        assert!(page.texts("#some-people option").len() <= 50);
    }
    assert_eq!(adam.get(&edit).await.attribute("#owner", "value").as_deref(), Some(Adam.email()));
}

#[actix_web::test]
async fn an_owner_is_named_by_address_or_by_a_name_that_only_one_has() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    many(&app, 300);
    let path = figma(&adam).await;
    let new = [("service", "Zoom"), ("cost", "9"), ("renews_on", "2199-01-31"), ("owner", "Olivia owens")];
    adam.post("/subscriptions", &new).await.is(303);
    assert_eq!(owned_by(&app, Olivia.email()), 1);
    for (written, said) in [
        ("nobody@acme.example", "Nobody in People has the address or name “nobody@acme.example”."),
        ("Person 2", "Several people are called “Person 2”: write the e-mail address."),
        ("gus@globex.example", "Nobody in People has the address or name"),
        ("<b>", "Nobody in People has the address or name “<b>”."),
    ] {
        let page = adam.post(&path, &[("owner", written), ("notes", "kept")]).await;
        page.is(422).shows(said);
        assert_eq!(page.attribute("#owner", "value").as_deref(), Some(written));
        assert_eq!(page.texts("#notes"), ["kept"]);
        assert_eq!(page.attribute(".problem a", "href").as_deref(), Some("#owner"));
    }
    adam.post(&path, &[("owner", " P7@acme.example ")]).await.goes_to(&path);
    assert_eq!(owned_by(&app, "p7@acme.example"), 1);
    // What is wrong elsewhere leaves whom they named.
    let page = adam.post(&path, &[("owner", "p9@acme.example"), ("cost", "-1")]).await;
    page.is(422);
    assert_eq!(page.attribute("#owner", "value").as_deref(), Some("p9@acme.example"));
}

#[actix_web::test]
async fn a_new_owner_of_many_is_named_and_a_wrong_name_keeps_what_was_ticked() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    many(&app, 300);
    let path = figma(&adam).await;
    let id = path.rsplit('/').next().unwrap();
    let bulk = |owner: &'static str| [("id", id), ("verb", "owner"), ("new_owner", owner), ("list", "sort=name")];
    let page = adam.post("/subscriptions/bulk", &bulk("Person 2")).await;
    page.is(422).shows("Several people are called “Person 2”: write the e-mail address.");
    assert_eq!(page.attribute("#new_owner", "value").as_deref(), Some("Person 2"));
    assert_eq!(page.attribute("td.tick input[checked]", "value").as_deref(), Some(id));
    assert!(page.texts("title")[0].starts_with("Error: "));
    let page = adam.post("/subscriptions/bulk", &bulk("")).await;
    page.is(422).shows("Choose somebody of this business as the owner.");
    adam.post("/subscriptions/bulk", &bulk("p8@acme.example")).await.goes_to("/subscriptions?sort=name");
    assert_eq!(owned_by(&app, "p8@acme.example"), 1);
}

#[actix_web::test]
async fn a_manager_is_named_and_emptied() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    many(&app, 300);
    let uma = format!("/people/{}", Uma.member_id());
    let managed = "SELECT count(*) AS number FROM members m JOIN members p ON p.id = m.manager_id WHERE p.email = 'p5@acme.example'";
    adam.post(&uma, &[("manager", "P5@ACME.example")]).await.goes_to(&uma);
    assert_eq!(app.number(managed), 1);
    assert_eq!(adam.get(&uma).await.attribute("#manager", "value").as_deref(), Some("p5@acme.example"));
    let page = adam.post(&uma, &[("manager", "Nobody at all"), ("department", "Kitchen")]).await;
    page.is(422).shows("Nobody in People has the address or name “Nobody at all”.");
    assert_eq!(page.attribute("#department", "value").as_deref(), Some("Kitchen"));
    let new = [("name", "Kim"), ("email", "kim@acme.example"), ("manager", "person 5")];
    adam.post("/people", &new).await.is(303);
    assert_eq!(app.number(managed), 2);
    adam.post(&uma, &[("manager", "")]).await.goes_to(&uma);
    assert_eq!(app.number(managed), 1);
}
