//! A member's own calendar feed: valid, theirs alone, and over when they are gone.

use std::collections::BTreeSet;

use icalendar::{Calendar, CalendarComponent, Component, Event};

use super::*;
use crate::support::{Adam, Audrey, Cast, Gus, Olivia, Uma};

/// Makes the feed of whoever is signed in; and its path.
async fn made(browser: &Browser) -> String {
    let page = browser.post("/renewals/feed", &[]).await;
    let address = page.is(200).attribute("#address", "value").unwrap();
    address.split_once("/calendar/").map(|(_, key)| format!("/calendar/{key}")).unwrap()
}

/// The events of a feed, as another reader of the format finds them, after a look at every line.
async fn events(app: &TestApp, path: &str) -> Vec<Event> {
    let answer = app.visitor().get(path).await;
    let kind = answer.is(200).headers.get("content-type").unwrap().to_str().unwrap();
    assert_eq!(kind, "text/calendar; charset=utf-8");
    require_valid(&answer.body);
    let calendar: Calendar = answer.body.parse().unwrap();
    let event = |part: &CalendarComponent| part.as_event().cloned();
    calendar.components.iter().filter_map(event).collect()
}

/// What RFC 5545 asks of every line and every event, and what Google refuses a calendar for.
fn require_valid(text: &str) {
    assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let unfolded = text.replace("\r\n ", "");
    let (mut open, mut events, mut uids) = (Vec::new(), 0, BTreeSet::new());
    let mut seen: Vec<&str> = Vec::new();
    for line in unfolded.lines() {
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{line}"));
        let name = name.split(';').next().unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-'), "{line}");
        assert!(!value.trim().is_empty(), "no value: {line}");
        assert!(!value.chars().any(char::is_control), "{line}");
        match name {
            "BEGIN" => open.push(value),
            "END" => assert_eq!(open.pop(), Some(value)),
            "UID" => assert!(uids.insert(value), "{value} twice"),
            _ => {}
        }
        match (name, value) {
            ("BEGIN", "VEVENT") => seen.clear(),
            ("END", "VEVENT") => {
                events += 1;
                for once in ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "URL"] {
                    assert_eq!(seen.iter().filter(|name| **name == once).count(), 1, "{once}: {seen:?}");
                }
            }
            _ if open.last() == Some(&"VEVENT") => seen.push(name),
            _ => {}
        }
    }
    assert!(open.is_empty() && events == uids.len());
    for once in ["VERSION:2.0\r\n", "PRODID:-//Subledger//Renewals//EN\r\n"] {
        assert_eq!(text.matches(once).count(), 1);
    }
}

fn told(events: &[Event]) -> Vec<(String, String)> {
    let day = |event: &Event| event.property_value("DTSTART").unwrap().to_owned();
    let mut told: Vec<_> = events.iter().map(|event| (day(event), event.get_summary().unwrap().to_owned())).collect();
    told.sort();
    told
}

fn stamp(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

#[actix_web::test]
async fn renewals_and_last_days_to_cancel_are_whole_days_with_an_alarm_for_what_must_be_done() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let yearly = [("cycle_unit", "year"), ("notice_count", "10"), ("notice_unit", "day")];
    let slack = monthly(&adam, &app, 40, &yearly).await;
    let feed = made(&adam).await;
    let found = events(&app, &feed).await;
    let (last, renewal) = (in_days(&app, 29), in_days(&app, 40));
    let expected = [(stamp(last), "Last day to cancel Slack".to_owned()), (stamp(renewal), "Slack renews".to_owned())];
    assert_eq!(told(&found), expected);
    let body = app.visitor().get(&feed).await.body.replace("\r\n ", "");
    let end = stamp(renewal.succ_opt().unwrap());
    for line in [
        format!("DTSTART;VALUE=DATE:{}", stamp(renewal)),
        format!("DTEND;VALUE=DATE:{end}"),
        format!("URL:{}{slack}", app.url),
        "BEGIN:VALARM".to_owned(),
        "ACTION:DISPLAY".to_owned(),
        "TRANSP:TRANSPARENT".to_owned(),
    ] {
        assert!(body.contains(&format!("{line}\r\n")), "{line} in {body}");
    }
    assert_eq!(body.matches("BEGIN:VALARM").count(), 1);
    assert!(body.contains("€12.00"));
}

