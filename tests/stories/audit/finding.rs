//! Filters, days and pages.

use super::{given_entries, sentences};
use crate::support::{Adam, Audrey, Browser, Olivia, Shown, TestApp};

async fn found(browser: &Browser, query: &str) -> Vec<String> {
    let shown = browser.get(&format!("/audit?{query}")).await;
    sentences(shown.is(200))
}

async fn note(browser: &Browser, text: &str) {
    browser.post("/audit", &[("note", text), ("object", "")]).await.is(303);
}

#[actix_web::test]
async fn every_filter_narrows_the_trail() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    note(&olivia, "First 100% done").await;
    let adam = app.sign_in(Adam).await;
    note(&adam, "Second 1000 done").await;
    let (first, second) = (
        "Olivia Owens noted about Acme: “First 100% done” Note",
        "Adam Adler noted about Acme: “Second 1000 done” Note",
    );
    assert_eq!(found(&olivia, "action=note.added").await, [second, first]);
    let by_adam = format!("action=note.added&actor={}", Adam.member_id());
    assert_eq!(found(&olivia, &by_adam).await, [second]);
    assert_eq!(found(&olivia, &format!("actor={}", Adam.member_id())).await, [second, "Adam Adler signed in"]);
    assert_eq!(found(&olivia, &format!("object={}", Olivia.business_id())).await, [second, first]);
    assert_eq!(found(&olivia, "object=kind:user").await.len(), 2);
    assert_eq!(found(&olivia, "object=kind:subscription").await.len(), 0);
    assert_eq!(found(&olivia, "origin=page").await.len(), 4);
    assert_eq!(found(&olivia, "origin=worker").await.len(), 0);
    assert_eq!(found(&olivia, "actor=worker").await.len(), 0);

    assert_eq!(found(&olivia, "q=DONE+second").await, [second]);
    assert_eq!(found(&olivia, "q=adam+done").await, [second]);
    assert_eq!(found(&olivia, "q=acme").await, [second, first]);
    assert_eq!(found(&olivia, "q=100%25").await, [first], "a per cent sign is a per cent sign");
    assert_eq!(found(&olivia, "q=1_0").await.len(), 0);
    assert_eq!(found(&olivia, "q=%27%5C%22").await.len(), 0);
    let nobody = subledger::kernel::ids::to_text(uuid::Uuid::nil());
    assert_eq!(found(&olivia, &format!("actor={nobody}")).await.len(), 0);
    assert_eq!(found(&olivia, &format!("object={nobody}")).await.len(), 0);
}

#[actix_web::test]
async fn days_are_those_of_the_business_and_both_ends_count() {
    let app = TestApp::start().await;
    app.sql("UPDATE businesses SET zone = 'Asia/Tokyo' WHERE name = 'Acme'");
    // 23:58, 23:59 and 00:00 in Tokyo.
    given_entries(&app, 3, "2026-03-01T15:00:00Z");
    let audrey = app.sign_in(Audrey).await;
    let both = audrey.get("/audit?from=2026-03-01&to=2026-03-02").await;
    assert_eq!(sentences(&both).len(), 3);
    both.shows("Monday 2 March 2026").shows("Sunday 1 March 2026").shows("00:00:00").shows("23:59:00");
    assert_eq!(both.attribute("ol.trail time", "datetime").unwrap(), "2026-03-01T15:00:00.000Z");
    assert_eq!(found(&audrey, "from=2026-03-02&to=2026-03-02").await, ["Olivia Owens changed Thing 3"]);
    assert_eq!(found(&audrey, "to=2026-03-01").await.len(), 2);
    assert_eq!(found(&audrey, "from=2026-03-03&to=2026-03-09").await.len(), 0);
}

#[actix_web::test]
async fn what_cannot_be_looked_for_is_told_and_kept() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let wrong = olivia.get("/audit?from=yesterday&to=2026-02-30&q=figma").await;
    wrong.is(422).shows("Write the day as year, month and day");
    assert_eq!(wrong.attribute("#f-q", "value").unwrap(), "figma");
    assert_eq!(wrong.attribute("#from", "value").unwrap(), "yesterday");
    assert!(wrong.texts("title").first().unwrap().starts_with("Error: "));
    olivia.get("/audit?from=2026-02-02&to=2026-02-01").await.is(422).shows("not before the first");
    for query in [
        "actor=Olivia",
        "action=nothing.done",
        "object=figma",
        "object=kind:moon",
        "origin=moon",
        "after=7",
        "before=x",
        "q=a%00b",
        "from=0001-01-01",
        "from=99999-01-01",
        "to=2026-01-01%00",
    ] {
        olivia.get(&format!("/audit?{query}")).await.is(422);
        olivia.get("/audit").await.is(200);
    }
    olivia.get("/audit?from=x").await.is(422);
    olivia.get("/audit.csv?from=x").await.is(422).shows("Write the day");
    olivia.get("/audit?evil=1&utm_source=x&q=").await.is(200).shows("signed in");
    assert_eq!(found(&olivia, "q=%F0%9F%98%80+%FF").await.len(), 0);
}

#[actix_web::test]
async fn pages_turn_both_ways_and_keep_the_filters() {
    let app = TestApp::start().await;
    given_entries(&app, 120, "2026-03-01T12:00:00Z");
    let audrey = app.sign_in(Audrey).await;
    let first = audrey.get("/audit?action=subscription.changed&to=2026-03-01").await;
    let second = turn(&audrey, &first, "Older").await;
    let third = turn(&audrey, &second, "Older").await;
    let pages = [&first, &second, &third].map(sentences);
    assert_eq!(pages.each_ref().map(Vec::len), [50, 50, 20]);
    let expected: Vec<String> = (1..=120).rev().map(|n| format!("Olivia Owens changed Thing {n}")).collect();
    assert_eq!(pages.concat(), expected);
    assert_eq!((link(&first, "Newer"), link(&third, "Older")), (None, None));

    let back = turn(&audrey, &third, "Newer").await;
    assert_eq!(sentences(&back), pages[1]);
    let front = turn(&audrey, &back, "Newer").await;
    assert_eq!(sentences(&front), pages[0]);
    assert_eq!(link(&front, "Newer"), None);
    assert!(link(&back, "Older").is_some_and(|path| path.contains("action=subscription.changed&to=2026-03-01")));
}

async fn turn(browser: &Browser, shown: &Shown, to: &str) -> Shown {
    let path = link(shown, to).unwrap_or_else(|| panic!("{to} leads nowhere"));
    browser.get(&path).await
}

fn link(shown: &Shown, words: &str) -> Option<String> {
    let page = scraper::Html::parse_document(&shown.body);
    let links = scraper::Selector::parse("nav[aria-label=Pages] a").unwrap();
    let found = page.select(&links).find(|link| link.text().collect::<String>() == words);
    found.and_then(|link| link.value().attr("href").map(str::to_owned))
}

#[actix_web::test]
async fn a_full_page_takes_no_more_statements_than_an_empty_one() {
    let app = TestApp::start().await;
    given_entries(&app, 60, "2026-03-01T12:00:00Z");
    let audrey = app.sign_in(Audrey).await;
    let mut counts = Vec::new();
    for query in ["to=2026-03-01", "to=2026-01-01", "to=2026-03-01", "to=2026-01-01"] {
        let before = app.app.db.statements();
        audrey.get(&format!("/audit?{query}")).await.is(200);
        counts.push(app.app.db.statements() - before);
    }
    assert_eq!(counts[2], counts[3], "{counts:?}");
}
