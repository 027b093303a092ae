use super::super::dates::GivenDates;
use super::super::every::Every;
use super::super::notice::Notice;
use super::super::price_line::PriceLine;
use super::*;
use crate::kernel::currency::Currency;
use crate::kernel::ids::PriceLineId;
use crate::kernel::money::Money;

fn date(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn every(text: &str) -> Every {
    let (count, unit) = text.split_once(' ').expect(text);
    Every::parse(unit, count.parse().expect(count)).expect(text)
}

fn renewing(cycle: &str, on: &str, auto_renew: AutoRenew) -> GivenDates {
    GivenDates {
        cycle: Some(every(cycle)),
        starts_on: None,
        renews_on: Some(date(on)),
        first_term: None,
        next_term: None,
        auto_renew,
        notice: Notice::Days(0),
        trial_ends_on: None,
    }
}

/// Ten seats of 9 euros each, of which nobody holds one.
fn entered(given: GivenDates, status: Status, today: &str) -> Rolling {
    let (dates, today) = (given.settle().expect("dates that agree"), date(today));
    let coming = dates.coming(status, today).expect("within reach");
    let price = Price { cost: Money::new(900, Currency::EUR), seats: Some(10) };
    let line = PriceLine {
        id: PriceLineId(uuid::Uuid::nil()),
        from_on: date("2020-01-01"),
        price,
        entered_at: chrono::DateTime::UNIX_EPOCH,
    };
    Rolling {
        dates,
        cost_model: CostModel::PerSeat,
        standing: Standing::entered(&dates, status, coming, None, today),
        decisions: BTreeMap::new(),
        prices: PriceList::of(vec![line]),
        held: 0,
    }
}

/// Every step until a day: "2026-02-28 RenewedByDefault 9000 to 2026-03-30".
fn steps(rolling: &mut Rolling, until: &str) -> Vec<String> {
    let told = |step: &Step| {
        let charge = step.charge.map(|charge| {
            assert_eq!(charge.starts_on, step.on);
            let to = charge.covers_to.map_or_else(String::new, |day| format!(" to {day}"));
            format!(" {}{to}", charge.due.minor)
        });
        format!("{} {:?}{}", step.on, step.what, charge.unwrap_or_default())
    };
    rolling.catch_up(date(until)).iter().map(told).collect()
}

fn renews(rolling: &Rolling) -> String {
    rolling.standing.coming.renews_on.map(|day| day.to_string()).unwrap_or_default()
}

#[test]
fn the_31st_stays_the_31st_and_each_missed_cycle_is_one_charge() {
    let mut monthly = entered(renewing("1 month", "2026-01-31", AutoRenew::Auto), Status::Active, "2026-01-05");
    assert!(steps(&mut monthly, "2026-01-30").is_empty());
    assert_eq!(
        steps(&mut monthly, "2026-04-01"),
        [
            "2026-01-31 RenewedByDefault 9000 to 2026-02-27",
            "2026-02-28 RenewedByDefault 9000 to 2026-03-30",
            "2026-03-31 RenewedByDefault 9000 to 2026-04-29",
        ]
    );
    assert_eq!(renews(&monthly), "2026-04-30");
    assert!(steps(&mut monthly, "2026-04-01").is_empty());
}

#[test]
fn five_days_of_downtime_come_to_the_same_as_five_days_of_work() {
    let daily = || entered(renewing("1 day", "2026-11-20", AutoRenew::Auto), Status::Active, "2026-11-20");
    let (mut late, mut punctual) = (daily(), daily());
    let one_by_one: Vec<String> = ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"]
        .iter()
        .flat_map(|day| steps(&mut punctual, day))
        .collect();
    assert_eq!(one_by_one.len(), 5);
    assert_eq!(steps(&mut late, "2026-11-24"), one_by_one);
    assert_eq!(late.standing, punctual.standing);
}

#[test]
fn within_a_term_cycles_are_due_and_nobody_decides() {
    let contract = GivenDates {
        starts_on: Some(date("2026-01-15")),
        renews_on: None,
        first_term: Some(every("1 quarter")),
        ..renewing("1 month", "2026-01-15", AutoRenew::Manual)
    };
    let mut contract = entered(contract, Status::Active, "2026-01-15");
    assert_eq!(
        steps(&mut contract, "2026-06-01"),
        [
            "2026-01-15 CycleBegan 9000 to 2026-02-14",
            "2026-02-15 CycleBegan 9000 to 2026-03-14",
            "2026-03-15 CycleBegan 9000 to 2026-04-14",
            "2026-04-15 Expired",
        ]
    );
    assert_eq!((contract.standing.status, renews(&contract).as_str()), (Status::Expired, "2026-04-15"));
}

#[test]
fn the_end_of_a_term_is_as_decided_or_as_agreed() {
    use AutoRenew::{Auto, Manual, Never};
    for (auto_renew, decided, expected) in [
        (Auto, None, "RenewedByDefault 9000 to 2027-05-31"),
        (Auto, Some(Decided::Renew), "Renewed 9000 to 2027-05-31"),
        (Auto, Some(Decided::Resize(4)), "Renewed 3600 to 2027-05-31"),
        (Auto, Some(Decided::Cancel), "Canceled"),
        (Manual, None, "Expired"),
        (Manual, Some(Decided::Renew), "Renewed 9000 to 2027-05-31"),
        (Manual, Some(Decided::Resize(20)), "Renewed 18000 to 2027-05-31"),
        (Manual, Some(Decided::Cancel), "Canceled"),
        (Never, None, "Expired"),
        (Never, Some(Decided::Renew), "Expired"),
    ] {
        let mut yearly = entered(renewing("1 year", "2026-06-01", auto_renew), Status::Active, "2026-01-10");
        yearly.decisions.extend(decided.map(|decided| (date("2026-06-01"), decided)));
        assert_eq!(steps(&mut yearly, "2026-06-01"), [format!("2026-06-01 {expected}")], "{auto_renew:?} {decided:?}");
        let is_over = expected.len() < 10;
        assert_eq!(yearly.standing.next_on.is_none(), is_over);
        // Nothing follows twice what has ended; what was decided once does not count for the next term.
        let later = steps(&mut yearly, "2027-06-01");
        assert_eq!(later.is_empty(), is_over, "{later:?}");
        if auto_renew == Manual && !is_over {
            assert_eq!(later, ["2027-06-01 Expired"]);
        }
    }
}

#[test]
fn a_trial_costs_nothing_and_goes_on_the_day_after_it_ends() {
    let trial = |auto_renew| {
        let given =
            GivenDates { trial_ends_on: Some(date("2026-11-10")), ..renewing("1 month", "2026-11-01", auto_renew) };
        entered(given, Status::Trial, "2026-10-20")
    };
    let mut auto = trial(AutoRenew::Auto);
    assert!(steps(&mut auto, "2026-11-10").is_empty());
    assert_eq!(
        steps(&mut auto, "2026-12-01"),
        ["2026-11-11 TrialOver", "2026-12-01 RenewedByDefault 9000 to 2026-12-31"]
    );
    assert_eq!((auto.standing.status, renews(&auto).as_str()), (Status::Active, "2027-01-01"));
    for auto_renew in [AutoRenew::Manual, AutoRenew::Never] {
        let mut ends = trial(auto_renew);
        assert_eq!(steps(&mut ends, "2027-01-01"), ["2026-11-11 Expired"]);
        assert_eq!(renews(&ends), "2026-11-11");
    }
    let mut dropped = trial(AutoRenew::Auto);
    dropped.decisions.insert(date("2026-11-01"), Decided::Cancel);
    assert_eq!(steps(&mut dropped, "2027-01-01"), ["2026-11-11 Canceled"]);
}

#[test]
fn a_trial_without_a_last_day_ends_with_its_first_term() {
    let mut trial = entered(renewing("1 month", "2026-11-01", AutoRenew::Auto), Status::Trial, "2026-10-20");
    assert_eq!(
        steps(&mut trial, "2026-11-01"),
        ["2026-11-01 TrialOver", "2026-11-01 RenewedByDefault 9000 to 2026-11-30"]
    );
}

#[test]
fn a_one_time_purchase_is_due_once() {
    let once = GivenDates {
        cycle: None,
        starts_on: Some(date("2026-12-01")),
        renews_on: None,
        ..renewing("1 month", "2026-12-01", AutoRenew::Auto)
    };
    let mut once = entered(once, Status::Active, "2026-11-22");
    assert_eq!(steps(&mut once, "2030-01-01"), ["2026-12-01 CycleBegan 9000"]);
    assert_eq!((once.standing.status, once.standing.next_on), (Status::Active, None));
}

#[test]
fn fewer_seats_go_at_the_renewal_as_far_as_nobody_holds_them() {
    let waiting = |held| {
        let mut yearly = entered(renewing("1 year", "2026-06-01", AutoRenew::Auto), Status::Active, "2026-01-10");
        yearly.standing.fewer = Some(Fewer { seats: 3, from_on: date("2026-01-10") });
        yearly.held = held;
        yearly
    };
    let mut freed = waiting(3);
    assert_eq!(steps(&mut freed, "2026-06-01"), ["2026-06-01 RenewedByDefault 2700 to 2027-05-31"]);
    assert_eq!(freed.standing.fewer, None);
    let mut some = waiting(5);
    assert_eq!(steps(&mut some, "2026-06-01"), ["2026-06-01 RenewedByDefault 4500 to 2027-05-31"]);
    assert_eq!(some.standing.fewer, Some(Fewer { seats: 3, from_on: date("2026-06-01") }));
    some.held = 2;
    assert_eq!(steps(&mut some, "2027-06-01"), ["2027-06-01 RenewedByDefault 2700 to 2028-05-31"]);
    let mut more_than_bought = waiting(12);
    assert_eq!(steps(&mut more_than_bought, "2026-06-01"), ["2026-06-01 RenewedByDefault 9000 to 2027-05-31"]);
    let mut later = waiting(0);
    later.standing.fewer = Some(Fewer { seats: 3, from_on: date("2026-06-02") });
    assert_eq!(steps(&mut later, "2026-06-01"), ["2026-06-01 RenewedByDefault 9000 to 2027-05-31"]);
    assert!(later.standing.fewer.is_some());
}

#[test]
fn the_notice_counts_from_the_term_in_force_and_not_from_the_first() {
    let contract = GivenDates {
        starts_on: Some(date("2024-08-28")),
        renews_on: None,
        notice: Notice::Months(2),
        ..renewing("1 year", "2024-08-28", AutoRenew::Auto)
    };
    let mut contract = entered(contract, Status::Active, "2024-08-28");
    contract.catch_up(date("2026-02-11"));
    assert_eq!(
        (renews(&contract).as_str(), contract.standing.coming.cancel_by),
        ("2026-08-28", Some(date("2026-06-27")))
    );
}

#[test]
fn charges_of_the_past_come_from_a_known_start_alone() {
    let (status, today) = (Status::Active, "2026-11-22");
    let past = |given: GivenDates, status| {
        let rolling = entered(given, status, today);
        let costs = (rolling.cost_model, &rolling.prices);
        Charge::of_the_past(&rolling.dates, status, rolling.standing.coming, costs, date(today))
    };
    let by_renewal = renewing("1 month", "2020-01-31", AutoRenew::Auto);
    assert!(past(by_renewal, status).is_empty());
    let started = GivenDates { starts_on: Some(date("2020-01-31")), renews_on: None, ..by_renewal };
    let charges = past(started, status);
    assert_eq!((charges.len(), charges.iter().all(|charge| charge.estimated)), (24, true));
    assert_eq!(charges[0].starts_on, date("2024-11-30"));
    assert_eq!(charges[23].starts_on, date("2026-10-31"));
    assert!(past(GivenDates { trial_ends_on: Some(date("2026-12-01")), ..started }, Status::Trial).is_empty());
    let today_first = GivenDates { starts_on: Some(date(today)), ..started };
    assert!(past(today_first, status).is_empty(), "what begins today is not the past");
    let over = GivenDates { starts_on: Some(date("2026-01-15")), auto_renew: AutoRenew::Never, ..started };
    assert_eq!(past(over, Status::Expired).len(), 1, "nothing is due after the end");
}
