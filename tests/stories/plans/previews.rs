//! What a preview shows is what is confirmed; what came before is told day by day.

use crate::support::{Olivia, TestApp};

use super::{INGRID, periods};

#[actix_web::test]
async fn a_preview_left_open_overnight_is_shown_again_instead_of_confirmed() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &[&INGRID[..4], &[("plan", "team")]].concat()).await.goes_to("/");
    app.days_pass(10);
    let preview = ingrid.get("/settings/plan/choose?plan=business").await;
    let seen = preview.attribute("input[name=seen]", "value").unwrap();
    let confirm = |seen: String| {
        let ingrid = ingrid.clone();
        async move { ingrid.post("/settings/plan", &[("plan", "business"), ("confirm", "1"), ("seen", &seen)]).await }
    };
    app.days_pass(1);
    let again = confirm(seen.clone()).await;
    again.is(409).shows("What is due has changed since this page was opened.").shows("Change to Business");
    assert_eq!(periods(&app, "Initech"), 1);
    let anew = again.attribute("input[name=seen]", "value").unwrap();
    assert_ne!(anew, seen);
    confirm(anew.clone()).await.goes_to("/settings/plan");
    assert_eq!(periods(&app, "Initech"), 2);
    confirm(anew).await.goes_to("/settings/plan");
    assert_eq!(periods(&app, "Initech"), 2, "what is the present plan is not chosen again");
}

#[actix_web::test]
async fn a_move_at_the_end_is_confirmed_for_the_day_that_was_shown() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let preview = olivia.get("/settings/plan/choose?plan=free").await;
    let seen = preview.attribute("input[name=seen]", "value").unwrap();
    app.days_pass(31);
    app.work_until_idle().await;
    let olivia = app.sign_in(Olivia).await;
    let free = [("plan", "free"), ("confirm", "1"), ("seen", seen.as_str())];
    olivia.post("/settings/plan", &free).await.is(409).shows("look at it again, then confirm");
    olivia.get("/settings/plan").await.hides("was chosen for the end");
    olivia.post("/settings/plan", &free[..2]).await.goes_to("/settings/plan");
}

#[actix_web::test]
async fn no_two_rows_of_the_history_name_the_same_day() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    app.days_pass(5);
    ingrid.post("/settings/plan", &[("plan", "team"), ("confirm", "1")]).await.goes_to("/settings/plan");
    app.days_pass(5);
    ingrid.post("/settings/plan", &[("plan", "business"), ("confirm", "1")]).await.goes_to("/settings/plan");
    let rows = ingrid.get("/settings/plan").await.texts("tbody th");
    assert_eq!(rows.len(), 3, "{rows:?}");
    let days: Vec<&str> = rows.iter().flat_map(|row| row.split(" to ")).collect();
    let different: std::collections::BTreeSet<&str> = days.iter().copied().collect();
    assert_eq!((days.len(), different.len()), (6, 6), "{rows:?}");
}

#[actix_web::test]
async fn a_plan_of_a_few_hours_is_one_day_of_the_history() {
    let app = TestApp::start().await;
    let ingrid = app.visitor();
    ingrid.post("/signup", &INGRID).await.goes_to("/");
    app.clock.advance(chrono::TimeDelta::milliseconds(5));
    ingrid.post("/settings/plan", &[("plan", "team"), ("confirm", "1")]).await.goes_to("/settings/plan");
    let rows = ingrid.get("/settings/plan").await.texts("tbody th");
    assert_eq!(rows.iter().filter(|row| row.contains(" to ")).count(), 1, "{rows:?}");
}
