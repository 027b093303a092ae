//! On which days somebody is told, and how often.

use super::*;
use crate::support::{Adam, Gus};

/// Days from today to the last day to cancel of what renews in 200 days with a notice of 30.
const CANCEL_BY: i64 = 169;

#[actix_web::test]
async fn adam_is_told_on_each_step_once_however_often_the_worker_comes_round() {
    let app = TestApp::start().await;
    yearly(&app.sign_in(Adam).await, &app, "Figma", 200, &[]).await;
    remind(&app).await;
    assert_eq!(told(&app, Adam), [""; 0]);
    let mut passed = 0;
    for day in [109, 139, 154, 168, 169, 170, 185, 193] {
        app.days_pass(day - passed - 1);
        remind(&app).await;
        let before = told(&app, Adam).len();
        app.days_pass(1);
        passed = day;
        remind(&app).await;
        tokio::join!(remind(&app), remind(&app));
        assert_eq!(told(&app, Adam).len(), before + 1, "day {day}");
    }
    assert_eq!(
        told(&app, Adam),
        [
            "renewal_reminder cancel_by 60",
            "renewal_reminder cancel_by 30",
            "renewal_reminder cancel_by 15",
            "renewal_reminder cancel_by 1",
            "renewal_undecided",
            "renewal_reminder renews 30",
            "renewal_reminder renews 15",
            "renewal_reminder renews 7",
        ]
    );
    let inbox = app.sign_in(Adam).await.get("/notifications").await;
    inbox.is(200).shows("Figma renews on").shows("is the last day to cancel Figma, and nobody has decided");
    let first = app.letters_to(Adam.email()).into_iter().find(|letter| letter.kind == "renewal_reminder").unwrap();
    assert_eq!(first.details["due"], "€1,200.00");
}

#[actix_web::test]
async fn the_reminder_lost_to_a_missed_day_comes_on_the_next_one() {
    let app = TestApp::start().await;
    yearly(&app.sign_in(Adam).await, &app, "Figma", 200, &[]).await;
    remind(&app).await;
    app.days_pass(CANCEL_BY - 15 + 1);
    remind(&app).await;
    assert_eq!(told(&app, Adam), ["renewal_reminder cancel_by 14"]);
    let passed = "SELECT count(*) AS number FROM renewal_reminders WHERE state = 'passed_over' AND days IN (60, 30)";
    assert_eq!(app.number(passed), 2);
}

#[actix_web::test]
async fn five_days_of_downtime_end_in_one_letter_whoever_comes_back_first() {
    let app = TestApp::start().await;
    let (adam, gus) = (app.sign_in(Adam).await, app.sign_in(Gus).await);
    yearly(&adam, &app, "Figma", 200, &[("notice_count", "0")]).await;
    yearly(&gus, &app, "Miro", 200, &[("notice_count", "0")]).await;
    remind(&app).await;
    // Cancel by in 199 days: the steps of 30 days before it and before the renewal both lie in the gap.
    app.days_pass(167);
    remind(&app).await;
    let before = told(&app, Adam).len();
    app.days_pass(5);
    tokio::join!(remind(&app), remind(&app), remind(&app), remind(&app));
    for person in [Adam, Gus] {
        assert_eq!(told(&app, person).len(), before + 1, "{person:?}");
        assert_eq!(told(&app, person).last().unwrap(), "renewal_reminder cancel_by 27");
    }
    app.days_pass(1);
    remind(&app).await;
    assert_eq!(told(&app, Adam).len(), before + 1);
}

#[actix_web::test]
async fn dates_that_move_later_are_told_anew_and_the_worker_sees_it_at_once() {
    let app = TestApp::start().await;
    let path = yearly(&app.sign_in(Adam).await, &app, "Figma", 200, &[]).await;
    app.days_pass(CANCEL_BY - 15);
    remind(&app).await;
    assert_eq!(told(&app, Adam), ["renewal_reminder cancel_by 15"]);
    let (adam, later) = (app.sign_in(Adam).await, in_days(&app, 61).to_string());
    let fields = [
        ("service", "Figma"),
        ("name", "Figma"),
        ("cost", "1200"),
        ("currency", "EUR"),
        ("cycle_unit", "year"),
        ("cycle_count", "1"),
        ("renews_on", &later),
        ("notice_count", "30"),
        ("notice_unit", "day"),
        ("change", "correct"),
    ];
    adam.post(&path, &fields).await.is(303);
    remind(&app).await;
    assert_eq!(told(&app, Adam), ["renewal_reminder cancel_by 15", "renewal_reminder cancel_by 30"]);
    app.days_pass(15);
    remind(&app).await;
    assert_eq!(told(&app, Adam).last().unwrap(), "renewal_reminder cancel_by 15");
    assert_eq!(told(&app, Adam).len(), 3);
}

