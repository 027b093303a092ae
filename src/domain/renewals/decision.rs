//! A decision about one renewal: what may be decided, and how the trail tells it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::price_line::{MOST_SEATS, PriceList};
use crate::domain::subscriptions::subscription::{Status, Subscription};
use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::SubscriptionId;
use crate::kernel::refusal::Refusal;

/// The longest note, in characters.
const LONGEST_NOTE: usize = 500;

/// What stands about one renewal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// What was decided.
    pub decided: Decided,
    /// Why, or empty.
    pub note: String,
    /// Who decided; nobody when it was no member of the business.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// What becomes of a renewal: decided so, or undecided.
pub type Wish = Option<Decided>;

/// The code of a wish, as forms and addresses write it.
pub fn code(wish: Wish) -> &'static str {
    wish.map_or("undecided", Decided::code)
}

/// Reads what was chosen; seats only matter to a resize.
pub fn parse(code: &str, seats: &str) -> Result<Wish, Refusal> {
    match code {
        "undecided" => Ok(None),
        "renew" => Ok(Some(Decided::Renew)),
        "cancel" => Ok(Some(Decided::Cancel)),
        "resize" => match seats.replace([',', ' ', '\u{a0}', '\u{202f}'], "").parse() {
            Ok(seats @ 1..=MOST_SEATS) => Ok(Some(Decided::Resize(seats))),
            _ => Err(Refusal::invalid(
                "seats",
                "Write how many seats there are from the renewal on, at least 1. To have none, cancel.",
            )),
        },
        _ => Err(Refusal::invalid("decision", "Choose what becomes of the renewal.")),
    }
}

/// A note: plain text of several lines, possibly empty.
pub fn note(text: &str) -> Result<String, Refusal> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    match text.chars().count() > LONGEST_NOTE || text.chars().any(|c| c.is_control() && c != '\n') {
        true => Err(Refusal::invalid("note", format!("Write at most {LONGEST_NOTE} characters of plain text."))),
        false => Ok(text),
    }
}

/// The renewal that can be decided now. Whoever looked at another one meant that one, and is told.
pub fn require_open(subscription: &Subscription, seen: Option<NaiveDate>) -> Result<NaiveDate, Refusal> {
    let name = &subscription.details.name;
    let coming = subscription.coming.renews_on.filter(|_| subscription.goes_on());
    match (coming, seen) {
        (Some(coming), None) => Ok(coming),
        (Some(coming), Some(seen)) if seen == coming => Ok(coming),
        (Some(coming), Some(seen)) => Err(Refusal::conflict(
            "renewal_moved",
            format!("{name} no longer renews on {seen}, but on {coming}. Look at it again, then decide."),
        )),
        (None, _) => Err(Refusal::conflict(
            "nothing_renews",
            format!("{name} does not renew any more, so there is nothing to decide. Nothing was changed."),
        )),
    }
}

/// Refuses seats whose price could not be counted on the day.
pub fn require_countable(
    subscription: &Subscription,
    prices: &PriceList,
    (renews_on, wish): (NaiveDate, Wish),
) -> Result<(), Refusal> {
    let (Some(Decided::Resize(seats)), Some(line)) = (wish, prices.on(renews_on)) else {
        return Ok(());
    };
    let price = crate::domain::subscriptions::price_line::Price { seats: Some(seats), ..line.price };
    price.require_countable(subscription.details.cost_model).map_err(|refusal| refusal.at("seats"))
}

/// The last day that is covered when nothing follows: of the trial, or of the term.
pub fn covered_until(subscription: &Subscription, renews_on: NaiveDate) -> NaiveDate {
    let trial = subscription.details.dates.trial_ends_on.filter(|_| subscription.details.status == Status::Trial);
    trial.or(renews_on.pred_opt()).unwrap_or(renews_on)
}

/// Somebody decided about a renewal, or left it open again.
pub struct RenewalFact {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Its name.
    pub name: String,
    /// The renewal.
    pub renews_on: NaiveDate,
    /// What stood.
    pub before: (Wish, String),
    /// What stands now.
    pub after: (Wish, String),
}

impl Fact for RenewalFact {
    fn code(&self) -> &'static str {
        match self.after.0 {
            Some(_) => "renewal.decided",
            None => "renewal.undecided",
        }
    }

    fn object(&self) -> Object {
        Object::new("subscription", self.subscription, &self.name)
    }

    fn said(&self) -> String {
        let (name, day) = (&self.name, self.renews_on);
        match self.after.0 {
            Some(Decided::Renew) => format!("decided to renew {name} on {day}"),
            Some(Decided::Resize(1)) => format!("decided to renew {name} on {day} with 1 seat"),
            Some(Decided::Resize(seats)) => format!("decided to renew {name} on {day} with {seats} seats"),
            Some(Decided::Cancel) => format!("decided to cancel {name} before its renewal on {day}"),
            None => format!("left the renewal of {name} on {day} undecided again"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let note = |note: &str| (!note.is_empty()).then(|| note.to_owned());
        [
            Change::between("Decision", Some(label(self.before.0)), Some(label(self.after.0))),
            Change::between("Note", note(&self.before.1), note(&self.after.1)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A wish in words: "Renew", "Resize to 24".
pub fn label(wish: Wish) -> String {
    match wish {
        Some(Decided::Renew) => "Renew".to_owned(),
        Some(Decided::Resize(seats)) => format!("Resize to {seats}"),
        Some(Decided::Cancel) => "Cancel".to_owned(),
        None => "Undecided".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resize_says_how_many_seats() {
        assert_eq!(parse("resize", "1,024").ok(), Some(Some(Decided::Resize(1024))));
        for wrong in ["", "0", "-3", "2.5", "1000001", "many"] {
            assert_eq!(parse("resize", wrong).unwrap_err().field, Some("seats"), "{wrong}");
        }
        assert_eq!(parse("renew", "nonsense").ok(), Some(Some(Decided::Renew)));
        assert_eq!(parse("", "").unwrap_err().field, Some("decision"));
        for wish in [None, Some(Decided::Renew), Some(Decided::Resize(3)), Some(Decided::Cancel)] {
            assert_eq!(parse(code(wish), "3").ok(), Some(wish));
        }
    }

    #[test]
    fn a_note_is_plain_text_of_some_lines() {
        assert_eq!(note(" Too dear.\r\nAsk Uma. ").ok().as_deref(), Some("Too dear.\nAsk Uma."));
        assert_eq!(note("a\tb").unwrap_err().field, Some("note"));
        assert!(note(&"é".repeat(500)).is_ok() && note(&"é".repeat(501)).is_err());
    }
}
