//! Every letter of the product, as it is read.

use std::path::Path;

use serde_json::json;

use super::*;
use crate::kernel::permission::Role;

#[test]
fn text_is_made_harmless() {
    assert_eq!(one_line("Uma\r\nBcc: eve@evil.example\u{2028}x"), "Uma Bcc: eve@evil.example x");
    let details = json!({"business": "https://evil.example", "notes": ["a\u{0}b\nc", 1], "by": "\u{202e}live"});
    let expected = json!({"business": "https:// evil.example", "notes": ["ab\nc", 1], "by": "live"});
    assert_eq!(harmless(details), expected);
}

#[test]
fn every_letter_of_the_product_is_worded() {
    let kinds = kinds_below(Path::new("src/domain"));
    assert!(!kinds.is_empty());
    for kind in &kinds {
        assert!(KINDS.iter().any(|(known, _)| known == kind), "{kind} has no line in KINDS");
        for half in ["body.html", "body.txt"] {
            let template = Path::new("templates/letters").join(kind).join(half);
            assert!(template.is_file(), "{} is missing", template.display());
        }
    }
    assert_eq!(kinds.len(), KINDS.len(), "a wording has no letter");
}

/// Details of each kind, as its feature writes them.
fn samples() -> [(&'static str, Value); 37] {
    let (business, business_id) = ("Larkfield & Sons", "01k8h00000000000000000000a");
    let at = "22 Nov 2026, 14:05 (Europe/Lisbon)";
    let about = |details: Value| {
        let mut all = json!({"business": business, "business_id": business_id, "name": "Olivia Owens"});
        all.as_object_mut().unwrap().extend(details.as_object().unwrap().clone());
        all
    };
    [
        ("welcome", about(json!({}))),
        ("address_confirmation", json!({"name": "Olivia Owens", "email": "olivia@larkfield.example"})),
        ("password_reset", json!({"name": "Olivia Owens", "email": "olivia@larkfield.example"})),
        (
            "password_changed",
            json!({
                "name": "Olivia Owens", "at": "22 Nov 2026, 14:05 (UTC)", "network": "203.0.113.7", "browser": "Firefox on Linux"
            }),
        ),
        (
            "invitation",
            about(json!({
                "inviter": "Mara Lindqvist", "role": "auditor", "ends": "29 Nov 2026, 14:05 (Europe/Lisbon)",
                "may": "You can read every subscription, seat and the audit trail, and change nothing.",
                "message": "Welcome aboard.\nThe books of <2026> are yours to read."
            })),
        ),
        (
            "invitation_accepted",
            about(json!({"person": "Uma Usher", "email": "uma@larkfield.example", "role": "user"})),
        ),
        (
            "role_changed",
            about(json!({
                "by": "Adam Adler", "before": "user", "after": "admin",
                "may": "You can run the subscriptions, seats, people and the team."
            })),
        ),
        ("access_ended", about(json!({"why": {"deactivated": {"by": "Adam Adler"}}}))),
        ("business_closing", about(json!({"by": "Tomás Rey", "gone_on": "22 Dec 2026"}))),
        (
            "seat_given",
            about(json!({
                "subscription": "Figma", "subscription_id": "01k8h00000000000000000000b", "by": "Adam Adler",
                "expires": "31 Dec 2026", "signs_in": true
            })),
        ),
        ("seat_taken", about(json!({"subscription": "Figma", "by": "Adam Adler"}))),
        (
            "seat_asked",
            about(json!({
                "subscription": "Figma", "subscription_id": "01k8h00000000000000000000b", "asker": "Uma Usher",
                "note": "For the new site.\nUntil spring.", "free": "3 of 30 seats are free"
            })),
        ),
        (
            "seat_approved",
            about(
                json!({"subscription": "Figma", "subscription_id": "01k8h00000000000000000000b", "by": "Adam Adler"}),
            ),
        ),
        ("seat_declined", about(json!({"subscription": "Figma", "by": "Adam Adler", "words": "Ask again in March."}))),
        (
            "seats_low",
            about(
                json!({"subscription": "Figma", "subscription_id": "01k8h00000000000000000000b", "held": 30, "seats": 30}),
            ),
        ),
        (
            "renewal_reminder",
            about(json!({
                "subscription": "Figma", "subscription_id": "01k8h00000000000000000000b", "near": {"cancel_by": {"day": "27 Nov 2026"}},
                "days": 15, "renews_on": "28 Dec 2026", "due": "€3,600.00", "because": {"owner": {}}
            })),
        ),
        (
            "renewal_undecided",
            about(json!({
                "subscription": "Figma", "subscription_id": "01k8h00000000000000000000b", "cancel_by": "27 Nov 2026",
                "renews_on": "28 Dec 2026", "due": "€3,600.00"
            })),
        ),
        (
            "renewed_by_default",
            about(json!({
                "subscription": "Figma", "subscription_id": "01k8h00000000000000000000b", "on": "28 Dec 2026",
                "renews_on": "28 Dec 2027", "cancel_by": "27 Nov 2027", "due": "€3,600.00",
                "because": {"owner_gone": {"person": "Mara Lindqvist"}}
            })),
        ),
        ("plan_renewed", about(json!({"plan": "Team", "until": "21 Dec 2026", "due": "$49.00"}))),
        ("plan_changed", about(json!({"before": "Free", "after": "Team", "from": "22 Nov 2026", "due": "$49.00"}))),
        ("plan_ended", about(json!({"plan": "Trial"}))),
        ("trial_ending", about(json!({"plan": "Trial", "last_day": "25 Nov 2026", "is_today": false}))),
        ("plan_asked", about(json!({"by": "Olivia Owens", "present": "Free", "plan": "Team"}))),
        ("plan_declined", about(json!({"plan": "Team", "reason": "Ticket 118: ask again in spring"}))),
        (
            "limit_near",
            about(json!({
                "what": "usage events a cycle", "used": "80,000", "limit": "100,000", "is_full": false,
                "then": "At the limit programs are refused until the next cycle.", "resets": "1 Dec 2026"
            })),
        ),
        ("new_device", about(json!({"at": at, "network": "203.0.113.7", "browser": "Firefox on Linux"}))),
        ("recovery_code_used", about(json!({"at": at, "left": 9}))),
        ("email_change", about(json!({"before": "olivia@larkfield.example", "after": "olivia@new.example"}))),
        ("email_change_asked", about(json!({"at": at, "after": "olivia@new.example"}))),
        ("email_changed", about(json!({"at": at, "after": "olivia@new.example"}))),
        (
            "support_began",
            about(json!({
                "staff": "Sam Staff", "reason": "Ticket 118: seats look wrong", "seen_as": "Uma Usher", "may_write": false,
                "until": "22 Nov 2026, 14:35 (Europe/Lisbon)"
            })),
        ),
        (
            "support_ended",
            about(json!({
                "staff": "Sam Staff", "reason": "Ticket 118: seats look wrong", "changes": 3,
                "during": "22 Nov 2026, 14:05 to 22 Nov 2026, 14:21 (Europe/Lisbon)"
            })),
        ),
        ("write_access_asked", about(json!({"staff": "Sam Staff", "reason": "Ticket 118: seats look wrong"}))),
        (
            "recovery_begun",
            about(json!({
                "staff": "Sam Staff", "reason": "The only owner lost her telephone", "will": "Tomás Rey becomes an owner",
                "due": "23 Nov 2026, 14:05 (Europe/Lisbon)", "recovery": "01k8h00000000000000000000c"
            })),
        ),
        (
            "recovery_done",
            about(json!({"reason": "The only owner lost her telephone", "has": "Tomás Rey became an owner"})),
        ),
        ("business_suspended", about(json!({"reason": "Nobody answers our letters"}))),
        ("business_restored", about(json!({}))),
    ]
}

#[test]
fn letters_read_as_agreed() {
    let base = BaseUrl::parse("https://books.example.com").unwrap();
    let key = Key::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let paper = Paper::new(&base, Some(&key), "Olivia Owens");
    let mut worded = Vec::new();
    for (kind, details) in samples() {
        let words = words(kind, &details, &paper).unwrap();
        let text = format!("Subject: {}\n\n{}", words.subject, words.text);
        insta::with_settings!({snapshot_path => "../../../tests/snapshots/letters", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(format!("{kind}.txt"), text);
            insta::assert_snapshot!(format!("{kind}.html"), words.html);
        });
        worded.push(kind);
    }
    let known: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(worded, known, "a letter has no sample");
}

/// The same details with this text wherever people's words stand; ids and codes stay.
fn overwritten(details: Value, text: &str) -> Value {
    let Value::Object(fields) = details else { panic!("details are an object") };
    let kept = ["business_id", "subscription_id", "recovery"];
    let is_code = |text: &str| Role::ALL.iter().any(|role| role.code() == text);
    let overwrite = |(name, value): (String, Value)| match value {
        Value::String(was) if !kept.contains(&name.as_str()) && !is_code(&was) => {
            (name, Value::String(text.to_owned()))
        }
        other => (name, other),
    };
    Value::Object(fields.into_iter().map(overwrite).collect())
}

#[test]
fn no_letter_is_broken_or_led_elsewhere_by_what_people_write() {
    let base = BaseUrl::parse("https://books.example.com").unwrap();
    let key = Key::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
    let hostile = "Eve\r\nBcc: eve@evil.example\r\n\r\n\u{2028}Cc: <b>https://evil.example</b>\u{202e}\u{0}\"><script>";
    let paper = Paper::new(&base, Some(&key), hostile);
    for (kind, details) in samples() {
        let words = words(kind, &overwritten(details, hostile), &paper).unwrap();
        assert!(!words.subject.chars().any(|c| c.is_control() || is_sly(c)), "{kind}: {:?}", words.subject);
        assert!(!words.html.contains("<script>") && !words.html.contains("<b>https"), "{kind}: {}", words.html);
        for half in [&words.text, &words.html] {
            let harmless = half.matches(":// evil.example").count() + half.matches("://books.example.com").count();
            assert_eq!(half.matches("://").count(), harmless, "{kind}: {half}");
        }
    }
}

/// The `KIND` after each `impl Letter for`, in all files below the folder.
fn kinds_below(folder: &Path) -> Vec<String> {
    let mut kinds = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            kinds.extend(kinds_below(&path));
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let impls = source.split("impl Letter for ").skip(1);
        kinds.extend(impls.map(|rest| rest.split('"').nth(1).unwrap().to_owned()));
    }
    kinds
}