#[actix_web::test]
async fn a_decision_changes_the_event_and_keeps_its_name() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 40, &[("cycle_unit", "year"), ("seats", "5")]).await;
    let feed = made(&adam).await;
    let before = events(&app, &feed).await;
    app.clock.advance(chrono::TimeDelta::minutes(5));
    decide(&adam, &path, &[("decision", "resize"), ("seats", "3")]).await.goes_to(&path);
    let after = events(&app, &feed).await;
    assert_eq!(told(&after), [(stamp(in_days(&app, 40)), "Slack renews with 3 seats".to_owned())]);
    let one = before.iter().find(|event| event.get_summary() == Some("Slack renews")).unwrap();
    assert_eq!(one.get_uid(), after[0].get_uid());
    assert!(one.get_sequence() < after[0].get_sequence());
    assert!(one.get_last_modified() < after[0].get_last_modified());
    decide(&adam, &path, &[("decision", "cancel")]).await.goes_to(&path);
    let day = in_days(&app, 39);
    let expected = [(stamp(day), "Cancel Slack: last day".to_owned()), (stamp(day), "Last day of Slack".to_owned())];
    assert_eq!(told(&events(&app, &feed).await), expected);
}

#[actix_web::test]
async fn odd_names_and_many_renewals_make_a_valid_calendar_and_so_does_none() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let feed = made(&adam).await;
    assert!(events(&app, &feed).await.is_empty());
    let long = "漢字と😀 ".repeat(18);
    let names = ["A, B; C\\D \"E\": F\\n", long.trim(), "Ünïcödé – “quoted”", "=SUM(A1)", "BEGIN:VEVENT"];
    for (number, name) in names.into_iter().enumerate() {
        let units = [("cycle_unit", ["month", "week", "day", "quarter", "year"][number]), ("name", name)];
        monthly(
            &adam,
            &app,
            3 + u64::try_from(number).unwrap(),
            &[&units[..], &[("service", "Odd")], &[("confirm_duplicate", "1")]].concat(),
        )
        .await;
    }
    let found = events(&app, &feed).await;
    for name in names {
        assert!(found.iter().any(|event| event.get_summary() == Some(&format!("{name} renews"))), "{name}");
    }
    assert!(found.len() > 60, "{}", found.len());
    let twelve = found.iter().filter(|event| event.get_summary() == Some(&format!("{} renews", names[0]))).count();
    assert!((12..=13).contains(&twelve), "a year of months: {twelve}");
}

#[actix_web::test]
async fn a_calendar_that_has_it_already_is_told_so_and_it_is_kept_by_nobody_else() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 40, &[]).await;
    let feed = made(&adam).await;
    let first = app.visitor().get(&feed).await;
    assert_eq!(first.headers.get("cache-control").unwrap(), "private, no-cache");
    assert!(first.headers.get("set-cookie").is_none());
    let tag = first.headers.get("etag").unwrap().to_str().unwrap().to_owned();
    let again = async |tag: &str| {
        let request = app.visitor().request(reqwest::Method::GET, &feed).header("if-none-match", tag);
        Shown::of(request).await
    };
    let known = again(&tag).await;
    assert_eq!((known.status, known.body.as_str()), (304, ""));
    assert_eq!(again("W/\"other\"").await.status, 200);
    decide(&adam, &path, &[("decision", "renew")]).await.goes_to(&path);
    assert_eq!(again(&tag).await.status, 200, "it has changed");
}

#[actix_web::test]
async fn a_feed_shows_what_its_member_may_see_and_no_more() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    monthly(&uma, &app, 40, &[("service", "Miro"), ("cycle_unit", "year")]).await;
    let zoom = monthly(&adam, &app, 40, &[("service", "Zoom"), ("cycle_unit", "year")]).await;
    let seen = |events: Vec<Event>| {
        let of = |event: &Event| {
            event.get_summary().unwrap().ends_with("renews").then(|| event.get_summary().unwrap().to_owned())
        };
        events.iter().filter_map(of).collect::<BTreeSet<String>>()
    };
    let both = BTreeSet::from(["Miro renews".to_owned(), "Zoom renews".to_owned()]);
    assert_eq!(seen(events(&app, &made(&uma).await).await), BTreeSet::from(["Miro renews".to_owned()]));
    assert_eq!(seen(events(&app, &made(&app.sign_in(Audrey).await).await).await), both);
    let of_adam = made(&adam).await;
    assert_eq!(seen(events(&app, &of_adam).await), both);
    assert!(events(&app, &made(&app.sign_in(Gus).await).await).await.is_empty());
    app.sql(&format!("UPDATE members SET role = 'user' WHERE id = '{}'", Adam.member_uuid()));
    assert_eq!(seen(events(&app, &of_adam).await), BTreeSet::from(["Zoom renews".to_owned()]), "as they are now");
    app.sign_in(Olivia).await.post(&format!("{zoom}/remove"), &[]).await.goes_to(&zoom);
    assert!(events(&app, &of_adam).await.is_empty(), "what was removed is seen nowhere");
}

