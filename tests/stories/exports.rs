//! People, subscriptions and seats as files: whole, guarded, without keys, and back again without a change.

use crate::imports::{imported, uploaded};
use crate::support::{Adam, Audrey, Browser, Cast, Gus, Olivia, Shown, TestApp, Uma};

const KEY: &str = "CANARY-4711-KEY7F2K";

/// The rows of a file, the header first.
pub fn rows(file: &Shown) -> Vec<Vec<String>> {
    file.is(200);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file.body.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Everything an import could change.
fn written(app: &TestApp) -> String {
    let tables = ["members", "services", "subscriptions", "price_lines", "charges", "licenses", "assignments"];
    let sums = tables.map(|table| {
        format!(
            "SELECT '{table} ' || md5(string_agg(to_jsonb(t)::text, '|' ORDER BY to_jsonb(t)::text)) AS line FROM {table} t"
        )
    });
    app.text(&format!(
        "SELECT string_agg(line, E'\n' ORDER BY line) AS text FROM ({}) AS sums",
        sums.join(" UNION ALL ")
    ))
}

/// Figma, of which Uma holds a seat with a key, and Slack, which is canceled; answers Figma's path.
pub async fn books(browser: &Browser) -> String {
    let figma = [
        ("service", "Figma"),
        ("name", "Figma, the \"design\" one"),
        ("cost", "16200.50"),
        ("currency", "USD"),
        ("cycle_unit", "year"),
        ("renews_on", "2199-02-28"),
        ("notice_count", "2"),
        ("notice_unit", "month"),
        ("seats", "30"),
        ("tags", "design, ops"),
        ("url", "https://figma.com/billing"),
        ("notes", "=1+1\nsecond line"),
        ("term_count", "2"),
        ("term_unit", "year"),
    ];
    let path = browser.post("/subscriptions", &figma).await.is(303).location().to_owned();
    let slack = [
        ("service", "Slack"),
        ("cost", "1200"),
        ("currency", "JPY"),
        ("cost_model", "per_seat"),
        ("cycle_unit", "quarter"),
        ("starts_on", "2026-01-31"),
        ("status", "canceled"),
        ("auto_renew", "manual"),
        ("department", "@Sales"),
    ];
    browser.post("/subscriptions", &slack).await.is(303);
    let once = [("service", "Sketch"), ("cost", "99"), ("cycle_unit", "once"), ("starts_on", "2026-01-10")];
    browser.post("/subscriptions", &once).await.is(303);
    let seat = [("member", &*Uma.member_id()), ("key", KEY), ("expires_on", "2199-01-31")];
    browser.post(&format!("{path}/licenses"), &seat).await.is(303);
    path
}

#[actix_web::test]
async fn what_is_exported_imports_back_without_a_change() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    books(&adam).await;
    let person = [("name", "-Rosa \"Red\", Klee"), ("email", "rosa@acme.example"), ("joined_on", "2026-01-05")];
    adam.post("/people", &person).await.is(303);
    for (list, kind) in [("people", "people"), ("subscriptions", "subscriptions"), ("licenses", "licenses")] {
        let file = adam.get(&format!("/{list}.csv")).await;
        assert!(file.body.ends_with("\r\n") && !file.body.replace("\r\n", "").contains('\r'), "{}", file.body);
        let before = written(&app);
        let path = uploaded_as(&adam, kind, &file.body).await;
        let page = adam.get(&path).await;
        let rows = rows(&file).len() - 1;
        crate::imports::has(
            &page,
            &[("Create", "0"), ("Update", "0"), ("Unchanged", &rows.to_string()), ("Error", "0"), ("Warned", "0")],
        );
        adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
        adam.get(&path).await.shows(&format!("0 created, 0 updated, {rows} unchanged, 0 refused."));
        assert_eq!(written(&app), before, "{list}");
        assert_eq!(adam.get(&format!("/{list}.csv")).await.body, file.body, "{list}");
    }
}

