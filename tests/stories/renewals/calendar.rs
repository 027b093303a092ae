//! A month of renewals.

use super::*;
use crate::support::{Adam, Gus};

/// What happens, by day.
fn days(page: &Shown) -> Vec<(String, Vec<String>)> {
    let days = page.is(200).attributes("tbody tr[id]", "id");
    days.into_iter()
        .map(|id| {
            let lines = page.texts(&format!("#{id} li"));
            (id.trim_start_matches("d-").to_owned(), lines)
        })
        .collect()
}

fn of(page: &Shown, day: &str) -> Vec<String> {
    days(page).into_iter().find(|(found, _)| found == day).map(|(_, lines)| lines).unwrap_or_default()
}

/// The month so many months from now, as an address names it.
fn present_and(app: &TestApp, months: u32) -> String {
    let today = app.clock.now().date_naive();
    today.checked_add_months(chrono::Months::new(months)).unwrap().format("%Y-%m").to_string()
}

async fn month(browser: &Browser, month: &str) -> Shown {
    browser.get(&format!("/renewals/calendar?month={month}")).await
}

#[actix_web::test]
async fn the_31st_never_becomes_the_1st_and_comes_back_after_a_short_month() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    monthly(&adam, &app, 0, &[("renews_on", "2195-12-31")]).await;
    for (asked, renewal, last) in [
        ("2195-12", "2195-12-31", "2195-12-30"),
        ("2196-01", "2196-01-31", "2196-01-30"),
        ("2196-02", "2196-02-29", "2196-02-28"),
        ("2196-03", "2196-03-31", "2196-03-30"),
        ("2196-04", "2196-04-30", "2196-04-29"),
        ("2197-02", "2197-02-28", "2197-02-27"),
    ] {
        let page = month(&adam, asked).await;
        assert_eq!(of(&page, renewal), ["Renews: Slack"], "{asked}");
        assert_eq!(of(&page, last), ["Cancel by: Slack"], "{asked}");
        assert_eq!(days(&page).len(), 2, "{asked}: {:?}", days(&page));
    }
    assert!(days(&month(&adam, "2195-11").await).is_empty(), "before the first one nothing is known");
}

#[actix_web::test]
async fn every_occurrence_of_a_short_cycle_stands_in_the_month() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    monthly(&adam, &app, 0, &[("renews_on", "2195-03-02"), ("cycle_unit", "week"), ("cycle_count", "2")]).await;
    let daily = [("service", "Daily"), ("renews_on", "2195-03-10"), ("cycle_unit", "day")];
    monthly(&adam, &app, 0, &daily).await;
    let page = month(&adam, "2195-03").await;
    let all = days(&page);
    let renewals = |name: &str| {
        let line = format!("Renews: {name}");
        all.iter().filter(|(_, lines)| lines.contains(&line)).map(|(day, _)| day[8..].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(renewals("Slack"), ["02", "16", "30"]);
    assert_eq!(renewals("Daily").len(), 22);
    assert_eq!(of(&page, "2195-03-16").len(), 3);
}

#[actix_web::test]
async fn a_decision_shows_in_the_month_and_what_was_decided_to_end_comes_no_more() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let slack = monthly(&adam, &app, 0, &[("renews_on", "2195-03-10")]).await;
    let miro =
        monthly(&adam, &app, 0, &[("service", "Miro"), ("renews_on", "2195-03-10"), ("auto_renew", "manual")]).await;
    assert_eq!(of(&month(&adam, "2195-03").await, "2195-03-10"), ["Renews: Slack", "Renews if decided: Miro"]);
    assert_eq!(
        of(&month(&adam, "2195-04").await, "2195-04-10"),
        ["Renews: Slack"],
        "the next one is for another decision"
    );
    decide(&adam, &slack, &[("decision", "cancel")]).await.goes_to(&slack);
    decide(&adam, &miro, &[("decision", "renew")]).await.goes_to(&miro);
    let page = month(&adam, "2195-03").await;
    assert_eq!(of(&page, "2195-03-09"), ["Cancel by: Slack", "Ends: Slack"]);
    assert_eq!(of(&page, "2195-03-10"), ["Renews: Miro"]);
    assert!(days(&month(&adam, "2195-04").await).is_empty());
}

#[actix_web::test]
async fn a_month_has_whole_weeks_as_the_reader_begins_them_and_neighbours() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let page = month(&adam, "2195-03").await;
    page.shows("March 2195").shows("Nothing this month");
    assert_eq!(page.texts(".month thead th").join(" "), "Mon Tue Wed Thu Fri Sat Sun");
    assert_eq!(page.texts(".month tbody td").len() % 7, 0);
    assert_eq!(page.texts(".month tbody td:not(.out)").len(), 31);
    let turns = page.attributes("nav[aria-label=Months] a", "href");
    assert_eq!(turns, ["/renewals/calendar?month=2195-02", "/renewals/calendar"], "links lead three years ahead");
    let next = present_and(&app, 1);
    let turns = month(&adam, "").await.attributes("nav[aria-label=Months] a", "href");
    assert_eq!(turns.last(), Some(&format!("/renewals/calendar?month={next}")));
    assert_eq!(turns.len(), 3);
    adam.post("/settings/profile", &[("locale", "en-US")]).await.is(303);
    assert_eq!(month(&adam, "2195-03").await.texts(".month thead th")[0], "Sun");
    let present = app.clock.now().format("%B %Y").to_string();
    for wrong in ["2195-13", "2195-3", "x", "9999-12", "1989-12", "+195-03", ""] {
        month(&adam, wrong).await.is(200).shows(&present);
    }
    for (edge, links) in [("2200-12", 2), ("1990-01", 2)] {
        assert_eq!(month(&adam, edge).await.attributes("nav[aria-label=Months] a", "href").len(), links, "{edge}");
    }
}

#[actix_web::test]
async fn a_full_day_says_how_many_more_and_nobody_sees_anothers_month() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    for number in 1..=5 {
        let service = format!("Tool {number}");
        monthly(&adam, &app, 0, &[("service", &service), ("renews_on", "2195-03-10")]).await;
    }
    let page = month(&adam, "2195-03").await;
    assert_eq!(of(&page, "2195-03-10").len(), 5);
    let more = page.attributes(".month a.more", "href");
    assert!(more.contains(&"#d-2195-03-10".to_owned()), "{more:?}");
    page.shows("and 3 more");
    month(&app.sign_in(Gus).await, "2195-03").await.is(200).hides("Tool");
}
