use futures_util::future::join_all;

use super::*;

const OWN: [&str; 3] = ["Uma Usher", "uma@acme.example", "Larkfield Studio"];

// What is tried first, as people make it: a word, written in one of three ways, with one of these ends.
#[rustfmt::skip]
const WORDS: [&str; 83] = [
    "password", "passw0rd", "p@ssword", "qwerty", "qwertyuiop", "welcome", "letmein", "iloveyou", "monkey",
    "dragon", "football", "baseball", "sunshine", "princess", "superman", "batman", "master", "shadow", "michael",
    "jennifer", "charlie", "jordan", "liverpool", "arsenal", "chelsea", "trustno1", "starwars", "whatever",
    "computer", "internet", "secret", "summer", "winter", "spring", "autumn", "hello", "freedom", "flower",
    "pokemon", "nintendo", "samsung", "google", "facebook", "linkedin", "admin", "administrator", "changeme",
    "default", "access", "login", "manager", "company", "london", "paris", "berlin", "america", "canada",
    "mercedes", "ferrari", "porsche", "banana", "orange", "cookie", "pepper", "ginger", "chocolate", "butterfly",
    "jessica", "ashley", "daniel", "thomas", "andrew", "matthew", "anthony", "joshua", "william", "justin",
    "robert", "hunter", "killer", "metallica", "nirvana", "eminem",
];

#[rustfmt::skip]
const ENDS: [&str; 40] = [
    "1", "12", "123", "1234", "12345", "123456", "!", "!!", "1!", "123!", "1234!", "@123", "@1234", "#1", "01",
    "007", "69", "99", "2020", "2021", "2022", "2023", "2024", "2025", "2026", "2024!", "2025!", "2026!", "_123",
    "-2025", "@2025", "@2026", "abc", "qwe", "xyz", "321", "4321", "111", "000", "777",
];

#[rustfmt::skip]
const WHOLE: [&str; 63] = [
    "1234567890", "0123456789", "12345678910", "123456789a", "a123456789", "1q2w3e4r5t", "1qaz2wsx3edc",
    "qwertyuiop[]", "qwerty12345", "asdfghjkl;", "asdfghjkl1", "zxcvbnm123", "abcdefghij", "abcdefghijkl",
    "abcd123456", "aaaaaaaaaa", "1111111111", "0000000000", "1212121212", "123123123123", "1234512345",
    "passwordpassword", "password1password2", "adminadmin123", "iloveyou123", "mypassword1", "mypassword123",
    "changeme123", "passw0rd123", "P@ssw0rd123", "P@ssw0rd2025", "Password123!", "Welcome2025!", "Summer2025!",
    "Winter2026!", "January2026", "Monday1234", "Test123456", "test1234test", "qazwsxedcrfv", "1q2w3e4r5t6y",
    "147258369a", "9876543210", "0987654321", "19851985aa", "11223344556677", "1122334455", "aabbccddee",
    "qwerqwerqwer", "asdfasdfasdf", "monkeymonkey", "dragondragon", "superman123", "spiderman1", "manchester",
    "barcelona1", "realmadrid", "christopher", "alexander1", "elizabeth1", "subledger1", "subledger123",
    "Subledger2026",
];

fn is_refused(password: &str) -> bool {
    Password::parse(password, &OWN).is_err()
}

#[test]
fn every_one_of_five_thousand_common_passwords_is_refused() {
    let capital =
        |word: &str| word.chars().next().into_iter().flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
    let written = WORDS.iter().flat_map(|word| [(*word).to_owned(), capital(word), word.to_uppercase()]);
    let mut tried: Vec<String> = written.flat_map(|word| ENDS.map(|end| format!("{word}{end}"))).collect();
    tried.extend(WHOLE.map(str::to_owned));
    tried.retain(|password| password.chars().count() >= SHORTEST);
    assert!(tried.len() > 5_000, "{}", tried.len());
    let let_through: Vec<&String> = tried.iter().filter(|password| !is_refused(password)).collect();
    assert!(let_through.is_empty(), "{} of {}: {let_through:#?}", let_through.len(), tried.len());
}

#[test]
fn ones_own_words_are_no_password() {
    for easy in
        ["UMA@acme.example", "Uma Usher 2026", "usher-uma-1", "larkfieldstudio", "Larkfield2026!", "acme.example1"]
    {
        assert!(is_refused(easy), "{easy}");
    }
    // For somebody else the same words say nothing.
    assert!(Password::parse("usher of the larkfield", &[]).is_ok());
}

#[test]
fn short_and_endless_ones_are_refused_in_words_and_long_ones_are_welcome() {
    assert!(is_refused("x7#kQ2!vb"));
    assert!(is_refused(&"long ".repeat(60)));
    for good in [
        "correct horse battery",
        "ein Pferd frißt keinen Gurkensalat",
        "x7#kQ2!vbR",
        "four  blanks    in   a row of words",
        "пароль из семи случайных слов никто не угадает",
        &"every one of these many words makes it longer and longer, ".repeat(4),
    ] {
        assert!(!is_refused(good), "{good}");
    }
}

#[test]
fn judging_what_was_made_to_be_slow_takes_no_time_worth_speaking_of() {
    for slow in ["a", "ab", "aA1!", "4@8({[<3&6960", "2012-12-12", "the of and in was ", "p@$$w0rd"] {
        let text: String = slow.chars().cycle().take(LONGEST).collect();
        let begun = std::time::Instant::now();
        let _ = Password::parse(&text, &OWN);
        assert!(begun.elapsed() < std::time::Duration::from_secs(2), "{slow}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_full_lane_says_to_come_back_and_never_blames_the_database() {
    let passwords = Passwords { lane: Lane::new(1, Duration::from_millis(1)), nobody: hash("nobody").unwrap() };
    let tries = (0..8).map(|_| passwords.fits("any".to_owned(), None));
    let refused: Vec<Refusal> = join_all(tries).await.into_iter().filter_map(Result::err).collect();
    assert!(!refused.is_empty());
    for refusal in refused {
        assert_eq!((refusal.kind, refusal.retry_after), (Kind::Busy, Some(5)));
        assert!(refusal.message.contains("Many people are signing in"), "{}", refusal.message);
    }
}
