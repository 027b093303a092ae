//! Reading a letter back from its file: as much of the format as our own letters use.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A letter as it stands in its file.
pub struct Eml {
    headers: Vec<(String, String)>,
    /// The plain half.
    pub text: String,
    /// The HTML half.
    pub html: String,
}

impl Eml {
    /// Reads a message with a plain and an HTML half.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let raw = String::from_utf8_lossy(raw).replace("\r\n", "\n");
        let (head, body) = raw.split_once("\n\n")?;
        let headers = headers(head);
        let boundary = value(&headers, "Content-Type")?.split("boundary=\"").nth(1)?.split('"').next()?;
        let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
        let half = |kind: &str| parts.iter().find_map(|part| half(part, kind));
        Some(Self { text: half("text/plain")?, html: half("text/html")?, headers })
    }

    /// The headers in their order, unfolded, their words decoded.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        value(&self.headers, name).unwrap_or_default()
    }
}

fn headers(head: &str) -> Vec<(String, String)> {
    let unfolded = head.trim_start().replace("\n ", " ").replace("\n\t", " ");
    let pairs = unfolded.lines().filter_map(|line| line.split_once(':'));
    pairs.map(|(name, value)| (name.to_owned(), decode_words(value.trim()))).collect()
}

fn value<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn half(part: &str, kind: &str) -> Option<String> {
    let (head, body) = part.split_once("\n\n")?;
    let headers = headers(head);
    if !value(&headers, "Content-Type")?.starts_with(kind) {
        return None;
    }
    let decoded = match value(&headers, "Content-Transfer-Encoding").unwrap_or_default() {
        "base64" => String::from_utf8_lossy(&STANDARD.decode(body.replace('\n', "")).ok()?).replace("\r\n", "\n"),
        "quoted-printable" => unquote(body),
        _ => body.to_owned(),
    };
    Some(decoded.trim_end().to_owned())
}

/// Quoted-printable: `=3D` is a byte, `=` at the end of a line joins it to the next.
fn unquote(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let mut bytes = Vec::with_capacity(joined.len());
    let mut rest = joined.as_str();
    while let Some((before, after)) = rest.split_once('=') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'='));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

/// Encoded words, `=?utf-8?b?…?=`; the blank between two of them is not part of the text.
fn decode_words(value: &str) -> String {
    let mut decoded = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        let Some((word, later)) = after.split_once("?=") else {
            break;
        };
        let is_between_words = !decoded.is_empty() && before.trim().is_empty();
        decoded.push_str(if is_between_words { "" } else { before });
        decoded.push_str(&String::from_utf8_lossy(&STANDARD.decode(word).unwrap_or_default()));
        rest = later;
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_quoted_lines_read_back() {
        assert_eq!(decode_words("=?utf-8?b?VG9tw6Fz?= =?utf-8?b?IFI=?= <t@a.example>"), "Tomás R <t@a.example>");
        assert_eq!(decode_words("plain words"), "plain words");
        assert_eq!(unquote("key=3Dab=\ncd=C3=A1 =x"), "key=abcdá =x");
    }
}
