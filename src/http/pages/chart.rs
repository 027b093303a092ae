//! Charts drawn by the server as SVG: x in per cent, y in pixels, with the same numbers in a table. No script, no style.

use crate::kernel::locale::Locale;
use crate::kernel::money::Money;

const HEIGHT: i64 = 228;
const BASE: i64 = 204;
const TOP: i64 = 10;
const LINES: i64 = 3;

/// Bars of one series over months.
pub struct BarChart {
    /// What the chart shows, in one sentence with its extremes.
    pub title: String,
    /// Grid lines with their labels, from the base up.
    pub grid: Vec<GridLine>,
    /// The bars, left to right.
    pub bars: Vec<Bar>,
}

/// One horizontal line.
pub struct GridLine {
    /// Its height from the top.
    pub y: i64,
    /// Where its label's baseline stands.
    pub label_y: i64,
    /// "€8,000".
    pub label: String,
}

/// One bar.
pub struct Bar {
    /// Left edge, in per cent.
    pub x: String,
    /// Width, in per cent.
    pub width: String,
    /// Middle, in per cent.
    pub middle: String,
    /// Top, in pixels.
    pub y: i64,
    /// Height, in pixels.
    pub height: i64,
    /// Below the bar: "Dec".
    pub label: String,
    /// In full: "Dec 2026".
    pub name: String,
    /// The figure.
    pub figure: String,
    /// Every other label hides on a phone.
    pub is_alternate: bool,
}

impl BarChart {
    /// One bar for each (short label, full name, amount), amounts of one currency and not negative.
    pub fn new(what: &str, rows: &[(String, String, Money)], locale: Locale) -> Option<Self> {
        let most = rows.iter().max_by_key(|(_, _, amount)| amount.minor).filter(|(_, _, amount)| amount.minor > 0)?;
        let (_, most_name, most_amount) = most;
        let step = nice_step(most_amount.minor / most_amount.currency.minor_units().max(1))
            .saturating_mul(most_amount.currency.minor_units());
        let ceiling = step.saturating_mul(LINES).max(1);
        let height_of = |minor: i64| minor.saturating_mul(BASE - TOP).checked_div(ceiling).unwrap_or(0);
        let grid = (0..=LINES).map(|n| {
            let y = BASE - height_of(step * n);
            GridLine { y, label_y: y + 4, label: locale.money_whole(Money::new(step * n, most_amount.currency)) }
        });
        let count = i64::try_from(rows.len()).ok()?;
        let bars = (0..).zip(rows).map(|(n, (label, name, amount))| {
            let height = height_of(amount.minor);
            Bar {
                x: per_cent(n * 100_000 + 19_000, count),
                width: per_cent(62_000, count),
                middle: per_cent(n * 100_000 + 50_000, count),
                y: BASE - height,
                height,
                label: label.clone(),
                name: name.clone(),
                figure: locale.money(*amount),
                is_alternate: n % 2 == 1,
            }
        });
        let title = format!("{what}. Highest in {most_name}: {}.", locale.money_whole(*most_amount));
        Some(Self { title, grid: grid.collect(), bars: bars.collect() })
    }

    /// The height of the drawing, in pixels.
    pub fn height(&self) -> i64 {
        HEIGHT
    }

    /// Where the labels of the bars stand.
    pub fn label_y(&self) -> i64 {
        HEIGHT - 5
    }
}

/// A step of 1, 2, 2.5, 4 or 5 times a power of ten, three of which reach the largest amount.
fn nice_step(largest: i64) -> i64 {
    let mut scale = 1_i64;
    loop {
        for tenths in [10, 20, 25, 40, 50] {
            let step = scale.saturating_mul(tenths) / 10;
            if step.saturating_mul(LINES) >= largest && step > 0 {
                return step;
            }
        }
        match scale.checked_mul(10) {
            Some(next) => scale = next,
            None => return largest,
        }
    }
}

/// Thousandths of a part of `count`, as a percentage with two decimals.
fn per_cent(thousandths: i64, count: i64) -> String {
    let hundredths = thousandths.checked_div(count.max(1) * 10).unwrap_or(0);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::currency::Currency;

    #[test]
    fn steps_are_round_and_reach_the_largest() {
        for (largest, step) in [(0, 1), (3, 1), (10_399, 4_000), (7_420, 2_500), (18_000, 10_000), (1, 1)] {
            assert_eq!(nice_step(largest), step, "{largest}");
        }
    }

    #[test]
    fn bars_stay_within_the_drawing_and_nothing_is_drawn_of_nothing() {
        let row = |minor| ("Dec".to_owned(), "Dec 2026".to_owned(), Money::new(minor, Currency::EUR));
        let chart = BarChart::new("Due", &[row(1_039_900), row(0), row(500_000)], Locale::default()).unwrap();
        assert!(chart.bars.iter().all(|bar| bar.y >= TOP && bar.y + bar.height == BASE));
        assert_eq!(chart.bars[2].x, "73.00%");
        assert!(BarChart::new("Due", &[row(0)], Locale::default()).is_none());
    }
}
