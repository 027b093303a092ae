//! The agenda: what comes up, narrowed, sorted, and seen on home.

use super::*;
use crate::support::{Adam, Audrey, Gus, Olivia, Uma};

fn names(page: &Shown) -> Vec<String> {
    page.is(200).texts("tbody th[scope=row] a")
}

#[actix_web::test]
async fn what_must_be_cancelled_first_stands_first_under_its_month() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get("/renewals").await.is(200).shows("No renewals ahead").shows("Nothing waits for a decision.");
    monthly(&adam, &app, 20, &[]).await;
    let soon = [("service", "Figma"), ("cycle_unit", "year"), ("notice_count", "90"), ("notice_unit", "day")];
    let figma = monthly(&adam, &app, 95, &soon).await;
    monthly(&adam, &app, 400, &[("service", "Later"), ("cycle_unit", "year"), ("cycle_count", "2")]).await;
    monthly(&adam, &app, 9, &[("service", "Ending"), ("auto_renew", "never")]).await;
    let page = adam.get("/renewals").await;
    assert_eq!(names(&page), ["Figma", "Slack"]);
    page.shows("3 wait for a decision.").shows("What renews by itself in the next 30 days comes to €12.");
    let month = in_days(&app, 4).format("%B %Y").to_string();
    assert_eq!(page.texts("tr.band th").first(), Some(&month));
    page.shows(&written(in_days(&app, 4))).shows("in 4 days").shows(&written(in_days(&app, 95))).shows("by itself");
    assert_eq!(names(&adam.get("/renewals?sort=renewal").await), ["Slack", "Figma"]);
    let far = in_days(&app, 500);
    assert_eq!(names(&adam.get(&format!("/renewals?sort=name&to={far}")).await), ["Figma", "Later", "Slack"]);
    decide(&adam, &figma, &[("decision", "cancel")]).await.goes_to(&figma);
    adam.get("/renewals").await.shows("2 wait for a decision.");
}

#[actix_web::test]
async fn the_agenda_is_narrowed_by_its_address() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let olivia = Olivia.member_id();
    monthly(&adam, &app, 20, &[("category", "Talk"), ("owner", &olivia), ("tags", "chat")]).await;
    let design = [("service", "Figma"), ("category", "Design"), ("department", "Product")];
    let figma = monthly(&adam, &app, 40, &design).await;
    let miro = monthly(&adam, &app, 70, &[("service", "Miro"), ("category", "Design")]).await;
    decide(&adam, &figma, &[("decision", "renew")]).await.goes_to(&figma);
    decide(&adam, &miro, &[("decision", "resize"), ("seats", "4")]).await.goes_to(&miro);
    let (within, from) = (in_days(&app, 30), in_days(&app, 60));
    for (query, expected) in [
        ("".to_owned(), vec!["Slack", "Figma", "Miro"]),
        ("q=chat".to_owned(), vec!["Slack"]),
        ("q=olivia".to_owned(), vec!["Slack"]),
        ("decision=undecided".to_owned(), vec!["Slack"]),
        ("decision=renew".to_owned(), vec!["Figma"]),
        ("decision=resize".to_owned(), vec!["Miro"]),
        ("decision=cancel".to_owned(), vec![]),
        ("category=Design&sort=name".to_owned(), vec!["Figma", "Miro"]),
        ("department=Product".to_owned(), vec!["Figma"]),
        (format!("owner={olivia}"), vec!["Slack"]),
        (format!("to={within}"), vec!["Slack"]),
        (format!("from={from}"), vec!["Miro"]),
        (format!("act_by={within}"), vec!["Slack"]),
        ("to=never&act_by=soon&decision=perhaps&sort=size".to_owned(), vec!["Slack", "Figma", "Miro"]),
    ] {
        let page = adam.get(&format!("/renewals?{query}")).await;
        assert_eq!(names(&page), expected, "{query}");
    }
    adam.get("/renewals?q=nothing").await.shows("Nothing matches");
    for wrong in ["owner=x", "after=x", "before=.x"] {
        adam.get(&format!("/renewals?{wrong}")).await.is(404);
    }
    let page = adam.get("/renewals?q=chat&decision=undecided").await;
    assert!(page.attributes(".pick a", "href").contains(&"/renewals?decision=undecided".to_owned()));
}

#[actix_web::test]
async fn a_long_agenda_is_turned_page_by_page_and_back() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    for number in 1..=53 {
        monthly(&adam, &app, 1 + number % 25, &[("service", &format!("Tool {number:02}"))]).await;
    }
    for sort in ["", "sort=renewal", "sort=name"] {
        let first = adam.get(&format!("/renewals?{sort}")).await;
        first.shows("50 of 53");
        let next = first.attributes(".foot a", "href").pop().unwrap();
        let second = adam.get(&next).await;
        let all = [names(&first), names(&second)].concat();
        let mut each = all.clone();
        each.sort();
        each.dedup();
        assert_eq!((all.len(), each.len()), (53, 53), "{sort}");
        let back = second.attributes(".foot a", "href").remove(0);
        assert_eq!(names(&adam.get(&back).await), names(&first), "{sort}");
    }
}