#[actix_web::test]
async fn nothing_is_told_of_what_is_decided_removed_or_ended() {
    for what in ["renew", "cancel", "remove", "expire"] {
        let app = TestApp::start().await;
        let adam = app.sign_in(Adam).await;
        let path = yearly(&adam, &app, "Figma", 200, &[]).await;
        match what {
            "remove" => drop(adam.post(&format!("{path}/remove"), &[]).await.is(303)),
            "expire" => app.sql("UPDATE subscriptions SET status = 'expired', next_on = NULL"),
            decision => decide(&app, decision),
        }
        for _ in 0..13 {
            app.days_pass(15);
            remind(&app).await;
        }
        assert_eq!(told(&app, Adam), [""; 0], "{what}");
    }
}

#[actix_web::test]
async fn what_does_not_renew_by_itself_ends() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    yearly(&adam, &app, "Figma", 200, &[("auto_renew", "manual")]).await;
    yearly(&adam, &app, "Miro", 190, &[("auto_renew", "never")]).await;
    app.days_pass(183);
    remind(&app).await;
    let mut seen = told(&app, Adam);
    seen.sort();
    assert_eq!(seen, ["renewal_reminder ends 6", "renewal_reminder ends_undecided 16"]);
    let inbox = app.sign_in(Adam).await.get("/notifications").await;
    inbox.shows("unless somebody renews it").shows("Miro ends on").hides("renews on");
}

#[actix_web::test]
async fn the_business_chooses_the_days() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    yearly(&adam, &app, "Figma", 200, &[]).await;
    remind(&app).await;
    for wrong in ["0", "soon", "400", "-1"] {
        let refused = adam.post("/settings/business", &[("cancel_by_reminders", wrong)]).await;
        refused.is(422).shows("Write numbers of days from 1 to 365");
    }
    adam.post("/settings/business", &[("cancel_by_reminders", "5 90"), ("renewal_reminders", "")]).await.is(303);
    let settings = adam.get("/settings/business").await;
    assert_eq!(settings.attribute("#cancel_by_reminders", "value").as_deref(), Some("90, 5"));
    assert!(app.acts(Adam).last().unwrap().ends_with("changed the settings of the business"));
    for _ in 0..198 {
        app.days_pass(1);
        remind(&app).await;
    }
    assert_eq!(
        told(&app, Adam),
        ["renewal_reminder cancel_by 90", "renewal_reminder cancel_by 5", "renewal_undecided"]
    );
}

#[actix_web::test]
async fn the_day_is_that_of_the_business() {
    let app = TestApp::start().await;
    app.sql("UPDATE businesses SET zone = 'Pacific/Kiritimati' WHERE name = 'Acme'");
    let adam = app.sign_in(Adam).await;
    let noon = app.clock.now().date_naive().succ_opt().unwrap().and_hms_opt(9, 0, 0).unwrap().and_utc();
    app.clock.advance(noon - app.clock.now());
    yearly(&adam, &app, "Figma", 200, &[]).await;
    remind(&app).await;
    // Two hours later it is tomorrow on Kiritimati, and nowhere near London.
    app.days_pass(CANCEL_BY - 60 - 1);
    remind(&app).await;
    assert_eq!(told(&app, Adam), [""; 0]);
    app.clock.advance(chrono::TimeDelta::hours(2));
    remind(&app).await;
    assert_eq!(told(&app, Adam), ["renewal_reminder cancel_by 60"]);
}

#[actix_web::test]
async fn a_reminder_leads_to_where_one_decides() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let figma = yearly(&adam, &app, "Figma", 60, &[]).await;
    app.days_pass(15);
    app.work_until_idle().await;
    let mail = app.mailbox(Adam.email());
    let letter = mail.iter().find(|letter| letter.header("Subject").starts_with("Cancel Figma by")).unwrap();
    let encoded: String = url::form_urlencoded::byte_serialize(format!("{figma}#decide").as_bytes()).collect();
    let link = format!("/businesses/{}/enter?next={encoded}", Adam.business_id());
    for words in [&letter.text, &letter.html] {
        assert!(words.contains("Decide on Figma") && words.contains(&link), "{words}");
    }
    let adam = app.sign_in(Adam).await;
    adam.get(&link).await.goes_to(&format!("{figma}#decide"));
    let id =
        app.text("SELECT id::text AS text FROM notifications WHERE kind = 'renewal_reminder' ORDER BY id DESC LIMIT 1");
    let open = format!("/notifications/{}/open", subledger::kernel::ids::to_text(id.parse().unwrap()));
    adam.post(&open, &[]).await.goes_to(&format!("{figma}#decide"));
    assert_eq!(adam.get(&figma).await.attributes("details#decide form", "action").len(), 1);
}