#[actix_web::test]
async fn an_old_export_moves_no_renewal_that_has_rolled_on_since() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let monthly = [("service", "Zoom"), ("cost", "15"), ("renews_on", "2026-01-31")];
    adam.post("/subscriptions", &monthly).await.is(303);
    let file = adam.get("/subscriptions.csv").await.body;
    app.days_pass(75);
    app.work_until_idle().await;
    let adam = app.sign_in(Adam).await;
    let now = adam.get("/subscriptions.csv").await.body;
    assert_ne!(now, file);
    let path = uploaded_as(&adam, "subscriptions", &file).await;
    adam.get(&path).await.shows("Import, changing nothing");
    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    assert_eq!(adam.get("/subscriptions.csv").await.body, now);
}

/// Uploads a file of this kind, and where its page is.
pub async fn uploaded_as(browser: &Browser, kind: &str, file: &str) -> String {
    let answer = browser.upload("/import", &[("kind", kind)], "file.csv", file.as_bytes().to_vec()).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

#[actix_web::test]
async fn no_export_holds_a_key_or_a_formula() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = books(&adam).await;
    for start in ["=", "+", "-", "@", "＝", "＋", "－", "＠"] {
        let name = format!("{start}1+1");
        let email = format!("f{}@acme.example", start.chars().next().map_or(0, u32::from));
        adam.post("/people", &[("name", &name), ("email", &email), ("department", &name)]).await.is(303);
        let fields = [
            ("service", name.as_str()),
            ("cost", "1"),
            ("renews_on", "2199-06-15"),
            ("department", &name),
            ("category", &name),
            ("tags", &name),
            ("payment_method", &name),
            ("notes", &name),
        ];
        let software = adam.post("/subscriptions", &fields).await.is(303).location().to_owned();
        adam.post(&format!("{software}/licenses"), &[("member", &email)]).await.is(303);
    }
    adam.get(&path).await.is(200);
    let mut cells = 0;
    for list in ["people", "subscriptions", "licenses"] {
        let file = adam.get(&format!("/{list}.csv")).await;
        assert!(!file.body.contains("CANARY") && !file.body.contains("7F2K"), "{list}");
        for cell in rows(&file).iter().flatten() {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']),
                "{list}: {cell}"
            );
            cells += 1;
        }
        assert!(rows(&file).iter().flatten().any(|cell| cell == "'=1+1"), "{list}");
    }
    assert!(cells > 300, "{cells}");
}

#[actix_web::test]
async fn a_file_holds_what_the_page_of_the_same_query_shows() {
    let app = TestApp::start().await;
    let audrey = app.sign_in(Audrey).await;
    let adam = app.sign_in(Adam).await;
    books(&adam).await;
    let names = |file: &Shown, column: usize| -> Vec<String> {
        rows(file).into_iter().skip(1).map(|row| row[column].clone()).collect()
    };
    let page = audrey.get("/subscriptions?status=canceled").await;
    assert_eq!(page.attribute("a[download]", "href").as_deref(), Some("/subscriptions.csv?status=canceled"));
    assert_eq!(names(&audrey.get("/subscriptions.csv?status=canceled").await, 2), ["Slack"]);
    assert_eq!(names(&audrey.get("/subscriptions.csv?sort=name").await, 1), ["Figma", "Sketch", "Slack"]);
    let page = audrey.get("/people?q=uma").await;
    assert_eq!(page.attribute("a[download]", "href").as_deref(), Some("/people.csv?q=uma"));
    assert_eq!(names(&audrey.get("/people.csv?q=uma").await, 0), ["uma@acme.example"]);
    let page = audrey.get("/licenses?status=assigned").await;
    assert_eq!(page.attribute("a[download]", "href").as_deref(), Some("/licenses.csv?status=assigned"));
    assert_eq!(names(&audrey.get("/licenses.csv?status=assigned").await, 5), ["uma@acme.example"]);
    assert_eq!(names(&audrey.get("/licenses.csv?on=2020-01-01").await, 5), Vec::<String>::new());
    audrey.get("/licenses.csv?on=x").await.is(422).shows("Write the day");
    audrey.get("/subscriptions.csv?owner=nobody").await.is(404);

    let file = audrey.get("/people.csv").await;
    let header = |name: &str| file.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header("content-type").starts_with("text/csv"));
    assert!(header("content-disposition").starts_with("attachment; filename=\"subledger-people-"));
    assert_eq!(header("cache-control"), "no-store");
}

