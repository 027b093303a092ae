//! Every letter of the product, as it is read.

use std::path::Path;

use super::*;

#[test]
fn text_is_made_harmless() {
    assert_eq!(
        one_line("Uma\r\nBcc: eve@evil.example\u{2028}x"),
        "Uma Bcc: eve@evil.example x"
    );
    let details = serde_json::json!({"business": "https://evil.example", "notes": ["a\u{0}b\nc", 1], "by": "\u{202e}live"});
    let expected =
        serde_json::json!({"business": "https:// evil.example", "notes": ["ab\nc", 1], "by": "live"});
    assert_eq!(harmless(details), expected);
}

#[test]
fn every_letter_of_the_product_is_worded() {
    let kinds = kinds_below(Path::new("src/domain"));
    assert!(!kinds.is_empty());
    for kind in &kinds {
        assert!(
            KINDS.iter().any(|(known, _)| known == kind),
            "{kind} has no line in KINDS"
        );
        for half in ["body.html", "body.txt"] {
            let template = Path::new("templates/letters").join(kind).join(half);
            assert!(template.is_file(), "{} is missing", template.display());
        }
    }
    assert_eq!(kinds.len(), KINDS.len(), "a wording has no letter");
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
