//! Deciding, changing one's mind, and who may.

use super::*;
use crate::support::{Adam, Audrey, Gus, Olivia, Uma};

fn decisions(app: &TestApp) -> i64 {
    app.number("SELECT count(*) AS number FROM renewal_decisions")
}

#[actix_web::test]
async fn a_decision_to_cancel_says_until_when_it_is_covered_and_by_when_to_cancel() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 20, &[("notice_count", "5"), ("notice_unit", "day")]).await;
    let (renewal, covered, last) = (in_days(&app, 20), in_days(&app, 19), in_days(&app, 14));
    adam.get(&path).await.shows("Undecided").shows(&format!("It renews by itself on {}.", written(renewal)));
    let cancel = [("decision", "cancel"), ("note", "Too dear.\nAsk Uma."), ("renews_on", &renewal.to_string())];
    decide(&adam, &path, &cancel).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows(&format!("Slack is covered until {} and ends then.", written(covered)));
    page.shows(&format!("Cancel it at the vendor by {}.", written(last)));
    page.shows("Decided by Adam Adler on").shows("Too dear. Ask Uma.");
    app.trail_holds(Adam, &format!("Adam Adler decided to cancel Slack before its renewal on {renewal}"));
    let entry = "SELECT changes::text AS text FROM audit_entries WHERE action = 'renewal.decided'";
    let entry = app.text(entry);
    for part in ["\"before\": \"Undecided\"", "\"after\": \"Cancel\"", "Too dear."] {
        assert!(entry.contains(part), "{part} in {entry}");
    }
}

#[actix_web::test]
async fn the_last_day_to_cancel_is_past_and_whoever_cancels_is_warned() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 10, &[("notice_count", "20"), ("notice_unit", "day")]).await;
    adam.get(&path).await.shows("and nobody has decided");
    decide(&adam, &path, &[("decision", "cancel")]).await.goes_to(&path);
    adam.get(&path).await.shows("so the vendor may not take it").hides("Cancel it at the vendor by");
}

#[actix_web::test]
async fn one_changes_ones_mind_and_takes_the_first_decision_back_with_one_click() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 20, &[("seats", "5")]).await;
    decide(&adam, &path, &[("decision", "renew"), ("note", "We like it.")]).await.goes_to(&path);
    let undo = adam.get(&path).await.attribute(".flash form", "action").unwrap();
    adam.post(&undo, &[]).await.goes_to(&path);
    adam.get(&path).await.shows("is undecided again").hides("Decided by");
    assert_eq!(decisions(&app), 0);
    decide(&adam, &path, &[("decision", "renew")]).await.goes_to(&path);
    adam.get(&path).await.shows("Slack renews on");
    decide(&adam, &path, &[("decision", "resize"), ("seats", "8")]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows("with 8 seats").shows("Resize to 8");
    assert!(page.attribute(".flash form", "action").is_none(), "what stood before is no single click away");
    assert_eq!(page.attribute("#decide-seats", "value").as_deref(), Some("8"));
    decide(&adam, &path, &[("decision", "undecided"), ("note", "No reason any more.")]).await.goes_to(&path);
    adam.get(&path).await.shows("is undecided again").hides("Decided by");
    let day = in_days(&app, 20);
    let told: Vec<String> = app.acts(Adam).into_iter().filter(|said| said.contains(&day.to_string())).collect();
    assert_eq!(
        told,
        [
            format!("Adam Adler decided to renew Slack on {day}"),
            format!("Adam Adler left the renewal of Slack on {day} undecided again"),
            format!("Adam Adler decided to renew Slack on {day}"),
            format!("Adam Adler decided to renew Slack on {day} with 8 seats"),
            format!("Adam Adler left the renewal of Slack on {day} undecided again"),
        ]
    );
}

#[actix_web::test]
async fn the_same_decision_twice_is_one() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 20, &[]).await;
    let form = path.replace("/subscriptions/", "/renewals/") + "/decision";
    for _ in 0..2 {
        adam.post_once(&form, "clicked-twice", &[("decision", "cancel")]).await.goes_to(&path);
    }
    adam.get(&path).await.shows("Cancel it at the vendor by");
    decide(&adam, &path, &[("decision", "cancel")]).await.goes_to(&path);
    adam.get(&path).await.shows("That stood already for Slack.");
    assert_eq!(app.acts(Adam).iter().filter(|said| said.contains("decided to cancel")).count(), 1);
}

