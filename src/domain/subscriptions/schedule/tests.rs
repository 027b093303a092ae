use chrono::Days;
use proptest::prelude::*;

use super::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn start(text: &str) -> Anchor {
    Anchor::Start(date(text))
}

fn renewal(text: &str) -> Anchor {
    Anchor::Renewal(date(text))
}

/// "3 month", "1 quarter".
fn every(text: &str) -> Interval {
    let (count, unit) = text.split_once(' ').expect(text);
    Interval::parse(unit, count.parse().expect(count)).expect(text)
}

fn terms(first: &str, following: &str) -> Terms {
    Terms { first: every(first), following: every(following) }
}

/// Anchor, cycle, the renewals that follow. From subtrackr's subscription_test.go, two bug reports of
/// ellite/Wallos (what the reporters expected), and two computed by the rule.
#[rustfmt::skip]
const OCCURRENCES: &[(&str, &str, &[&str])] = &[
    ("2025-01-31", "1 month", &["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31"]),
    ("2024-02-29", "1 month", &["2024-03-29", "2024-04-29", "2024-05-29"]),
    ("2025-03-31", "1 month", &["2025-04-30", "2025-05-31", "2025-06-30", "2025-07-31"]),
    ("2025-07-31", "1 month", &["2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30"]),
    ("2024-02-29", "1 year", &["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
    ("2024-10-30", "1 month", &["2024-11-30", "2024-12-30", "2025-01-30", "2025-02-28", "2025-03-30"]),
    ("2024-12-31", "1 month", &["2025-01-31", "2025-02-28", "2025-03-31"]),
    ("2024-11-30", "1 quarter", &["2025-02-28", "2025-05-30", "2025-08-30", "2025-11-30"]),
    ("2024-07-15", "10 year", &["2034-07-15"]),
];

#[test]
fn renewals_follow_their_anchor() {
    for (anchor, cycle, next) in OCCURRENCES {
        let expected: Vec<_> = next.iter().copied().map(date).collect();
        let (anchor, cycle) = (start(anchor), every(cycle));
        let last = *expected.last().expect("one at least");
        let found = occurrences(anchor, cycle, date(&anchor.date().to_string()), last);
        assert_eq!(found.split_first(), Some((&anchor.date(), expected.as_slice())));

        let mut rolled = anchor.date();
        for renewal in expected {
            rolled = renewal_after(anchor, cycle, rolled).expect("in reach");
            assert_eq!(rolled, renewal);
            assert_eq!(next_renewal(anchor, cycle, renewal), Ok(renewal));
        }
    }
}

/// Start, first term, following term, renewal, today, end of the term in force. From glpi-project/glpi
/// phpunit/functional/ContractTest.php and, the last three, what reporters of its bugs expected.
#[rustfmt::skip]
const TERM_ENDS: &[(&str, &str, &str, AutoRenew, &str, &str)] = &[
    ("2020-01-01", "6 month", "6 month", AutoRenew::Never, "2024-04-22", "2020-07-01"),
    ("2020-01-01", "6 month", "6 month", AutoRenew::Auto, "2024-04-22", "2024-07-01"),
    ("2020-01-01", "6 month", "6 month", AutoRenew::Manual, "2024-04-22", "2020-07-01"),
    ("2025-01-01", "6 month", "6 month", AutoRenew::Never, "2024-04-22", "2025-07-01"),
    ("2025-01-01", "6 month", "6 month", AutoRenew::Auto, "2024-04-22", "2025-07-01"),
    ("2025-01-01", "6 month", "6 month", AutoRenew::Manual, "2024-04-22", "2025-07-01"),
    ("2019-01-01", "60 month", "12 month", AutoRenew::Auto, "2024-04-22", "2025-01-01"),
    ("2024-08-28", "12 month", "12 month", AutoRenew::Auto, "2026-02-11", "2026-08-28"),
    ("2020-08-01", "36 month", "12 month", AutoRenew::Auto, "2023-10-31", "2024-08-01"),
    ("2018-09-27", "36 month", "12 month", AutoRenew::Auto, "2019-06-06", "2021-09-27"),
];

#[test]
fn terms_end_where_the_contract_says() {
    for (begin, first, following, auto_renew, today, expected) in TERM_ENDS {
        let terms = terms(first, following);
        let end = term_end(start(begin), terms, *auto_renew, date(today));
        assert_eq!(end, Ok(date(expected)), "{begin} {first} {following} {auto_renew:?} on {today}");
    }
}

#[test]
fn later_terms_do_not_drift_from_the_anchor() {
    #[rustfmt::skip]
    let cases = [
        // A short first term ends on 28 February; the next ends on the 31st again.
        (start("2024-08-31"), "6 month", "6 month", "2025-03-01", "2025-08-31"),
        (start("2024-08-31"), "6 month", "6 month", "2025-08-30", "2025-08-31"),
        (start("2024-08-31"), "6 month", "6 month", "2025-08-31", "2025-08-31"),
        (start("2024-08-31"), "6 month", "6 month", "2025-09-01", "2026-02-28"),
        (start("2025-01-01"), "14 day", "1 month", "2025-03-01", "2025-03-15"),
        (start("2025-01-01"), "1 month", "2 week", "2025-02-02", "2025-02-15"),
        (start("2025-01-01"), "10 day", "1 week", "2025-01-12", "2025-01-18"),
        (renewal("2025-06-30"), "36 month", "12 month", "2025-01-01", "2025-06-30"),
        (renewal("2025-06-30"), "36 month", "12 month", "2025-07-01", "2026-06-30"),
    ];
    for (anchor, first, following, today, expected) in cases {
        let end = term_end(anchor, terms(first, following), AutoRenew::Auto, date(today));
        assert_eq!(end, Ok(date(expected)), "{anchor:?} {first} {following} on {today}");
    }
}

#[test]
fn one_date_is_enough_and_two_must_agree() {
    let monthly = Cycle::Every(every("1 month"));
    let nearest = |text| Err(ScheduleError::DatesDisagree { nearest: date(text) });
    #[rustfmt::skip]
    let cases = [
        (monthly, Some("2025-01-31"), None, Ok(start("2025-01-31"))),
        (monthly, None, Some("2025-02-28"), Ok(renewal("2025-02-28"))),
        (monthly, Some("2025-01-31"), Some("2025-02-28"), Ok(start("2025-01-31"))),
        (monthly, Some("2025-01-31"), Some("2026-01-31"), Ok(start("2025-01-31"))),
        (monthly, Some("2025-01-31"), Some("2025-03-01"), nearest("2025-02-28")),
        (monthly, Some("2025-01-31"), Some("2025-03-28"), nearest("2025-03-31")),
        (monthly, Some("2025-01-31"), Some("2025-01-31"), nearest("2025-02-28")),
        (monthly, Some("2025-01-31"), Some("2020-01-31"), nearest("2025-02-28")),
        (monthly, None, None, Err(ScheduleError::NoDate)),
        (Cycle::Once, None, None, Err(ScheduleError::NoDate)),
        (Cycle::Once, Some("2025-01-31"), None, Ok(start("2025-01-31"))),
        (Cycle::Once, None, Some("2025-01-31"), Err(ScheduleError::OnceDoesNotRenew)),
        (monthly, Some("1989-12-31"), None, Err(ScheduleError::DateOutOfRange)),
        (monthly, None, Some("2201-01-01"), Err(ScheduleError::DateOutOfRange)),
        (monthly, Some("2200-12-31"), Some("2200-12-31"), Err(ScheduleError::TooFarAhead)),
    ];
    for (cycle, starts_on, renews_on, expected) in cases {
        let chosen = Anchor::choose(cycle, starts_on.map(date), renews_on.map(date));
        assert_eq!(chosen, expected, "{cycle:?} {starts_on:?} {renews_on:?}");
    }
    assert_eq!(
        ScheduleError::DatesDisagree { nearest: date("2025-02-28") }.to_string(),
        "With this start and cycle the nearest renewal is 2025-02-28: correct one of the dates."
    );
    let range = "Choose a date from 1990-01-01 to 2200-12-31.";
    assert_eq!(ScheduleError::DateOutOfRange.to_string(), range);
}

#[test]
fn the_next_renewal_is_on_or_after_today() {
    #[rustfmt::skip]
    let cases = [
        (renewal("2025-01-31"), "1 month", "2025-01-31", Ok("2025-01-31")),
        (renewal("2025-01-31"), "1 month", "2025-02-01", Ok("2025-02-28")),
        (renewal("2027-01-31"), "1 month", "2025-02-01", Ok("2027-01-31")),
        (start("2025-01-31"), "1 month", "2025-01-31", Ok("2025-02-28")),
        (start("2027-01-31"), "1 month", "2025-01-31", Ok("2027-02-28")),
        (start("2020-02-29"), "1 year", "2023-03-01", Ok("2024-02-29")),
        (renewal("2025-01-01"), "30 day", "2025-12-31", Ok("2026-01-26")),
        (start("2150-01-01"), "100 year", "2025-01-01", Err(ScheduleError::TooFarAhead)),
        (start("2025-01-01"), "1200 year", "2025-01-01", Err(ScheduleError::TooFarAhead)),
        (renewal("2025-01-01"), "1 day", "9999-12-31", Err(ScheduleError::TooFarAhead)),
    ];
    for (anchor, cycle, today, expected) in cases {
        let found = next_renewal(anchor, every(cycle), date(today));
        assert_eq!(found, expected.map(date), "{anchor:?} every {cycle} on {today}");
    }
}

#[test]
fn charges_of_the_past_reach_back_24_months() {
    let charges = past_charges(date("2020-01-31"), every("1 month"), date("2025-02-28"));
    assert_eq!(charges.len(), 24);
    assert_eq!(charges.first(), Some(&date("2023-03-31")));
    assert_eq!(charges.last(), Some(&date("2025-02-28")));
    let today = date("2025-01-01");
    assert_eq!(past_charges(today, every("1 year"), today), [today]);
    assert_eq!(past_charges(date("2025-01-02"), every("1 year"), today), []);
    let window = occurrences(renewal("2025-06-30"), every("1 year"), today, date("2026-12-31"));
    assert_eq!(window, [date("2025-06-30"), date("2026-06-30")]);
}

proptest! {
    #[test]
    fn equal_terms_end_with_the_renewals(
        anchor in 0_u64..20_000, today in 0_u64..60_000, count in 1_u32..40, unit in 0_usize..4,
    ) {
        let unit = ["day", "week", "month", "year"][unit];
        let cycle = Interval::parse(unit, count).expect(unit);
        let (anchor, today) = (EARLIEST + Days::new(anchor), EARLIEST + Days::new(today));
        for anchor in [Anchor::Start(anchor), Anchor::Renewal(anchor)] {
            let end = term_end(anchor, Terms::like(cycle), AutoRenew::Auto, today);
            prop_assert_eq!(end, next_renewal(anchor, cycle, today));
        }
    }
}
