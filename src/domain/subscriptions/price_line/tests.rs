use super::*;
use crate::kernel::currency::Currency;

fn date(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn price(minor: i64, seats: impl Into<Option<u32>>) -> Price {
    Price { cost: Money::new(minor, Currency::USD), seats: seats.into() }
}

fn line(number: u128, from_on: &str, price: Price) -> PriceLine {
    PriceLine {
        id: PriceLineId(uuid::Uuid::from_u128(number)),
        from_on: date(from_on),
        price,
        entered_at: DateTime::UNIX_EPOCH,
    }
}

#[test]
fn a_cycle_costs_the_whole_the_seats_or_the_packs() {
    for (model, seats, minor) in [
        (CostModel::Flat, Some(30), Some(1000)),
        (CostModel::Flat, None, Some(1000)),
        (CostModel::PerSeat, Some(30), Some(30_000)),
        (CostModel::PerSeat, None, None),
        (CostModel::Pack(25), Some(30), Some(2000)),
        (CostModel::Pack(25), Some(25), Some(1000)),
        (CostModel::Pack(25), Some(0), Some(0)),
    ] {
        let due = price(1000, seats).due(model).expect("small amounts");
        assert_eq!(due.map(|due| due.minor), minor, "{model:?} {seats:?}");
    }
    let huge = price(10_000_000_000_000, MOST_SEATS).require_countable(CostModel::PerSeat);
    assert_eq!(huge.expect_err("too large").field, Some("cost"));
}

#[test]
fn twelve_months_are_the_year() {
    let monthly = Interval::parse("month", 1).expect("a month");
    assert_eq!(price(4500, 30).a_year(CostModel::PerSeat, Some(monthly)), Some(Money::new(1_620_000, Currency::USD)));
    assert_eq!(price(4500, 30).a_month(CostModel::PerSeat, Some(monthly)), Some(Money::new(135_000, Currency::USD)));
    assert_eq!(price(4500, 30).a_year(CostModel::PerSeat, None), None);
}

#[test]
fn of_one_date_the_newest_line_counts() {
    let list = PriceList::of(vec![
        line(1, "2024-12-28", price(48_000, 24)),
        line(3, "2025-12-28", price(54_000, 30)),
        line(2, "2025-12-28", price(99_000, 30)),
        line(4, "2027-01-01", price(60_000, 30)),
    ]);
    let on = |day: &str| list.on(date(day)).map(|line| line.price.cost.minor);
    assert_eq!(on("2026-11-22"), Some(54_000));
    assert_eq!(on("2025-12-27"), Some(48_000));
    assert_eq!(on("2020-01-01"), Some(48_000));
    let growths: Vec<_> = list.history().map(|(_, growth)| growth).collect();
    assert_eq!(growths, [Some(111), Some(125), None]);
    assert_eq!(list.after(date("2026-11-22")).count(), 1);
}

#[test]
fn growth_is_told_in_tenths() {
    for (before, after, tenths) in
        [(48_000, 54_000, Some(125)), (300, 290, Some(-33)), (100, 100, Some(0)), (0, 100, None)]
    {
        let of = |minor| Money::new(minor, Currency::USD);
        assert_eq!(growth(of(before), of(after)), tenths);
    }
}

#[test]
fn fewer_seats_than_held_wait_for_the_renewal() {
    let before = Some(price(100, 30));
    let settled = |new: Price| settle(new, before, 27, true).expect("settled");
    assert_eq!(settled(price(100, 28)), Settled::Counts(price(100, 28)));
    assert_eq!(settled(price(100, 20)), Settled::SeatsWait(None));
    assert_eq!(settled(price(120, 20)), Settled::SeatsWait(Some(price(120, 30))));
    assert_eq!(settled(price(100, None)), Settled::Counts(price(100, None)));
    assert_eq!(settle(price(90, 30), before, 40, true).expect("no worse"), Settled::Counts(price(90, 30)));
    let refused = settle(price(100, 20), before, 27, false).expect_err("no renewal comes");
    assert_eq!((refused.code, refused.field), ("seats_held", Some("seats")));
    assert!(refused.message.contains("Revoke 7 first"));
}

#[test]
fn a_price_is_corrected_within_a_day() {
    let line = line(1, "2026-11-22", price(100, None));
    assert!(line.is_correctable(DateTime::UNIX_EPOCH + TimeDelta::hours(24)));
    assert!(!line.is_correctable(DateTime::UNIX_EPOCH + TimeDelta::hours(24) + TimeDelta::milliseconds(1)));
}
