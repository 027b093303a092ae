use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn every(text: &str) -> Every {
    let (count, unit) = text.split_once(' ').expect(text);
    Every::parse(unit, count.parse().expect(count)).expect(text)
}

fn given(cycle: &str) -> GivenDates {
    GivenDates {
        cycle: Some(every(cycle)),
        starts_on: None,
        renews_on: None,
        first_term: None,
        next_term: None,
        auto_renew: AutoRenew::Auto,
        notice: Notice::Days(0),
        trial_ends_on: None,
    }
}

fn renewing(cycle: &str, on: &str) -> GivenDates {
    GivenDates { renews_on: Some(date(on)), ..given(cycle) }
}

fn coming(given: GivenDates, status: Status, today: &str) -> (String, String) {
    let coming = given.settle().expect("dates that agree").coming(status, date(today)).expect("within reach");
    let text = |date: Option<NaiveDate>| date.map_or_else(|| "–".to_owned(), |date| date.to_string());
    (text(coming.renews_on), text(coming.cancel_by))
}

#[test]
fn cancel_by_is_the_last_covered_day_minus_the_notice() {
    let yearly = GivenDates { notice: Notice::Days(60), ..renewing("1 year", "2026-01-01") };
    assert_eq!(coming(yearly, Status::Active, "2025-06-01"), ("2026-01-01".into(), "2025-11-01".into()));
}

#[test]
fn a_past_renewal_rolls_to_the_next_one_from_its_anchor() {
    let monthly = renewing("1 month", "2026-01-31");
    assert_eq!(coming(monthly, Status::Active, "2026-02-10").0, "2026-02-28");
    assert_eq!(coming(monthly, Status::Active, "2026-03-01").0, "2026-03-31");
    let manual = GivenDates { auto_renew: AutoRenew::Manual, ..monthly };
    assert_eq!(coming(manual, Status::Active, "2026-03-01").0, "2026-03-31");
}

#[test]
fn a_trial_is_cancelled_by_its_last_day() {
    let trial = GivenDates { trial_ends_on: Some(date("2026-11-28")), ..renewing("1 year", "2027-11-29") };
    assert_eq!(coming(trial, Status::Trial, "2026-11-22").1, "2026-11-28");
    assert_eq!(coming(trial, Status::Active, "2026-11-22").1, "2027-11-28");
}

#[test]
fn what_has_ended_needs_no_cancelling() {
    let yearly = renewing("1 year", "2026-06-01");
    assert_eq!(coming(yearly, Status::Canceled, "2026-01-10"), ("2026-06-01".into(), "–".into()));
    assert_eq!(coming(yearly, Status::Expired, "2026-11-22"), ("2026-06-01".into(), "–".into()));
    let never = GivenDates { auto_renew: AutoRenew::Never, ..yearly };
    assert_eq!(coming(never, Status::Active, "2026-01-10"), ("2026-06-01".into(), "–".into()));
}

#[test]
fn what_never_renews_and_is_over_does_not_run() {
    let over = GivenDates { auto_renew: AutoRenew::Never, ..renewing("1 year", "2026-06-01") };
    let refused = over.settle().expect("dates that agree").coming(Status::Active, date("2026-06-01"));
    assert_eq!(refused.expect_err("it is over").field, Some("status"));
}

#[test]
fn a_one_time_purchase_has_a_day_and_no_renewal() {
    let once = GivenDates { cycle: None, starts_on: Some(date("2026-01-10")), ..given("1 year") };
    assert_eq!(coming(once, Status::Active, "2026-11-22"), ("–".into(), "–".into()));
    let renewing = GivenDates { renews_on: Some(date("2027-01-10")), ..once };
    assert!(renewing.settle().expect_err("it renews").message.contains("does not renew"));
}

#[test]
fn dates_that_disagree_name_the_nearest() {
    let both = GivenDates { starts_on: Some(date("2026-01-15")), ..renewing("1 month", "2026-12-20") };
    let refusal = both.settle().expect_err("they disagree");
    assert_eq!((refusal.field, refusal.message.contains("2026-12-15")), (Some("renews_on"), true));
    let term = GivenDates { first_term: Some(every("1 year")), renews_on: Some(date("2026-12-15")), ..both };
    assert!(term.settle().expect_err("no term ends then").message.contains("2027-01-15"));
    let agreed = GivenDates { renews_on: Some(date("2027-01-15")), ..term };
    assert_eq!(agreed.settle().expect("they agree").anchor, Anchor::Start(date("2026-01-15")));
}

#[test]
fn neither_date_is_too_little() {
    assert_eq!(given("1 month").settle().expect_err("no date").field, Some("renews_on"));
}

#[test]
fn a_notice_longer_than_the_term_is_refused() {
    let long = GivenDates { notice: Notice::Months(3), ..renewing("1 month", "2026-12-01") };
    let refusal = long.settle().expect_err("too long");
    assert_eq!(refusal.field, Some("notice_count"));
    assert!(refusal.message.contains("longer than the term"));
}

#[test]
fn correcting_a_clamped_renewal_keeps_its_anchor() {
    let monthly = renewing("1 month", "2026-01-31").settle().expect("dates that agree");
    let saved_again = renewing("1 month", "2026-02-28").settle().expect("dates that agree");
    assert_eq!(saved_again.anchored_as(&monthly, Some(date("2026-02-28"))).anchor, monthly.anchor);
    let moved = renewing("1 month", "2026-02-20").settle().expect("dates that agree");
    assert_eq!(moved.anchored_as(&monthly, Some(date("2026-02-28"))).anchor, Anchor::Renewal(date("2026-02-20")));
}

#[test]
fn ahead_stand_last_days_to_cancel_and_renewals_in_order() {
    let monthly = GivenDates {
        starts_on: Some(date("2026-10-15")),
        first_term: Some(every("1 quarter")),
        notice: Notice::Days(10),
        ..given("1 month")
    };
    let (dates, today) = (monthly.settle().expect("dates that agree"), date("2026-11-22"));
    let coming = dates.coming(Status::Active, today).expect("within reach");
    let ahead = dates.ahead(Status::Active, coming, today);
    let shown: Vec<String> = ahead.iter().take(4).map(|(date, what)| format!("{date} {what:?}")).collect();
    assert_eq!(shown, ["2026-12-15 Due", "2027-01-04 CancelBy", "2027-01-15 Renews", "2027-04-04 CancelBy"]);
}