#[actix_web::test]
async fn fewer_seats_than_held_are_said_to_wait() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 20, &[("seats", "5"), ("cost_model", "per_seat")]).await;
    for person in [Uma, Olivia, Adam] {
        adam.post(&format!("{path}/licenses"), &[("member", &person.member_id())]).await.is(303);
    }
    decide(&adam, &path, &[("decision", "resize"), ("seats", "1")]).await.goes_to(&path);
    adam.get(&path).await.shows("with 1 seat.").shows("2 more are held: revoke them before").shows("3 / 5");
    adam.get("/renewals").await.shows("Resize to 1").shows("€36.00");
    app.days_pass(21);
    app.work_until_idle().await;
    app.sign_in(Adam).await.get(&path).await.shows("3 / 3").shows("2 more are held");
}

#[actix_web::test]
async fn whoever_looked_at_another_renewal_is_told_that_it_moved() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 3, &[]).await;
    let seen = in_days(&app, 3).to_string();
    app.days_pass(4);
    let late = [("decision", "cancel"), ("renews_on", seen.as_str()), ("note", "Too late")];
    let answer = decide(&adam, &path, &late).await;
    answer.is(409).shows(&format!("Slack no longer renews on {seen}, but on")).shows("Too late");
    let now = answer.attribute("input[name=renews_on]", "value").unwrap();
    assert_ne!(now, seen);
    assert_eq!(decisions(&app), 0);
    decide(&adam, &path, &[("decision", "cancel"), ("renews_on", &now)]).await.goes_to(&path);
    assert_eq!(decisions(&app), 1);
}

#[actix_web::test]
async fn there_is_nothing_to_decide_about_what_does_not_renew() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let never = monthly(&adam, &app, 9, &[("auto_renew", "never")]).await;
    let over = monthly(&adam, &app, 9, &[("service", "Miro"), ("status", "canceled")]).await;
    for path in [&never, &over] {
        adam.get(path).await.hides("Record decision");
        decide(&adam, path, &[("decision", "renew")]).await.is(409).shows("there is nothing to decide");
    }
    adam.post(&format!("{never}/remove"), &[]).await.goes_to(&never);
    decide(&adam, &never, &[("decision", "renew")]).await.is(404);
}

#[actix_web::test]
async fn a_wrong_answer_is_said_beside_it_and_the_rest_is_kept() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 20, &[("cost", "99000000000"), ("seats", "5"), ("cost_model", "per_seat")]).await;
    for (seats, said) in [("", "at least 1"), ("0", "To have none, cancel."), ("-1", "at least 1"), ("x", "at least 1")]
    {
        let answer = decide(&adam, &path, &[("decision", "resize"), ("seats", seats), ("note", "Kept")]).await;
        answer.is(422).shows(said).shows("Kept");
        assert!(answer.attribute("title", "x").is_none() && answer.text().starts_with("Error:"));
        assert_eq!(answer.attribute(".problem a", "href").as_deref(), Some("#decide-seats"));
    }
    let most = decide(&adam, &path, &[("decision", "resize"), ("seats", "1000000")]).await;
    most.is(422);
    assert_eq!(
        most.attribute(".problem a", "href").as_deref(),
        Some("#decide-seats"),
        "its price could not be counted"
    );
    let long = "x".repeat(501);
    decide(&adam, &path, &[("decision", "renew"), ("note", &long)]).await.is(422).shows("at most 500 characters");
    decide(&adam, &path, &[("decision", "perhaps")]).await.is(422).shows("Choose what becomes of the renewal.");
    decide(&adam, &path, &[("decision", "renew"), ("renews_on", "tomorrow")]).await.is(422);
    assert_eq!(decisions(&app), 0);
}

#[actix_web::test]
async fn uma_decides_on_what_she_owns_and_nobody_else_without_the_right() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    let hers = monthly(&uma, &app, 20, &[("service", "Miro")]).await;
    let (held, other) = (monthly(&adam, &app, 20, &[]).await, monthly(&adam, &app, 20, &[("service", "Zoom")]).await);
    adam.post(&format!("{held}/licenses"), &[("member", &Uma.member_id())]).await.is(303);
    let cancel = [("decision", "cancel")];
    decide(&uma, &hers, &cancel).await.goes_to(&hers);
    uma.get(&held).await.shows("Undecided").hides("Record decision");
    decide(&uma, &held, &cancel).await.is(403);
    decide(&uma, &other, &cancel).await.is(404);
    let audrey = app.sign_in(Audrey).await;
    audrey.get(&hers).await.shows("Decided by Uma Usher").hides("Record decision");
    decide(&audrey, &hers, &cancel).await.is(403);
    let gus = app.sign_in(Gus).await;
    decide(&gus, &hers, &cancel).await.is(404);
    for browser in [&audrey, &gus] {
        let undo = browser.post(&(hers.replace("/subscriptions/", "/renewals/") + "/undo"), &[]).await;
        assert!(matches!(undo.status, 403 | 404));
    }
    assert_eq!(decisions(&app), 1);
}