#[actix_web::test]
async fn taking_a_list_is_in_the_trail_and_so_is_trying_to() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get("/people.csv").await.is(200);
    app.trail_holds(Adam, "Adam Adler exported the people");
    adam.get(&format!("/subscriptions.csv?q=Fig&owner={}&status=trial", Olivia.member_id())).await.is(200);
    app.trail_holds(Adam, "Adam Adler exported the subscriptions: words “Fig”, owner Olivia Owens, Trial");
    adam.get("/licenses.csv?on=2026-01-31").await.is(200);
    app.trail_holds(Adam, "Adam Adler exported the seats: as of 2026-01-31");

    let uma = app.sign_in(Uma).await;
    for list in ["people", "subscriptions", "licenses"] {
        uma.get(&format!("/{list}.csv")).await.is(403);
        uma.get(&format!("/{list}")).await.is(200).hides(".csv");
    }
    let tried = app.trail(Uma).iter().filter(|said| *said == "Uma Usher tried to export a list").count();
    assert_eq!(tried, 3);
}

#[actix_web::test]
async fn another_business_finds_nothing_of_ours() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    books(&adam).await;
    let gus = app.sign_in(Gus).await;
    for list in ["people", "subscriptions", "licenses"] {
        let theirs = gus.get(&format!("/{list}.csv?owner={}&manager={}", Adam.member_id(), Adam.member_id())).await;
        assert!(!theirs.is(200).body.contains("acme.example") && !theirs.body.contains("Figma"), "{}", theirs.body);
    }
    // What was exported by another business is new here, and its ids mean nothing.
    let file = adam.get("/subscriptions.csv").await.body;
    let path = imported_as(&gus, "subscriptions", &file).await;
    gus.get(&path).await.shows("3 created, 0 updated, 0 unchanged, 0 refused.");
    let ours = format!("SELECT count(*) AS number FROM subscriptions WHERE business_id = '{}'", Adam.business_uuid());
    assert_eq!(app.number(&ours), 3);
}

/// Uploads and imports at once.
pub async fn imported_as(browser: &Browser, kind: &str, file: &str) -> String {
    let path = uploaded_as(browser, kind, file).await;
    browser.post(&path, &[("commit", "1")]).await.goes_to(&path);
    path
}

#[actix_web::test]
async fn a_long_list_leaves_whole_and_in_order() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let people: String = (1..=2_500).map(|n| format!("p{n}@acme.example,Person {n:04}\n")).collect();
    imported(&olivia, "many.csv", format!("Email,Name\n{people}").as_bytes()).await;
    app.work_until_idle().await;
    let file = rows(&olivia.get("/people.csv?q=person").await);
    let names: Vec<&str> = file.iter().skip(1).map(|row| row[1].as_str()).collect();
    let expected: Vec<String> = (1..=2_500).map(|n| format!("Person {n:04}")).collect();
    assert_eq!(names, expected);
    let again = uploaded(&olivia, "again.csv", olivia.get("/people.csv").await.body.as_bytes()).await;
    olivia.get(&again).await.shows("Import, changing nobody");
}

#[actix_web::test]
async fn a_suspended_business_still_takes_its_lists() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    app.sql(&format!("UPDATE businesses SET status = 'suspended' WHERE id = '{}'", Cast::Olivia.business_uuid()));
    olivia.get("/people.csv").await.is(200).shows("olivia@acme.example");
    app.trail_holds(Olivia, "Olivia Owens exported the people");
}
