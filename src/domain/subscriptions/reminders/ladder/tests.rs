//! The ladder as a table of days.

use std::collections::BTreeMap;

use crate::domain::subscriptions::dates::GivenDates;
use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::notice::Notice;
use crate::domain::subscriptions::price_line::PriceList;
use crate::domain::subscriptions::roll::Standing;
use crate::domain::subscriptions::subscription::{CostModel, Status};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn usual() -> Ladders {
    Ladders { cancel_by: vec![60, 30, 15, 1], renewal: vec![30, 15, 7] }
}

/// Renews on a day, with a notice of so many days.
fn rolling(unit: &str, renews_on: &str, notice: u32, auto_renew: AutoRenew) -> Rolling {
    let given = GivenDates {
        cycle: Every::parse(unit, 1).ok(),
        starts_on: None,
        renews_on: Some(day(renews_on)),
        first_term: None,
        next_term: None,
        auto_renew,
        notice: Notice::parse("day", notice).unwrap(),
        trial_ends_on: None,
    };
    let dates = given.settle().unwrap();
    let coming = dates.before(Status::Active, Some(day(renews_on)));
    Rolling {
        dates,
        cost_model: CostModel::Flat,
        standing: Standing { status: Status::Active, coming, next_on: None, fewer: None },
        decisions: BTreeMap::new(),
        prices: PriceList::of(Vec::new()),
        held: 0,
    }
}

/// Looks on every day of a stretch and writes down what is told, as the worker does.
fn told(rolling: &Rolling, ladders: &Ladders, days: impl Iterator<Item = NaiveDate>) -> Vec<String> {
    let (mut taken, mut told) = (Vec::new(), Vec::new());
    for today in days {
        let found = look(rolling, ladders, day("2020-01-01"), &taken, today);
        taken.extend(found.pass_over);
        if let Some((step, _)) = found.tell {
            taken.push(step);
            told.push(format!("{today} {} {}", step.rung.code(), step.days));
        }
    }
    told
}

fn every_day(from: &str, to: &str) -> impl Iterator<Item = NaiveDate> {
    let to = day(to);
    day(from).iter_days().take_while(move |one| *one <= to)
}

#[test]
fn a_year_has_its_seven_reminders_and_the_last_day() {
    // Cancel by 2027-05-01, a month before the last covered day.
    let yearly = rolling("year", "2027-06-01", 30, AutoRenew::Auto);
    assert_eq!(yearly.standing.coming.cancel_by, Some(day("2027-05-01")));
    let seen = told(&yearly, &usual(), every_day("2026-06-02", "2027-05-31"));
    assert_eq!(
        seen,
        [
            "2027-03-02 cancel_by 60",
            "2027-04-01 cancel_by 30",
            "2027-04-16 cancel_by 15",
            "2027-04-30 cancel_by 1",
            "2027-05-01 undecided 0",
            "2027-05-02 renewal 30",
            "2027-05-17 renewal 15",
            "2027-05-25 renewal 7",
        ]
    );
}

#[test]
fn after_an_outage_only_the_most_urgent_one_is_told() {
    let yearly = rolling("year", "2027-06-01", 30, AutoRenew::Auto);
    let found = look(&yearly, &usual(), day("2020-01-01"), &[], day("2027-04-20"));
    let (step, by_letter) = found.tell.unwrap();
    assert_eq!((step.rung, step.days, by_letter), (Rung::CancelBy, 15, true));
    let passed: Vec<u32> = found.pass_over.iter().map(|step| step.days).collect();
    assert_eq!((passed, found.next), (vec![60, 30], Some(day("2027-04-30"))));
    let days = ["2027-04-20", "2027-04-20", "2027-05-20"].map(day).into_iter();
    assert_eq!(told(&yearly, &usual(), days), ["2027-04-20 cancel_by 15", "2027-05-20 renewal 15"]);
}

#[test]
fn nothing_is_told_of_what_is_decided_over_or_gone() {
    let mut yearly = rolling("year", "2027-06-01", 30, AutoRenew::Auto);
    yearly.decisions.insert(day("2027-06-01"), Decided::Cancel);
    assert_eq!(told(&yearly, &usual(), every_day("2026-06-02", "2027-05-31")), [""; 0]);
    yearly.decisions.clear();
    yearly.standing.status = Status::Canceled;
    assert_eq!(look(&yearly, &usual(), day("2020-01-01"), &[], day("2027-04-20")), Look::default());
}

#[test]
fn what_ends_has_no_last_day_to_cancel() {
    for auto_renew in [AutoRenew::Manual, AutoRenew::Never] {
        let yearly = rolling("year", "2027-06-01", 30, auto_renew);
        let seen = told(&yearly, &usual(), every_day("2026-06-02", "2027-05-31"));
        assert_eq!(seen, ["2027-05-02 renewal 30", "2027-05-17 renewal 15", "2027-05-25 renewal 7"]);
    }
}

#[test]
fn a_date_that_moves_later_is_told_anew_and_one_that_moves_back_is_not() {
    let before = rolling("year", "2027-06-01", 30, AutoRenew::Auto);
    let (first, _) = look(&before, &usual(), day("2020-01-01"), &[], day("2027-04-16")).tell.unwrap();
    let later = rolling("year", "2027-06-05", 30, AutoRenew::Auto);
    let found = look(&later, &usual(), day("2020-01-01"), &[first], day("2027-04-20"));
    assert_eq!(found.tell.map(|(step, _)| (step.days, step.on)), Some((15, day("2027-05-05"))));
    let earlier = rolling("year", "2027-05-28", 30, AutoRenew::Auto);
    let found = look(&earlier, &usual(), day("2020-01-01"), &[first], day("2027-04-20"));
    assert_eq!(found.tell, None);
}

#[test]
fn a_month_is_not_told_of_steps_before_it_began() {
    let monthly = rolling("month", "2027-03-31", 0, AutoRenew::Auto);
    let seen = told(&monthly, &usual(), every_day("2027-02-28", "2027-03-30"));
    assert_eq!(
        seen,
        [
            "2027-03-01 renewal 30",
            "2027-03-15 cancel_by 15",
            "2027-03-16 renewal 15",
            "2027-03-24 renewal 7",
            "2027-03-29 cancel_by 1",
            "2027-03-30 undecided 0",
        ]
    );
}

#[test]
fn what_was_due_before_it_was_entered_stands_in_the_inbox_only() {
    let yearly = rolling("year", "2027-06-01", 30, AutoRenew::Auto);
    let on_the_day = look(&yearly, &usual(), day("2027-04-16"), &[], day("2027-04-16"));
    assert_eq!(on_the_day.tell.map(|(step, by_letter)| (step.days, by_letter)), Some((15, true)));
    let late = look(&yearly, &usual(), day("2027-04-20"), &[], day("2027-04-20"));
    assert_eq!(late.tell.map(|(step, by_letter)| (step.days, by_letter)), Some((15, false)));
}

#[test]
fn a_step_that_the_business_adds_later_does_not_come_after_a_more_urgent_one() {
    let yearly = rolling("year", "2027-06-01", 30, AutoRenew::Auto);
    let (first, _) = look(&yearly, &usual(), day("2020-01-01"), &[], day("2027-04-16")).tell.unwrap();
    let more = Ladders { cancel_by: vec![90, 60, 30, 20, 15, 1], renewal: Vec::new() };
    let found = look(&yearly, &more, day("2020-01-01"), &[first], day("2027-04-17"));
    assert_eq!((found.tell, found.pass_over.len()), (None, 4));
}
