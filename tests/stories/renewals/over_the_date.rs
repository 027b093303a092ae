//! What becomes of a renewal on its day, with and without a decision.

use super::*;
use crate::support::{Adam, Olivia};

fn charges(app: &TestApp) -> i64 {
    app.number("SELECT count(*) AS number FROM charges")
}

#[actix_web::test]
async fn what_nobody_decided_is_renewed_by_default_and_says_so() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = monthly(&adam, &app, 5, &[]).await;
    let day = in_days(&app, 5);
    let by_default = format!("Renewed by default on {}: nobody had decided.", written(day));
    app.days_pass(5);
    adam.get(&path).await.shows(&by_default).shows("Undecided");
    app.work_until_idle().await;
    adam.get(&path).await.shows(&by_default).shows("Undecided");
    app.trail_holds(Adam, &format!("worker renewed Slack by default on {day}"));
    decide(&adam, &path, &[("decision", "renew")]).await.goes_to(&path);
    app.days_pass(31);
    app.work_until_idle().await;
    app.sign_in(Adam).await.get(&path).await.shows("as decided.").shows("Undecided").hides("Renewed by default");
    assert_eq!(charges(&app), 2);
}

#[actix_web::test]
async fn each_decision_comes_true_on_the_day_for_what_renews_by_itself_and_what_does_not() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let mut paths = Vec::new();
    for (number, (auto_renew, decision)) in ["auto", "manual"]
        .into_iter()
        .flat_map(|auto| ["undecided", "renew", "resize", "cancel"].map(|one| (auto, one)))
        .enumerate()
    {
        let service = format!("Tool {number}");
        let answers = [("service", service.as_str()), ("auto_renew", auto_renew), ("seats", "5")];
        let path = monthly(&adam, &app, 10, &answers).await;
        if decision != "undecided" {
            decide(&adam, &path, &[("decision", decision), ("seats", "3")]).await.goes_to(&path);
        }
        paths.push(path);
    }
    let becomes = ["Active", "Active", "Active", "Canceled", "Expired", "Active", "Active", "Canceled"];
    app.days_pass(9);
    for path in &paths {
        adam.get(path).await.shows("Active");
    }
    app.days_pass(1);
    for (path, status) in paths.iter().zip(becomes) {
        assert!(adam.get(path).await.texts("h1 .state").contains(&status.to_owned()), "{path} before it is written");
    }
    app.work_until_idle().await;
    for (path, status) in paths.iter().zip(becomes) {
        let page = adam.get(path).await;
        assert!(page.texts("h1 .state").contains(&status.to_owned()), "{path} {}", page.text());
    }
    assert_eq!(charges(&app), 5);
    for resized in [&paths[2], &paths[6]] {
        adam.get(resized).await.shows("0 / 3");
    }
}

#[actix_web::test]
async fn a_trial_that_was_decided_to_end_ends_with_its_last_day() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let last = in_days(&app, 5).to_string();
    let trial = [("status", "trial"), ("trial_ends_on", last.as_str())];
    let ended = monthly(&adam, &app, 6, &trial).await;
    let kept = monthly(&adam, &app, 6, &[&trial[..], &[("service", "Miro"), ("auto_renew", "manual")]].concat()).await;
    adam.get(&ended).await.shows("It goes on by itself after the trial");
    decide(&adam, &ended, &[("decision", "cancel")]).await.goes_to(&ended);
    adam.get(&ended).await.shows(&format!("covered until {}", written(in_days(&app, 5))));
    decide(&adam, &kept, &[("decision", "renew")]).await.goes_to(&kept);
    adam.get(&kept).await.shows("It is kept after the trial");
    app.days_pass(6);
    app.work_until_idle().await;
    adam.get(&ended).await.shows("Canceled");
    adam.get(&kept).await.shows("Active");
}

#[actix_web::test]
async fn whoever_decides_while_the_worker_renews_decides_on_the_next_renewal_or_is_told() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    let mut paths = Vec::new();
    for number in 0..6 {
        paths.push(monthly(&adam, &app, 1, &[("service", &format!("Tool {number}"))]).await);
    }
    let seen = in_days(&app, 1).to_string();
    app.days_pass(1);
    let decided = async {
        for path in &paths {
            let stale = [("decision", "cancel"), ("renews_on", seen.as_str())];
            decide(&adam, path, &stale).await.is(409).shows("no longer renews on");
            decide(&olivia, path, &[("decision", "cancel")]).await.goes_to(path);
        }
    };
    tokio::join!(app.work_until_idle(), app.work_until_idle(), decided);
    app.work_until_idle().await;
    let by_default = app.trail(Adam).iter().filter(|said| said.contains("by default on")).count();
    assert_eq!((charges(&app), by_default), (6, 6), "each renewed once, whoever wrote it");
    let of_next = "SELECT count(*) AS number FROM renewal_decisions d JOIN subscriptions s ON s.id = d.subscription_id
                   WHERE d.renews_on = s.renews_on";
    assert_eq!(app.number(of_next), 6);
}
