use proptest::prelude::*;

use super::*;

const CYCLES: &str = include_str!("../../../tests/golden/cycles.txt");
const CYCLES_IN_ZONES: &str = include_str!("../../../tests/golden/cycles-in-zones.txt");

fn date(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

/// "3 months" or "3 month".
fn interval(text: &str) -> Interval {
    let (count, unit) = text.trim().split_once(' ').expect(text);
    Interval::parse(unit, count.parse().expect(count)).expect(text)
}

#[test]
fn every_published_boundary_is_met() {
    let mut rows = 0;
    for line in CYCLES.lines().filter(|line| line.starts_with(char::is_numeric)) {
        let (cycle, known) = line.split_once(": ").expect(line);
        let (anchor, every) = cycle.split_once(" every ").expect(line);
        let (anchor, every) = (date(anchor), interval(every));
        for (n, expected) in known.split(' ').map(|pair| pair.split_once('=').expect(line)) {
            let (n, expected) = (n.parse().expect(line), date(expected));
            assert_eq!(boundary(anchor, every, n), Some(expected), "boundary {n} of {cycle}");
            assert_eq!(index_at(anchor, every, expected), n, "index on {expected} of {cycle}");
            rows += 1;
        }
    }
    assert_eq!(rows, 189);
}

#[test]
fn every_zone_begins_its_day_when_its_clock_says_so() {
    let mut rows = 0;
    for line in CYCLES_IN_ZONES.lines().filter(|line| line.contains('|') && !line.starts_with('#')) {
        let [zone, anchor, every, n, expected] =
            line.split('|').map(str::trim).collect::<Vec<_>>().try_into().expect(line);
        let zone: Tz = zone.parse().expect(zone);
        let anchor = NaiveDateTime::parse_from_str(anchor, "%Y-%m-%dT%H:%M").expect(anchor);
        let n = n.parse().expect(n);
        let day = boundary(anchor.date(), interval(every), n).expect(line);
        let instant = local_instant(day.and_time(anchor.time()), zone);
        assert_eq!(instant.format("%Y-%m-%dT%H:%MZ").to_string(), expected, "{line}");
        if anchor.time() == NaiveTime::MIN {
            assert_eq!(local_midnight(day, zone), instant, "{line}");
            let row = cycles(anchor.date(), interval(every), n, n, Some(zone));
            assert_eq!(row, [(n, day, Some(instant))], "{line}");
        }
        rows += 1;
    }
    assert_eq!(rows, 22);
}

#[test]
fn a_quarter_is_three_months_and_counts_are_limited() {
    assert_eq!(Interval::parse("quarter", 2), Interval::new(Unit::Month, 6));
    for (unit, count, error) in [
        ("month", 0, IntervalError::CountOutOfRange),
        ("day", 1201, IntervalError::CountOutOfRange),
        ("quarter", 401, IntervalError::CountOutOfRange),
        ("quarter", u32::MAX, IntervalError::CountOutOfRange),
        ("fortnight", 1, IntervalError::UnknownUnit),
    ] {
        assert_eq!(Interval::parse(unit, count), Err(error), "{count} {unit}");
    }
    assert_eq!(Interval::parse("year", 1200).map(|every| every.count()), Ok(1200));
    assert_eq!(interval("1 month").to_string(), "month");
    assert_eq!(interval("2 week").to_string(), "2 weeks");
}

#[test]
fn an_interval_from_json_is_checked() {
    let read = serde_json::from_str::<Interval>;
    assert_eq!(read(r#"{"unit":"month","count":3}"#).ok(), Some(interval("3 month")));
    assert!(read(r#"{"unit":"month","count":0}"#).is_err());
    let written = serde_json::to_string(&interval("1 year")).expect("written");
    assert_eq!(written, r#"{"unit":"year","count":1}"#);
}

#[test]
fn the_calendar_ends_with_the_year_9999() {
    let (monthly, yearly) = (interval("1 month"), interval("1 year"));
    let last = date("9999-12-31");
    assert_eq!(boundary(last, monthly, 0), Some(last));
    assert_eq!(boundary(last, monthly, 1), None);
    assert_eq!(boundary(last, monthly, i64::MAX), None);
    assert_eq!(boundary(date("2025-01-31"), yearly, -2025), None);
    assert_eq!(boundary(date("2025-01-31"), interval("1 day"), i64::MIN), None);
    assert_eq!(next_on_or_after(last, monthly, last), Some((0, last)));
    assert_eq!(next_on_or_after(date("9999-01-01"), yearly, last), None);
    let rows = cycles(date("9998-12-31"), yearly, i64::MIN, i64::MAX, None);
    assert_eq!(rows.len(), 9999);
    assert_eq!(rows.last(), Some(&(1, last, None)));
}

#[test]
fn cycles_lists_both_ends_and_nothing_when_they_are_swapped() {
    let anchor = date("2025-01-31");
    let listed: Vec<_> = cycles(anchor, interval("1 month"), -1, 2, None);
    let dates: Vec<_> = listed.iter().map(|(n, day, _)| (*n, day.to_string())).collect();
    let expected = [(-1, "2024-12-31"), (0, "2025-01-31"), (1, "2025-02-28"), (2, "2025-03-31")];
    assert_eq!(dates, expected.map(|(n, day)| (n, day.to_owned())));
    assert_eq!(cycles(anchor, interval("1 month"), 2, 1, None), []);
}

#[test]
fn next_on_or_after_takes_today_itself() {
    for (anchor, every, from, expected) in [
        ("2025-01-31", "1 month", "2025-02-28", (1, "2025-02-28")),
        ("2025-01-31", "1 month", "2025-03-01", (2, "2025-03-31")),
        ("2025-01-31", "1 month", "2025-01-30", (0, "2025-01-31")),
        ("2024-02-29", "1 year", "2028-02-28", (4, "2028-02-29")),
        ("2025-01-01", "2 week", "2025-01-02", (1, "2025-01-15")),
        ("2025-01-01", "15 day", "2024-12-01", (-2, "2024-12-02")),
    ] {
        let found = next_on_or_after(date(anchor), interval(every), date(from));
        assert_eq!(found, Some((expected.0, date(expected.1))), "{anchor} {every} {from}");
    }
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    // 1900-01-01 to about 2299; leap days and month ends appear often enough.
    (0_u64..146_000).prop_map(|days| date("1900-01-01") + Days::new(days))
}

fn any_interval() -> impl Strategy<Value = Interval> {
    let unit = prop::sample::select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Year]);
    let count = prop_oneof![4 => 1_u32..=12, 1 => 1..=MAX_COUNT];
    (unit, count).prop_map(|(unit, count)| Interval { unit, count })
}

/// The Gregorian calendar by its own rules and integers alone, without the crate that the product counts with.
mod by_hand {
    fn is_leap(year: i64) -> bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    fn length(year: i64, month: i64) -> i64 {
        match month {
            2 if is_leap(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// So many months later, on the same day or the last of a shorter month.
    pub fn months_later((year, month, day): (i64, i64, i64), months: i64) -> (i64, i64, i64) {
        let count = year * 12 + month - 1 + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        (year, month, day.min(length(year, month)))
    }

    /// So many days later.
    pub fn days_later((mut year, mut month, day): (i64, i64, i64), days: i64) -> (i64, i64, i64) {
        let mut day = day + days;
        while day > length(year, month) {
            day -= length(year, month);
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
        (year, month, day)
    }
}

proptest! {
    /// Twenty years of each.
    #[test]
    fn boundaries_are_those_of_the_calendar_by_hand(anchor in any_date(), every in any_interval()) {
        let of = |date: NaiveDate| (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
        let count = i64::from(every.count());
        let end = anchor + Months::new(240);
        let (mut n, mut before) = (0, of(anchor));
        while let Some(day) = boundary(anchor, every, n).filter(|day| *day <= end) {
            let expected = match every.unit() {
                // Days never clamp, so a step from the last is the same as all steps from the first, and shorter.
                Unit::Day if n > 0 => by_hand::days_later(before, count),
                Unit::Week if n > 0 => by_hand::days_later(before, 7 * count),
                Unit::Day | Unit::Week => of(anchor),
                Unit::Month => by_hand::months_later(of(anchor), n * count),
                Unit::Year => by_hand::months_later(of(anchor), n * 12 * count),
            };
            prop_assert_eq!(of(day), expected, "boundary {} of {} every {}", n, anchor, every);
            (n, before) = (n + 1, expected);
        }
        prop_assert!(n > 0);
    }

    #[test]
    fn boundaries_increase_and_every_day_lies_in_one_cycle(
        anchor in any_date(), every in any_interval(), n in -30_i64..30,
    ) {
        let (Some(start), Some(end)) = (boundary(anchor, every, n), boundary(anchor, every, n + 1))
        else { return Ok(()) };
        prop_assert!(start < end);
        prop_assert_eq!(index_at(anchor, every, start), n);
        prop_assert_eq!(index_at(anchor, every, start - Days::new(1)), n - 1);
        prop_assert_eq!(index_at(anchor, every, end - Days::new(1)), n);
        prop_assert_eq!(next_on_or_after(anchor, every, start), Some((n, start)));
        prop_assert_eq!(next_on_or_after(anchor, every, end - Days::new(1)).map(|(n, _)| n),
            Some(if end - start == TimeDelta::days(1) { n } else { n + 1 }));
    }

    #[test]
    fn the_day_is_the_anchors_or_the_last_of_a_shorter_month(
        anchor in any_date(), count in 1_u32..=24, n in -600_i64..600,
    ) {
        let every = Interval { unit: Unit::Month, count };
        let Some(day) = boundary(anchor, every, n) else { return Ok(()) };
        prop_assert_eq!(day.day(), anchor.day().min(u32::from(day.num_days_in_month())));
    }

    #[test]
    fn any_date_is_found_between_its_boundaries(
        anchor in any_date(), every in any_interval(), day in any_date(),
    ) {
        let n = index_at(anchor, every, day);
        if let Some(start) = boundary(anchor, every, n) {
            prop_assert!(start <= day);
        }
        if let Some(end) = boundary(anchor, every, n + 1) {
            prop_assert!(day < end);
        }
    }
}
