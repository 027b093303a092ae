//! From words to a message: headers that nobody's name can break out of, and the two halves.

use std::time::SystemTime;

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};

use crate::config::BaseUrl;
use crate::domain::letters::letter::ClaimedLetter;
use crate::kernel::refusal::Refusal;

use super::render::{Words, one_line};

/// Lines up to here travel as they are everywhere.
const LONGEST_LINE: usize = 900;

/// Why a letter cannot be made into a message.
#[derive(Debug, thiserror::Error)]
pub(super) enum Uncomposed {
    #[error("the address cannot be written to: {0}")]
    Address(#[from] lettre::address::AddressError),
    #[error("the message cannot be made: {0}")]
    Message(#[from] lettre::error::Error),
}

/// Reads `SUBLEDGER_MAIL_FROM`: an address, or `Name <address>`.
pub(super) fn sender(text: &str) -> Result<Mailbox, Refusal> {
    let (name, address) = match text.trim().strip_suffix('>').and_then(|text| text.split_once('<')) {
        Some((name, address)) => (one_line(name.trim().trim_matches('"')), address),
        None => (String::new(), text.trim()),
    };
    let wrong = |error| Refusal::fault(format!("SUBLEDGER_MAIL_FROM cannot be used as a sender: {error}."));
    Ok(Mailbox::new(Some(name).filter(|name| !name.is_empty()), address.parse().map_err(wrong)?))
}

/// The message of this letter. Its Message-ID and Date are the same at every try, so that a mail program shows a letter
/// once that had to be sent twice.
pub(super) fn compose(
    letter: &ClaimedLetter,
    words: Words,
    from: &Mailbox,
    base: &BaseUrl,
) -> Result<Message, Uncomposed> {
    let name = one_line(&letter.to.name);
    let to = Mailbox::new(Some(name).filter(|name| !name.is_empty()), letter.to.email.parse()?);
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    let halves = MultiPart::alternative().singlepart(plain(words.text)).singlepart(SinglePart::html(words.html));
    let message = Message::builder()
        .from(from.clone())
        .to(to)
        .subject(words.subject)
        .message_id(Some(format!("<{}@{}>", letter.id, base.host())))
        .date(SystemTime::from(letter.created_at))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
        .multipart(halves)?;
    Ok(message)
}

/// The plain half, unencoded if that is possible: people read these files, and copy links out of them.
fn plain(text: String) -> SinglePart {
    let is_simple = text.is_ascii() && text.lines().all(|line| line.len() <= LONGEST_LINE);
    match is_simple {
        false => SinglePart::plain(text),
        true => {
            let lines: Vec<&str> = text.lines().collect();
            let bytes = format!("{}\r\n", lines.join("\r\n")).into_bytes();
            let body = Body::dangerous_pre_encoded(bytes, ContentTransferEncoding::SevenBit);
            SinglePart::builder().header(ContentType::TEXT_PLAIN).body(body)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sender_is_an_address_with_or_without_a_name() {
        let cases = [
            ("subledger@localhost", None, "subledger@localhost"),
            ("Subledger <subledger@example.com>", Some("Subledger"), "subledger@example.com"),
            ("\"Books, Inc.\" <books@example.com>", Some("Books, Inc."), "books@example.com"),
            ("<books@example.com>", None, "books@example.com"),
        ];
        for (text, name, address) in cases {
            let sender = sender(text).unwrap();
            assert_eq!((sender.name.as_deref(), sender.email.to_string().as_str()), (name, address), "{text}");
        }
        assert!(sender("nobody").is_err());
    }
}