#[actix_web::test]
async fn the_address_is_shown_once_replaced_by_a_new_one_and_turned_off() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get("/renewals").await.shows("Calendar feed");
    adam.get("/renewals/feed").await.shows("You have no feed yet.");
    let first = made(&adam).await;
    let key = first.trim_start_matches("/calendar/").trim_end_matches(".ics").to_owned();
    adam.get("/renewals/feed").await.shows("No calendar has fetched it yet.").hides(&key);
    app.visitor().get(&first).await.is(200);
    adam.get("/renewals/feed").await.shows("A calendar last fetched it about");
    let second = made(&adam).await;
    app.visitor().get(&first).await.is(410).shows("does not work any more");
    app.visitor().get(&second).await.is(200);
    let rows = "SELECT count(*) AS number FROM calendar_feeds WHERE octet_length(key_hash) = 32";
    assert_eq!(app.number(rows), 1);
    adam.post("/renewals/feed/off", &[]).await.goes_to("/renewals");
    app.visitor().get(&second).await.is(410);
    adam.post("/renewals/feed/off", &[]).await.goes_to("/renewals");
    for wrong in ["x", "", &key[..42], &format!("{key}A")] {
        let status = app.visitor().get(&format!("/calendar/{wrong}.ics")).await.status;
        assert!(matches!(status, 404 | 410), "{wrong}: {status}");
    }
    let told: Vec<String> = app.acts(Adam).into_iter().filter(|said| said.contains("feed")).collect();
    let expected = [
        "Adam Adler made a calendar feed of their renewals",
        "Adam Adler gave their calendar feed a new address",
        "Adam Adler turned their calendar feed off",
    ];
    assert_eq!(told, expected);
    let dump = app.number(&format!("SELECT count(*) AS number FROM audit_entries e WHERE e::text LIKE '%{key}%'"));
    assert_eq!(dump, 0);
}

#[actix_web::test]
async fn a_feed_ends_with_its_member_and_while_the_business_is_suspended_or_closing() {
    let app = TestApp::start().await;
    let (olivia, adam) = (app.sign_in(Olivia).await, app.sign_in(Adam).await);
    let (feed, business) = (made(&adam).await, Cast::Adam.business_uuid());
    let status = async || app.visitor().get(&feed).await.status;
    assert_eq!(status().await, 200);
    for (ends, comes_back) in [
        (
            format!("UPDATE businesses SET status = 'suspended', suspended_because = 'x' WHERE id = '{business}'"),
            "status = 'active'",
        ),
        (
            format!(
                "UPDATE businesses SET status = 'closing', closes_at = now() + interval '9 days' WHERE id = '{business}'"
            ),
            "status = 'active', closes_at = NULL",
        ),
    ] {
        app.sql(&ends);
        assert_eq!(status().await, 410, "{ends}");
        app.sql(&format!("UPDATE businesses SET {comes_back} WHERE id = '{business}'"));
        assert_eq!(status().await, 200);
    }
    let member = Adam.member_id();
    olivia.post(&format!("/team/{member}/deactivate"), &[]).await.is(303);
    assert_eq!(status().await, 410);
    olivia.post(&format!("/team/{member}/reactivate"), &[]).await.is(303);
    assert_eq!(status().await, 200);
    let yesterday = app.clock.now().date_naive().pred_opt().unwrap().to_string();
    app.sql(&format!("UPDATE members SET left_on = '{yesterday}' WHERE id = '{}'", Adam.member_uuid()));
    assert_eq!(status().await, 410);
}

#[actix_web::test]
async fn a_calendar_that_asks_without_end_is_told_to_wait() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    let (feed, other) = (made(&adam).await, made(&uma).await);
    let visitor = app.visitor();
    for _ in 0..60 {
        visitor.get(&feed).await.is(200);
    }
    let answer = visitor.get(&feed).await;
    assert!(answer.is(429).headers.contains_key("retry-after"));
    visitor.get(&other).await.is(200);
    app.clock.advance(chrono::TimeDelta::minutes(61));
    visitor.get(&feed).await.is(200);
}
