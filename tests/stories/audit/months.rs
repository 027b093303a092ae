//! The months of the trail's table.

use crate::support::TestApp;

const STANDING: &str = "SELECT count(*) AS number FROM pg_inherits WHERE inhparent = 'audit_entries'::regclass";
const TOLD: &str =
    "SELECT count(*) AS number FROM audit_entries WHERE action = 'audit.month_added' AND actor_kind = 'worker'";

#[actix_web::test]
async fn three_months_stand_ready_and_next_month_brings_one_more() {
    let app = TestApp::start_empty(&[]).await;
    assert_eq!(app.number(STANDING), 1, "only the one for entries without a month");
    app.work_until_idle().await;
    assert_eq!((app.number(STANDING), app.number(TOLD)), (5, 4));
    app.work_until_idle().await;
    assert_eq!((app.number(STANDING), app.number(TOLD)), (5, 4));
    app.days_pass(31);
    app.work_until_idle().await;
    let standing = app.number(STANDING);
    assert!((6..=7).contains(&standing), "{standing}");
    assert_eq!(app.number("SELECT count(*) AS number FROM audit_entries_default"), 0);
}

#[actix_web::test]
async fn a_month_whose_entries_came_too_early_is_left_where_it_is() {
    let app = TestApp::start().await;
    super::given_entries(&app, 1, &app.clock.now().to_rfc3339());
    app.work_until_idle().await;
    assert_eq!(app.number(STANDING), 4, "the months ahead and the one for entries without a month");
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM audit_entries WHERE said LIKE 'changed Thing%'"), 1);
}