#[actix_web::test]
async fn of_many_who_decide_at_once_the_last_one_counts_and_the_trail_has_them_all() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    let path = monthly(&adam, &app, 20, &[("seats", "5")]).await;
    for round in 0..5 {
        let seats = (round + 10).to_string();
        let (one, other) = (
            [("decision", "resize"), ("seats", seats.as_str())],
            [("decision", if round % 2 == 0 { "cancel" } else { "renew" })],
        );
        let (one, other) = tokio::join!(decide(&adam, &path, &one), decide(&olivia, &path, &other));
        one.goes_to(&path);
        other.goes_to(&path);
        let told = app.number("SELECT count(*) AS number FROM audit_entries WHERE action = 'renewal.decided'");
        assert_eq!((decisions(&app), told), (1, 2 * (round + 1)));
        let stands = app.text("SELECT decision AS text FROM renewal_decisions");
        // The last of the two is the one from which the other did not go on.
        let last = app.text(
            "WITH two AS (SELECT * FROM audit_entries WHERE action = 'renewal.decided' ORDER BY id DESC LIMIT 2)
             SELECT said AS text FROM two AS one WHERE NOT EXISTS (SELECT FROM two AS other
               WHERE other.id <> one.id AND other.changes->0->>'before' = one.changes->0->>'after')",
        );
        let word = if last.contains("seats") {
            "resize"
        } else if last.contains("cancel") {
            "cancel"
        } else {
            "renew"
        };
        assert_eq!(stands, word, "{last}");
    }
}

#[actix_web::test]
async fn many_are_decided_together_or_none_of_them() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    monthly(&adam, &app, 20, &[]).await;
    let late = [("service", "Miro"), ("notice_count", "30"), ("notice_unit", "day")];
    monthly(&adam, &app, 20, &late).await;
    let page = adam.get("/renewals").await;
    let ticked: Vec<String> = page.attributes("input[name=renewal]", "value");
    assert_eq!(ticked.len(), 2);
    let wrong =
        [("renewal", ticked[0].as_str()), ("renewal", "01m7yebgb3fg6rnkya90d911xd.2030-01-01"), ("decision", "renew")];
    adam.post("/renewals/bulk", &wrong).await.is(404);
    let stale = [("renewal", ticked[0].as_str()), ("renewal", &ticked[1].replace('.', ".1")), ("decision", "renew")];
    adam.post("/renewals/bulk", &stale).await.is(404);
    let (id, _) = ticked[1].split_once('.').unwrap();
    let moved = format!("{id}.2030-01-01");
    let moved = [("renewal", ticked[0].as_str()), ("renewal", &moved), ("decision", "renew")];
    adam.post("/renewals/bulk", &moved).await.is(409).shows("no longer renews on 2030-01-01");
    assert_eq!(decisions(&app), 0, "all or nothing");
    let both = [("renewal", ticked[0].as_str()), ("renewal", &ticked[1])];
    let cancel = [&both[..], &[("decision", "cancel"), ("list", "q=&decision=undecided&evil=1")]].concat();
    adam.post("/renewals/bulk", &cancel).await.goes_to("/renewals?q=&decision=undecided");
    let said = "Recorded the decision about 2 renewals. The last day to cancel one of them is past.";
    adam.get("/renewals").await.shows(said);
    assert_eq!(decisions(&app), 2);
    adam.post("/renewals/bulk", &cancel[..3]).await.goes_to("/renewals");
    adam.get("/renewals").await.shows("They were decided so already.");
    adam.post("/renewals/bulk", &[("decision", "renew")]).await.is(422).shows("Tick the renewals");
    adam.post("/renewals/bulk", &[&both[..], &[("decision", "resize")]].concat()).await.is(422);
    let audrey = app.sign_in(Audrey).await;
    assert!(audrey.get("/renewals").await.is(200).texts("form[action='/renewals/bulk'] button").is_empty());
    audrey.post("/renewals/bulk", &cancel[..3]).await.is(403);
}
