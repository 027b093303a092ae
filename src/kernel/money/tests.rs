use proptest::prelude::*;

use super::*;

fn dollars(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn minors(parts: &[Money]) -> Vec<i64> {
    parts.iter().map(|part| part.minor).collect()
}

/// Amount, part, whole, result; each published, in minor units.
const PUBLISHED: &[(i64, i64, i64, i64, &str)] = &[
    (1000, 1, 2, 500, "docs.stripe.com, prorations: half of a 10 USD plan"),
    (2000, 1, 2, 1000, "docs.stripe.com, prorations: half of a 20 USD plan"),
    (91_000, 32, 91, 32_000, "getlago/lago-api spec/scenarios/subscriptions/upgrade_proration_spec.rb"),
    (90_000, 9, 31, 26_129, "killbill TestInArrearChangeCancel:85"),
    (90_000, 4, 31, 11_613, "killbill TestInArrearChangeCancel:120"),
    (30_000, 1, 31, 968, "killbill TestInArrearChangeCancel:190"),
    (59_995, 29, 31, 56_124, "killbill TestIntegration:294"),
    (5000, 15, 31, 2419, "docs.unibee.dev, change-subscription-plan: theirs rounds the day first"),
];

#[test]
fn published_prorations_are_met() {
    for (amount, part, whole, expected, source) in PUBLISHED {
        assert_eq!(pro_rata(*amount, *part, *whole), Ok(*expected), "{source}");
        assert_eq!(dollars(*amount).pro_rata(*part, *whole), Ok(dollars(*expected)), "{source}");
    }
}

#[test]
fn a_pro_rata_rounds_halves_to_the_even_cent() {
    for (amount, part, whole, expected) in [
        (1, 1, 2, 0),
        (3, 1, 2, 2),
        (5, 1, 2, 2),
        (-1, 1, 2, 0),
        (-3, 1, 2, -2),
        (100, 0, 30, 0),
        (100, 30, 30, 100),
        (i64::MAX, 1_000_000, 1_000_000, i64::MAX),
    ] {
        assert_eq!(pro_rata(amount, part, whole), Ok(expected), "{amount} × {part} ÷ {whole}");
    }
    assert_eq!(pro_rata(100, 1, 0), Err(MoneyError::EmptyPeriod));
    assert_eq!(pro_rata(100, 1, -1), Err(MoneyError::EmptyPeriod));
    assert_eq!(pro_rata(i64::MAX, 2, 1), Err(MoneyError::TooLarge));
}

#[test]
fn money_is_added_within_a_currency_only() {
    let euro = Money::new(1, Currency::EUR);
    assert_eq!(dollars(250).checked_add(dollars(50)), Ok(dollars(300)));
    assert_eq!(dollars(250).checked_sub(dollars(300)), Ok(dollars(-50)));
    let refused = dollars(1).checked_add(euro).expect_err("two currencies");
    assert_eq!(refused.to_string(), "Amounts in USD and EUR cannot be added: convert one of them first.");
    assert_eq!(dollars(i64::MAX).checked_add(dollars(1)), Err(MoneyError::TooLarge));
    assert_eq!(dollars(i64::MAX).times(2), Err(MoneyError::TooLarge));
    assert_eq!(dollars(1258).times(3), Ok(dollars(3774)));
}

#[test]
fn totals_keep_currencies_apart_and_in_order() {
    let euro = |minor| Money::new(minor, Currency::EUR);
    let totals = Totals::of([dollars(100), euro(5), dollars(20), euro(-5)]).expect("small sums");
    assert_eq!(totals.iter().collect::<Vec<_>>(), [euro(0), dollars(120)]);
    assert_eq!(totals.in_currency(Currency::GBP), Money::zero(Currency::GBP));
    assert!(Totals::default().is_empty());
    assert_eq!(Totals::of([dollars(i64::MAX), dollars(1)]), Err(MoneyError::TooLarge));
}

#[test]
fn thirteen_seats_for_250_dollars_sum_to_250_dollars() {
    let seats = minors(&dollars(25_000).split(13));
    assert_eq!(seats.iter().filter(|seat| **seat == 1923).count(), 12);
    assert_eq!(seats.iter().filter(|seat| **seat == 1924).count(), 1);
    assert_eq!(seats.iter().sum::<i64>(), 25_000);
}

#[test]
fn shares_follow_their_weights() {
    for (total, weights, expected) in [
        (100, vec![1, 1], vec![50, 50]),
        (100, vec![1, 1, 1], vec![34, 33, 33]),
        (100, vec![1, 2, 4], vec![14, 29, 57]),
        (-100, vec![1, 1, 1], vec![-34, -33, -33]),
        (7, vec![0, 5], vec![0, 7]),
        (3, vec![0, 0], vec![2, 1]),
        (3, vec![], vec![]),
        (i64::MIN, vec![u64::MAX, u64::MAX], vec![i64::MIN / 2, i64::MIN / 2]),
    ] {
        assert_eq!(minors(&dollars(total).share(&weights)), expected, "{total} by {weights:?}");
    }
    assert_eq!(dollars(5).split(0), []);
}

#[test]
fn the_plain_number_has_the_decimals_of_its_currency() {
    for (minor, code, expected) in [
        (120_000, "USD", "1200.00"),
        (-5, "USD", "-0.05"),
        (-120, "USD", "-1.20"),
        (1200, "JPY", "1200"),
        (1_200_500, "KWD", "1200.500"),
        (0, "KWD", "0.000"),
        (i64::MIN, "USD", "-92233720368547758.08"),
    ] {
        let currency = Currency::parse(code).expect(code);
        assert_eq!(Money::new(minor, currency).to_decimal_string(), expected);
    }
    assert_eq!(dollars(1258).to_string(), "12.58 USD");
}

proptest! {
    #[test]
    fn shares_sum_to_the_whole(total: i64, weights in prop::collection::vec(0_u64..1000, 1..20)) {
        let parts = dollars(total).share(&weights);
        prop_assert_eq!(parts.len(), weights.len());
        let sum = parts.iter().map(|part| i128::from(part.minor)).sum::<i128>();
        prop_assert_eq!(sum, i128::from(total));
    }

    #[test]
    fn a_pro_rata_is_within_half_a_minor_unit(amount in -10_i64.pow(13)..10_i64.pow(13), part in 0_i64..400, whole in 1_i64..400) {
        let rounded = i128::from(pro_rata(amount, part, whole).expect("in range"));
        let off = rounded * i128::from(whole) - i128::from(amount) * i128::from(part);
        prop_assert!(off.abs() * 2 <= i128::from(whole));
    }
}
