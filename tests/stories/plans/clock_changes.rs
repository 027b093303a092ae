//! Cycles of plans where the clock goes ahead or back: they begin at midnight, where the business is.

use crate::support::TestApp;

use super::INGRID;

struct Year {
    zone: &'static str,
    /// An instant of the day on which Team is chosen.
    chosen_at: &'static str,
    /// When the two cycles after that one begin.
    begins: [&'static str; 2],
}

/// Both changes of 2027 in Berlin, where the cycle of the change is an hour shorter or longer; and in Havana, where
/// midnight itself is skipped in spring, so that the day begins at one, and comes twice in autumn, so that the first counts.
const YEARS: [Year; 4] = [
    Year { zone: "Europe/Berlin", chosen_at: "2027-02-28T12:00:00Z", begins: ["2027-03-27 23:00", "2027-04-27 22:00"] },
    Year { zone: "Europe/Berlin", chosen_at: "2027-09-30T12:00:00Z", begins: ["2027-10-29 22:00", "2027-11-29 23:00"] },
    Year {
        zone: "America/Havana",
        chosen_at: "2027-02-14T17:00:00Z",
        begins: ["2027-03-14 05:00", "2027-04-14 04:00"],
    },
    Year {
        zone: "America/Havana",
        chosen_at: "2027-10-07T17:00:00Z",
        begins: ["2027-11-07 04:00", "2027-12-07 05:00"],
    },
];

/// When each cycle of Team began, oldest first.
fn begun(app: &TestApp) -> String {
    app.text(
        "SELECT string_agg(to_char(p.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), ', ' ORDER BY p.starts_at) AS text
         FROM plan_periods p JOIN businesses b ON b.id = p.business_id JOIN plans ON plans.id = p.plan_id
         WHERE b.name = 'Initech' AND plans.code = 'team'",
    )
}

#[actix_web::test]
async fn a_cycle_begins_at_midnight_where_the_business_is_also_when_the_clock_was_changed() {
    for Year { zone, chosen_at, begins } in YEARS {
        let app = TestApp::start().await;
        app.time_is(chosen_at);
        app.work_until_idle().await;
        let ingrid = app.visitor();
        ingrid.post("/signup", &INGRID).await.goes_to("/");
        ingrid.post("/settings/business", &[("zone", zone)]).await.goes_to("/settings/business");
        ingrid.post("/settings/plan", &[("plan", "team"), ("confirm", "1")]).await.goes_to("/settings/plan");
        for (written, next) in begins.iter().enumerate() {
            let midnight = format!("{}:00Z", next.replace(' ', "T"));
            app.time_is(&midnight);
            app.minutes_pass(-10);
            app.work_until_idle().await;
            let before = begun(&app);
            assert_eq!(before.matches(", ").count(), written, "{zone}, ten minutes before {midnight}: {before}");
            app.minutes_pass(10);
            app.work_until_idle().await;
        }
        assert_eq!(begun(&app).split(", ").skip(1).collect::<Vec<_>>(), begins, "{zone}");
        let unlike = app.number(
            "SELECT count(*) AS number FROM (SELECT starts_at, lag(ends_at) OVER (PARTITION BY business_id ORDER BY starts_at) AS before
             FROM plan_periods) p WHERE before <> starts_at",
        );
        assert_eq!(unlike, 0, "{zone}");
    }
}