#[actix_web::test]
async fn everybody_sees_the_renewals_of_what_they_see() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    monthly(&uma, &app, 20, &[("service", "Miro")]).await;
    monthly(&adam, &app, 30, &[("service", "Zoom")]).await;
    let held = monthly(&adam, &app, 25, &[]).await;
    adam.post(&format!("{held}/licenses"), &[("member", &Uma.member_id())]).await.is(303);
    let page = uma.get("/renewals").await;
    assert_eq!(names(&page), ["Miro", "Slack"]);
    page.shows("2 wait for a decision.").hides("Zoom");
    assert_eq!(page.attributes("input[name=renewal]", "value").len(), 1, "she decides on what she owns");
    assert_eq!(names(&app.sign_in(Audrey).await.get("/renewals").await), ["Miro", "Slack", "Zoom"]);
    app.sign_in(Gus).await.get("/renewals").await.shows("No renewals ahead");
    for month in [25, 55].map(|days| in_days(&app, days).format("%Y-%m").to_string()) {
        uma.get(&format!("/renewals/calendar?month={month}")).await.is(200).hides("Zoom");
    }
}

#[actix_web::test]
async fn the_notice_is_counted_from_the_term_in_force_and_not_from_the_first() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let start = in_days(&app, 100).checked_sub_months(chrono::Months::new(48)).unwrap();
    let renewal = start.checked_add_months(chrono::Months::new(48)).unwrap();
    let last = renewal.pred_opt().unwrap().checked_sub_months(chrono::Months::new(3)).unwrap();
    let contract = [
        ("starts_on", start.to_string()),
        ("renews_on", String::new()),
        ("cycle_unit", "year".to_owned()),
        ("term_count", "36".to_owned()),
        ("term_unit", "month".to_owned()),
        ("renewal_term_count", "12".to_owned()),
        ("renewal_term_unit", "month".to_owned()),
        ("notice_count", "3".to_owned()),
        ("notice_unit", "month".to_owned()),
    ];
    let contract: Vec<(&str, &str)> = contract.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = monthly(&adam, &app, 0, &contract).await;
    for page in ["/renewals", "/subscriptions", path.as_str(), "/"] {
        adam.get(page).await.shows(&written(last)).shows(&written(renewal));
    }
    let month = last.format("%Y-%m").to_string();
    adam.get(&format!("/renewals/calendar?month={month}")).await.shows("Cancel by: Slack");
}

#[actix_web::test]
async fn what_passed_its_last_day_undecided_is_marked_and_home_leads_here() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let late = monthly(&adam, &app, 10, &[("notice_count", "20"), ("notice_unit", "day")]).await;
    let miro = monthly(&adam, &app, 3, &[("service", "Miro")]).await;
    let kept = monthly(&adam, &app, 4, &[("service", "Zoom")]).await;
    let page = adam.get("/renewals").await;
    assert_eq!(names(&page), ["Slack", "Miro", "Zoom"]);
    page.shows("Too late").shows("11 days ago");
    let yesterday = app.clock.now().date_naive().pred_opt().unwrap();
    assert_eq!(names(&adam.get(&format!("/renewals?act_by={yesterday}")).await), ["Slack"]);
    let home = adam.get("/").await;
    home.shows("3 undecided").shows("2 subscriptions are to be decided or cancelled this week.");
    for (text, selector) in [("3 undecided", "a[href='/renewals?decision=undecided']"), ("30 days", ".bars a")] {
        assert!(home.texts(selector).iter().any(|found| found == text), "{text}");
    }
    decide(&adam, &kept, &[("decision", "renew")]).await.goes_to(&kept);
    decide(&adam, &miro, &[("decision", "cancel")]).await.goes_to(&miro);
    let home = adam.get("/").await;
    home.shows("1 undecided").shows("One subscription is to be decided or cancelled this week.");
    assert_eq!(
        home.texts("[aria-labelledby=next] tbody th a"),
        ["Miro"],
        "what is decided to end must still be cancelled"
    );
    adam.get(&late).await.shows("The last day to cancel was");
}

#[actix_web::test]
async fn a_renewal_that_nobody_wrote_yet_stands_at_its_next_day() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    monthly(&adam, &app, 3, &[]).await;
    let gone = monthly(&adam, &app, 3, &[("service", "Miro"), ("auto_renew", "manual")]).await;
    app.days_pass(5);
    let unwritten = adam.get("/renewals").await;
    assert_eq!(names(&unwritten), ["Slack"]);
    unwritten.hides(&written(in_days(&app, 0).checked_sub_days(Days::new(2)).unwrap()));
    app.work_until_idle().await;
    assert_eq!(names(&adam.get("/renewals").await), names(&unwritten));
    adam.get(&gone).await.shows("Expired");
}
