//! The directory: who is in it, what it says of them, and who may change that.

use crate::support::{Adam, Browser, Gus, Olivia, Shown, TestApp, Uma};

const LEO: [(&str, &str); 6] = [
    ("name", "Leo Lund"),
    ("email", "leo@acme.example"),
    ("department", "Engineering"),
    ("manager", ""),
    ("joined_on", "2026-01-12"),
    ("left_on", ""),
];

/// The form of Leo with these answers instead.
fn leo<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = LEO.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    kept.chain(changes.iter().copied()).collect()
}

async fn add(browser: &Browser, changes: &[(&str, &str)]) -> String {
    let added = browser.post("/people", &leo(changes)).await;
    added.is(303);
    added.id()
}

fn names(page: &Shown) -> Vec<String> {
    page.texts("tbody th a")
}

#[actix_web::test]
async fn olivia_adds_leo_and_finds_him() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.get("/people?add=1").await.is(200).shows("Add a person").shows("Adam Adler");
    let manager = Adam.member_id();
    let id = add(&olivia, &[("manager", &manager)]).await;
    let page = olivia.get(&format!("/people/{id}")).await;
    page.is(200).shows("Leo Lund is in People now").shows("Directory");
    assert_eq!(page.attribute("#department", "value").as_deref(), Some("Engineering"));
    assert_eq!(page.attribute("#manager option[selected]", "value"), Some(Adam.member_id()));
    assert_eq!(names(&olivia.get("/people?q=LUND").await), ["Leo Lund"]);
    assert_eq!(names(&olivia.get("/people?department=Engineering").await), ["Leo Lund"]);
    assert_eq!(
        names(&olivia.get("/people?status=active").await),
        ["Adam Adler", "Audrey Aldana", "Olivia Owens", "Uma Usher"]
    );
    app.trail_holds(Olivia, "Olivia Owens added Leo Lund to People");
}

#[actix_web::test]
async fn what_is_typed_into_the_search_box_is_no_pattern() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    add(&olivia, &[("name", "100% Leo_Lund \\ Co")]).await;
    for found in ["100%25", "leo_lund", "%5C"] {
        assert_eq!(names(&olivia.get(&format!("/people?q={found}")).await).len(), 1, "{found}");
    }
    for missed in ["%25%25", "l_o", "a%25b"] {
        olivia.get(&format!("/people?q={missed}")).await.is(200).shows("Nobody fits");
    }
}

#[actix_web::test]
async fn whose_last_day_has_passed_has_left() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let id = add(&olivia, &[("left_on", "2026-02-01")]).await;
    olivia.get(&format!("/people/{id}")).await.shows("Leo Lund Left");
    assert_eq!(names(&olivia.get("/people?status=left").await), ["Leo Lund"]);
    olivia.post(&format!("/people/{id}"), &leo(&[])).await.is(303);
    olivia.get(&format!("/people/{id}")).await.shows("Leo Lund Directory");
}

#[actix_web::test]
async fn a_last_day_ahead_counts_once_it_is_over() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let today = chrono::Utc::now().date_naive().to_string();
    add(&olivia, &[("left_on", &today)]).await;
    assert_eq!(names(&olivia.get("/people?status=directory").await), ["Leo Lund"]);
    app.days_pass(1);
    assert_eq!(names(&olivia.get("/people?status=left").await), ["Leo Lund"]);
    olivia.get("/people?status=directory").await.shows("Nobody fits");
}

#[actix_web::test]
async fn an_address_belongs_to_one_person_whatever_its_case() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let id = add(&olivia, &[]).await;
    let again = olivia.post("/people", &leo(&[("name", "Leonie"), ("email", "LEO@acme.example")])).await;
    again.is(422).shows("Somebody in People has this address already.");
    assert_eq!(again.attribute("#email", "aria-invalid").as_deref(), Some("true"));
    let ines = add(&olivia, &[("name", "Ines Okafor"), ("email", "ines@acme.example")]).await;
    olivia.post(&format!("/people/{ines}"), &leo(&[])).await.is(422).shows("has this address already");
    olivia.post(&format!("/people/{id}"), &leo(&[("email", "Leo@Acme.example")])).await.is(303);
}

#[actix_web::test]
async fn everything_wrong_is_told_at_once_and_the_answers_are_kept() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let wrong = leo(&[
        ("name", ""),
        ("email", "leo"),
        ("manager", "nobody"),
        ("joined_on", "12/01/2026"),
        ("left_on", "1800-01-01"),
    ]);
    let page = olivia.post("/people", &wrong).await;
    page.is(422).shows("5 answers need another look");
    assert_eq!(page.attribute("#email", "value").as_deref(), Some("leo"));
    assert!(page.texts("title")[0].starts_with("Error: People"));
    olivia
        .post("/people", &leo(&[("left_on", "2026-01-11")]))
        .await
        .is(422)
        .shows("Choose a last day on or after the first.");
    olivia.post("/people", &leo(&[("role", "owner")])).await.is(422).shows("no field “role”");
    assert_eq!(app.number("SELECT count(*) AS number FROM members"), 5);
}

