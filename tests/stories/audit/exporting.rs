//! The trail as a file.

use super::given_entries;
use crate::support::{Adam, Audrey, Olivia, Shown, TestApp};

/// The rows below the header, each as long as it.
fn rows(file: &Shown) -> Vec<Vec<String>> {
    file.is(200);
    let mut reader = csv::ReaderBuilder::new().terminator(csv::Terminator::CRLF).from_reader(file.body.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().take(4).collect::<Vec<_>>(), ["When", "Person", "Person id", "What"]);
    let records = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect());
    records.collect()
}

#[actix_web::test]
async fn audrey_takes_exactly_what_is_shown() {
    let app = TestApp::start().await;
    given_entries(&app, 5, "2026-03-01T12:00:00Z");
    let audrey = app.sign_in(Audrey).await;
    let query = "?q=thing&from=2026-03-01&to=2026-03-01";
    let page = audrey.get(&format!("/audit{query}")).await;
    assert_eq!(page.attribute("a[download]", "href").unwrap(), "/audit.csv?q=thing&from=2026-03-01&to=2026-03-01");
    let file = audrey.get(&format!("/audit.csv{query}")).await;
    let said: Vec<String> = rows(&file).iter().map(|row| format!("{} {}", row[1], row[3])).collect();
    assert_eq!(said, page.texts("ol.trail .what"));
    assert_eq!(said.len(), 5);
    let first = rows(&file).remove(0);
    assert_eq!((first[0].as_str(), first[2].as_str()), ("2026-03-01T12:00:00.000Z", Olivia.member_id().as_str()));
    let header = |name: &str| file.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header("content-type").starts_with("text/csv"));
    assert!(header("content-disposition").starts_with("attachment; filename=\"subledger-audit-"));
    assert_eq!(header("cache-control"), "no-store");
}

#[actix_web::test]
async fn a_long_trail_leaves_whole_and_in_order() {
    let app = TestApp::start().await;
    given_entries(&app, 2_500, "2026-03-01T12:00:00Z");
    let olivia = app.sign_in(Olivia).await;
    let things = rows(&olivia.get("/audit.csv?action=subscription.changed").await);
    let expected: Vec<String> = (1..=2_500).rev().map(|n| format!("changed Thing {n}")).collect();
    assert_eq!(things.into_iter().map(|row| row[3].clone()).collect::<Vec<_>>(), expected);
    let all = rows(&olivia.get("/audit.csv").await);
    assert_eq!(all.len(), 2_502, "all things, one sign-in, the export before, and not this one");
}

#[actix_web::test]
async fn taking_the_trail_is_in_the_trail() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get("/audit.csv").await.is(200);
    app.trail_holds(Adam, "Adam Adler exported the audit trail");
    let query = format!("?actor={}&action=user.signed_in&from=2026-01-01&q=signed", Adam.member_id());
    adam.get(&format!("/audit.csv{query}")).await.is(200);
    app.trail_holds(
        Adam,
        "Adam Adler exported the audit trail: by Adam Adler, action user.signed_in, from 2026-01-01, words “signed”",
    );
}

#[actix_web::test]
async fn no_cell_of_the_file_is_a_formula() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let form = [("name", "=HYPERLINK(\"http://evil.example\")"), ("email", "evil@acme.example")];
    olivia.post("/people", &form).await.is(303);
    let file = rows(&olivia.get("/audit.csv?action=member.added").await);
    assert_eq!(file.len(), 1);
    assert_eq!(file[0][6], "'=HYPERLINK(\"http://evil.example\")");
    for cell in file.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
}
