//! Texts of a subscription as typed: trimmed, within their limits, one line where one line is meant.

use crate::kernel::refusal::Refusal;

/// The longest text of one line.
pub const LONGEST_LINE: usize = 120;
const LONGEST_NOTES: usize = 5_000;
const LONGEST_ADDRESS: usize = 500;
const MOST_TAGS: usize = 20;
const LONGEST_TAG: usize = 40;

/// One line that may be empty.
pub fn line(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    match text.chars().count() > LONGEST_LINE || text.chars().any(char::is_control) {
        true => Err(Refusal::invalid(field, format!("Write at most {LONGEST_LINE} characters, on one line."))),
        false => Ok(text.to_owned()),
    }
}

/// One line that must not be empty; `missing` says what to write.
pub fn required_line(field: &'static str, text: &str, missing: &'static str) -> Result<String, Refusal> {
    match line(field, text)? {
        empty if empty.is_empty() => Err(Refusal::invalid(field, missing)),
        text => Ok(text),
    }
}

/// Notes of several lines.
pub fn notes(text: &str) -> Result<String, Refusal> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    let is_odd = |c: char| c.is_control() && c != '\n' && c != '\t';
    match text.chars().count() > LONGEST_NOTES || text.chars().any(is_odd) {
        true => Err(Refusal::invalid("notes", "Write at most 5,000 characters of plain text.")),
        false => Ok(text),
    }
}

/// Tags, with commas between them; each once, in the order written.
pub fn tags(text: &str) -> Result<Vec<String>, Refusal> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([',', '\n']).map(str::trim).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > LONGEST_TAG || tag.chars().any(char::is_control) {
            return Err(Refusal::invalid(
                "tags",
                format!("Write tags of at most {LONGEST_TAG} characters, with commas between them."),
            ));
        }
        if !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag.to_owned());
        }
    }
    match tags.len() > MOST_TAGS {
        true => Err(Refusal::invalid("tags", format!("Write at most {MOST_TAGS} tags."))),
        false => Ok(tags),
    }
}

/// The address of a page on the web; never one that runs something when it is clicked.
pub fn web_address(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let is_web = url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    match is_web && text.chars().count() <= LONGEST_ADDRESS {
        true => Ok(text.to_owned()),
        false => {
            Err(Refusal::invalid(field, "Write the whole address of a web page, such as https://figma.com/billing."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_web_are_linked() {
        for good in ["https://figma.com/billing", "http://intra.example:8080/a?b=c", ""] {
            assert_eq!(web_address("url", good).expect(good), good);
        }
        for wrong in ["javascript:alert(1)", "figma.com", "data:text/html,x", "ftp://figma.com", "https://"] {
            assert!(web_address("url", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_tag_is_kept_once() {
        assert_eq!(tags(" design, Design,,ops ").expect("tags"), ["design", "ops"]);
        assert!(tags(&"t,".repeat(3)).expect("one tag").len() == 1);
        assert!(tags(&"x".repeat(41)).is_err());
    }

    #[test]
    fn one_line_is_one_line() {
        assert!(line("name", "Figma\nTeam").is_err());
        assert!(line("name", &"x".repeat(121)).is_err());
        assert_eq!(
            required_line("service", "  ", "Write the service.").expect_err("empty").message,
            "Write the service."
        );
        assert_eq!(notes("one\r\ntwo ").expect("notes"), "one\ntwo");
    }
}