#[actix_web::test]
async fn a_double_click_adds_leo_once() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let (one, two) = tokio::join!(olivia.post_once("/people", "same", &LEO), olivia.post_once("/people", "same", &LEO));
    assert_eq!((one.status, one.location()), (two.status, two.location()));
    assert_eq!(one.status, 303);
    app.trail_holds(Olivia, "Olivia Owens added Leo Lund to People");
}

#[actix_web::test]
async fn adam_corrects_what_the_directory_says_of_leo() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let id = add(&adam, &[]).await;
    let path = format!("/people/{id}");
    let uma = Uma.member_id();
    adam.post(&path, &leo(&[("department", "Design"), ("manager", &uma)])).await.goes_to(&path);
    adam.get(&path).await.shows("What People says of Leo Lund is saved.");
    app.trail_holds(Adam, "Adam Adler changed what People says of Leo Lund");
    assert_eq!(
        app.number(
            "SELECT count(*) AS number FROM audit_entries WHERE action = 'member.changed' AND changes =
             '[{\"field\":\"Department\",\"before\":\"Engineering\",\"after\":\"Design\"},
               {\"field\":\"Manager\",\"before\":null,\"after\":\"Uma Usher\"}]'::jsonb"
        ),
        1
    );
    adam.post(&path, &leo(&[("department", "Design"), ("manager", &uma)])).await.is(303);
    app.trail_holds(Adam, "Adam Adler changed what People says of Leo Lund");
    adam.post(&path, &leo(&[("manager", &id)])).await.is(422).shows("nobody is their own manager");
    adam.post(&path, &leo(&[("manager", &Gus.member_id())])).await.is(422).shows("Choose a manager from the list.");
}

#[actix_web::test]
async fn whoever_signs_in_owns_their_name_and_address() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let path = format!("/people/{}", Uma.member_id());
    let page = olivia.get(&path).await;
    page.shows("changes their own name and address");
    assert!(page.texts("#name").is_empty());
    olivia
        .post(&path, &leo(&[("name", "Umberto"), ("email", Uma.email())]))
        .await
        .is(422)
        .shows("changes their own name.");
    olivia
        .post(&path, &leo(&[("name", Uma.name()), ("email", "thief@evil.example")]))
        .await
        .is(422)
        .shows("changes their own address.");
    olivia.post(&path, &[("department", "Design"), ("joined_on", "2026-01-12")]).await.is(303);
    app.trail_holds(Olivia, "Olivia Owens changed what People says of Uma Usher");
}

#[actix_web::test]
async fn an_ended_plan_adds_nobody_and_still_corrects() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let id = add(&olivia, &[]).await;
    app.sql("UPDATE plan_subscriptions SET ended_at = period_ends_at");
    olivia
        .post("/people", &leo(&[("email", "ines@acme.example")]))
        .await
        .is(409)
        .shows("The plan of this business has ended.");
    olivia.post(&format!("/people/{id}"), &leo(&[("department", "Design")])).await.is(303);
}

#[actix_web::test]
async fn a_long_list_is_turned_page_by_page_and_back_at_the_same_cost() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let of_few = cost(&app, &olivia, "/people?q=a").await;
    app.sql(&format!(
        "INSERT INTO members (business_id, id, parse_id, name, name_folded, email, email_folded, status, department, manager_id, created_at)
         SELECT '{}', gen_random_uuid(), lpad(n::text, 10, 'p'), 'Person ' || lpad(n::text, 3, '0'), 'person ' || lpad(n::text, 3, '0'),
         'p' || n || '@acme.example', 'p' || n || '@acme.example', 'directory', '', '{}', '2026-01-01Z' FROM generate_series(1, 120) n",
        Olivia.business_uuid(),
        Adam.member_uuid()
    ));
    let of_many = cost(&app, &olivia, "/people?q=person").await;
    assert!(of_many <= of_few + 3, "{of_many} statements for 50 rows, {of_few} for 4");
    let first = olivia.get("/people?q=person").await;
    first.shows("50 of 120 people");
    let link = |page: &Shown, words: &str| {
        let position = page.texts("nav[aria-label=Pages] a").iter().position(|text| text == words)?;
        let selector = format!("nav[aria-label=Pages] a:nth-of-type({})", position + 1);
        page.attribute(&selector, "href")
    };
    let second = olivia.get(&link(&first, "Next").unwrap()).await;
    assert_eq!(names(&second)[0], "Person 051");
    let third = olivia.get(&link(&second, "Next").unwrap()).await;
    assert_eq!(names(&third).len(), 20);
    assert_eq!(link(&third, "Next"), None);
    let back = olivia.get(&link(&third, "Previous").unwrap()).await;
    assert_eq!(names(&back), names(&second));
    let front = olivia.get(&link(&back, "Previous").unwrap()).await;
    assert_eq!(names(&front), names(&first));
    assert_eq!(link(&front, "Previous"), None);
}

/// How many statements a page takes: the least of six, because a connection that has rested is asked whether it lives.
async fn cost(app: &TestApp, browser: &Browser, path: &str) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..6 {
        let before = app.app.db.statements();
        browser.get(path).await.is(200);
        least = least.min(app.app.db.statements() - before);
    }
    least
}
