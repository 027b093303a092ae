use super::*;

fn locale(code: &str) -> Locale {
    Locale::parse(code).expect(code)
}

fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::parse(code).expect(code))
}

#[test]
fn money_is_written_as_the_reader_writes_it() {
    for (code, minor, currency, expected) in [
        ("en-GB", 1_620_000, "USD", "$16,200.00"),
        ("en-GB", 912_000, "EUR", "€9,120.00"),
        ("en-GB", 11_900, "CHF", "CHF 119.00"),
        ("en-GB", 11_900, "SEK", "SEK 119.00"),
        ("en-GB", 1200, "JPY", "¥1,200"),
        ("en-GB", 1_200_500, "KWD", "KWD 1,200.500"),
        ("en-GB", 11_900, "CAD", "CA$119.00"),
        ("en-GB", -5, "GBP", "-£0.05"),
        ("en-US", 1_620_000, "USD", "$16,200.00"),
        ("en-CA", 11_900, "CAD", "$119.00"),
        ("en-CA", 11_900, "USD", "US$119.00"),
        ("en-AU", 11_900, "CAD", "CA$119.00"),
        ("en-IN", 123_456_789, "INR", "₹12,34,567.89"),
        ("en-IN", 123_400, "INR", "₹1,234.00"),
        ("de-DE", 912_000, "EUR", "9.120,00 €"),
        ("de-DE", -912_000, "EUR", "-9.120,00 €"),
        ("de-AT", 912_000, "EUR", "€ 9.120,00"),
        ("de-CH", 912_000, "CHF", "CHF 9’120.00"),
        ("fr-FR", 912_000, "EUR", "9\u{202f}120,00 €"),
        ("es-ES", 912_000, "EUR", "9120,00 €"),
        ("es-ES", 1_912_000, "EUR", "19.120,00 €"),
        ("nl-NL", -912_000, "EUR", "€ -9.120,00"),
        ("pt-BR", 912_000, "BRL", "R$ 9.120,00"),
        ("pl-PL", 1_912_000, "PLN", "19 120,00 zł"),
        ("sv-SE", 912_000, "SEK", "9 120,00 kr"),
        ("sv-SE", 912_000, "NOK", "9 120,00 NOK"),
        ("da-DK", 912_000, "DKK", "9.120,00 kr."),
        ("cs-CZ", 912_000, "CZK", "9 120,00 Kč"),
        ("ja-JP", 1200, "JPY", "¥1,200"),
    ] {
        let expected = expected.replace(' ', "\u{a0}");
        assert_eq!(locale(code).money(money(minor, currency)), expected, "{code}");
    }
}

#[test]
fn what_is_written_can_be_typed_back_where_a_point_begins_the_decimals() {
    for code in ["en-US", "en-GB", "en-IN", "de-CH", "ja-JP", "fr-FR", "sv-SE"] {
        for minor in [0, 5, -1258, 120_000, 123_456_789] {
            let amount = money(minor, "EUR");
            let written = locale(code).money(amount);
            assert_eq!(Money::parse(&written, Currency::EUR), Ok(amount), "{written}");
        }
    }
}

#[test]
fn numbers_and_whole_amounts_are_grouped() {
    for (code, expected) in [("en-GB", "18,204"), ("de-DE", "18.204"), ("en-IN", "18,204"), ("pl-PL", "18\u{a0}204")] {
        assert_eq!(locale(code).number(18_204), expected);
    }
    assert_eq!(locale("en-GB").number(-1200), "-1,200");
    assert_eq!(locale("en-GB").number(i64::MIN), "-9,223,372,036,854,775,808");
    assert_eq!(locale("es-ES").number(1200), "1200");
    assert_eq!(locale("en-GB").money_whole(money(1_620_050, "USD")), "$16,200");
    assert_eq!(locale("en-GB").money_whole(money(-1_620_150, "USD")), "-$16,202");
    assert_eq!(locale("en-GB").money_whole(money(1200, "JPY")), "¥1,200");
}

#[test]
fn dates_keep_english_words_in_the_readers_order() {
    let date: NaiveDate = "2026-11-07".parse().expect("a date");
    for (code, short, long) in [
        ("en-GB", "7 Nov 2026", "Saturday 7 November 2026"),
        ("de-DE", "7 Nov 2026", "Saturday 7 November 2026"),
        ("en-US", "Nov 7, 2026", "Saturday, November 7, 2026"),
    ] {
        assert_eq!(locale(code).date(date), short);
        assert_eq!(locale(code).date_long(date), long);
    }
}

#[test]
fn times_are_told_in_the_readers_zone() {
    let instant: DateTime<Utc> = "2026-11-27T23:05:00Z".parse().expect("an instant");
    for (code, zone, expected) in [
        ("en-GB", Tz::UTC, "27 Nov 2026, 23:05"),
        ("en-GB", Tz::Europe__Berlin, "28 Nov 2026, 00:05"),
        ("en-US", Tz::America__New_York, "Nov 27, 2026, 6:05\u{a0}PM"),
        ("en-US", Tz::Europe__Berlin, "Nov 28, 2026, 12:05\u{a0}AM"),
    ] {
        assert_eq!(locale(code).date_time(instant, zone), expected);
    }
}

#[test]
fn a_browser_is_understood() {
    for (header, code) in [
        ("en-GB,en;q=0.9", "en-GB"),
        ("de", "de-DE"),
        ("de-LU, en;q=0.5", "de-DE"),
        ("en;q=0.5, fr-FR;q=0.8", "fr-FR"),
        ("xx, nn-NO;q=0.7", "nb-NO"),
        ("PT-pt", "pt-PT"),
        ("pt", "pt-BR"),
        ("en-NZ", "en-US"),
        ("de;q=0, it;q=0.001", "it-IT"),
        ("*", "en-US"),
        ("", "en-US"),
        ("de;q=many, sv;q=1.000", "sv-SE"),
        ("zh-CN, ja;q=0.9", "ja-JP"),
    ] {
        assert_eq!(Locale::from_accept_language(header).code(), code, "{header}");
    }
}

#[test]
fn every_locale_is_listed_once_with_a_currency_of_its_own() {
    for listed in Locale::all() {
        assert_eq!(Locale::parse(listed.code()), Ok(listed));
        assert_eq!(listed.default_currency().code(), listed.0.currency);
    }
    assert_eq!(Locale::parse("en_gb"), Ok(locale("en-GB")));
    assert_eq!(Locale::parse("en"), Err(UnknownLocale));
    assert_eq!(serde_json::to_string(&locale("en-GB")).ok().as_deref(), Some(r#""en-GB""#));
}
