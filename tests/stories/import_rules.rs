//! Who may import, when, and how often.

use crate::imports::{EXPORT, has, people, uploaded};
use crate::support::{Adam, Audrey, Gus, Olivia, TestApp, Uma};

#[actix_web::test]
async fn a_double_click_imports_once_and_a_later_one_is_told() {
    let app = TestApp::start().await;
    let (first, second) = (app.sign_in(Adam).await, app.sign_in(Adam).await);
    let path = uploaded(&first, "people.csv", EXPORT).await;
    let commit = [("commit", "1")];
    let (one, two) = tokio::join!(first.post_once(&path, "same", &commit), second.post_once(&path, "same", &commit));
    one.goes_to(&path);
    two.goes_to(&path);
    assert_eq!((people(&app, Adam, ""), app.acts(Adam).len()), (21, 18));

    first.post(&path, &commit).await.is(409).shows("people.csv was imported already.");
    first.post(&path, &[("map[Email]", "email")]).await.is(409).shows("people.csv was imported already.");
    assert_eq!((people(&app, Adam, ""), app.acts(Adam).len()), (21, 18));
}

#[actix_web::test]
async fn two_files_of_the_same_people_at_the_same_moment_add_them_once() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    let (one, two) = (uploaded(&adam, "a.csv", EXPORT).await, uploaded(&olivia, "b.csv", EXPORT).await);
    let commit = [("commit", "1")];
    let (first, second) = tokio::join!(adam.post(&one, &commit), olivia.post(&two, &commit));
    first.goes_to(&one);
    second.goes_to(&two);
    assert_eq!(people(&app, Adam, ""), 21);
    let sums = "SELECT sum(created_rows) * 100 + sum(unchanged_rows) AS number FROM imports";
    assert_eq!(app.number(sums), 1717);
}

#[actix_web::test]
async fn whoever_may_not_import_is_refused_and_a_stranger_finds_nothing() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = uploaded(&adam, "people.csv", EXPORT).await;
    for someone in [Audrey, Uma] {
        let browser = app.sign_in(someone).await;
        browser.get("/import").await.is(403);
        browser.upload("/import", &[("kind", "people")], "people.csv", EXPORT.to_vec()).await.is(403);
        browser.get(&path).await.is(403);
        browser.post(&path, &[("commit", "1")]).await.is(403);
        browser.post(&format!("{path}/undo"), &[]).await.is(403);
        browser.get("/").await.is(200).hides("/import");
    }
    let mut gus = app.sign_in(Gus).await;
    gus.get(&path).await.is(404);
    gus.post(&path, &[("commit", "1")]).await.is(404);
    gus.post(&format!("{path}/undo"), &[]).await.is(404);
    gus.business = Some(Adam.business_id());
    gus.upload("/import", &[("kind", "people")], "people.csv", EXPORT.to_vec()).await.is(404);
    app.visitor().get(&path).await.goes_to(&format!("/login?next={}", path.replace('/', "%2F")));
    adam.get("/import/nope").await.is(404);
    assert_eq!(people(&app, Adam, "") + people(&app, Gus, ""), 5);
}

#[actix_web::test]
async fn when_the_trial_is_over_the_dry_run_works_and_the_import_waits_for_a_plan() {
    let app = TestApp::start().await;
    let mut ingrid = app.visitor();
    let form = [
        ("business", "Initech"),
        ("name", "Ingrid Initech"),
        ("email", "ingrid@initech.example"),
        ("password", "stapler of many colours"),
        ("plan", "trial"),
    ];
    ingrid.post("/signup", &form).await.goes_to("/");
    app.days_pass(16);
    let sign_in = [("email", "ingrid@initech.example"), ("password", "stapler of many colours")];
    ingrid.post("/login", &sign_in).await.goes_to("/");
    ingrid.business = ingrid.get("/import").await.attribute("main input[name=business]", "value");
    let path = uploaded(&ingrid, "people.csv", EXPORT).await;
    let page = ingrid.get(&path).await;
    has(&page, &[("Create", "17"), ("Update", "0"), ("Unchanged", "0"), ("Error", "3"), ("Warned", "4")]);
    ingrid.post(&path, &[("commit", "1")]).await.is(409).shows("The plan of this business has ended.");
    assert_eq!(app.number("SELECT count(*) AS number FROM members"), 6);
}

#[actix_web::test]
async fn a_file_is_kept_for_seven_days() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = uploaded(&adam, "people.csv", EXPORT).await;
    app.days_pass(7);
    adam.get(&path).await.is(200).shows("This file is gone");
    adam.post(&path, &[("commit", "1")]).await.is(410).shows("Upload the file again.");
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM imports WHERE content IS NULL"), 1);
    adam.get("/import").await.shows("Never imported");
}
