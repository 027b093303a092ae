//! What the trail keeps of seats. License keys stand in it by their end only.

use chrono::NaiveDate;

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::{LicenseId, SubscriptionId};

use super::from_file::Made;
use super::license_key::KeyHint;

/// One fact about one seat.
pub struct LicenseFact {
    /// Which.
    pub license: LicenseId,
    /// The name of what it is a seat of.
    pub subscription: String,
    /// What happened.
    pub what: Happened,
}

/// What happens to a seat.
pub enum Happened {
    /// Somebody got it.
    Assigned { holder: String, expires_on: Option<NaiveDate>, key: Option<KeyHint> },
    /// Somebody lost it.
    Revoked { holder: String, expires_on: Option<NaiveDate> },
    /// Its holder needs it no longer.
    GivenBack { holder: String, expires_on: Option<NaiveDate> },
    /// It went from one person to another.
    Reassigned { from: String, to: String, expires_on: Option<NaiveDate> },
    /// It has another last day.
    Extended { holder: String, before: Option<NaiveDate>, after: Option<NaiveDate> },
    /// Its last day has passed.
    Expired { holder: String, last_day: NaiveDate },
    /// It has another license key.
    KeySet { before: Option<KeyHint>, after: KeyHint },
    /// Somebody saw its license key.
    KeyRevealed { key: KeyHint },
    /// A file tells when its holder last used it.
    LastUseSet { holder: String, before: Option<NaiveDate>, after: NaiveDate },
    /// An import that gave it was undone.
    TakenOut { holder: String, expires_on: Option<NaiveDate> },
    /// An import that changed it was undone.
    PutBack { holder: String, changes: Vec<Change> },
    /// A file brought a license key, and with it a seat that nobody holds.
    Added { key: KeyHint },
    /// An import that brought the key of a free seat was undone; it may have made the seat.
    KeyTakenBack { key: KeyHint, is_made: Made },
    /// It was given up.
    Retired,
    /// It can be held again.
    Reopened,
}

impl Fact for LicenseFact {
    fn code(&self) -> &'static str {
        match self.what {
            Happened::Assigned { .. } => "license.assigned",
            Happened::Revoked { .. } => "license.revoked",
            Happened::GivenBack { .. } => "license.given_back",
            Happened::Reassigned { .. } => "license.reassigned",
            Happened::Extended { .. } => "license.extended",
            Happened::Expired { .. } => "license.expired",
            Happened::KeySet { .. } => "license.key_set",
            Happened::KeyRevealed { .. } => "license.key_revealed",
            Happened::LastUseSet { .. } => "license.last_use_set",
            Happened::TakenOut { .. } => "license.taken_out",
            Happened::PutBack { .. } => "license.put_back",
            Happened::Added { .. } => "license.added",
            Happened::KeyTakenBack { is_made: Made::ByTheImport, .. } => "license.taken_out",
            Happened::KeyTakenBack { is_made: Made::Before, .. } => "license.put_back",
            Happened::Retired => "license.retired",
            Happened::Reopened => "license.reopened",
        }
    }

    fn object(&self) -> Object {
        Object::new("license", self.license, format!("Seat of {}", self.subscription))
    }

    fn said(&self) -> String {
        let name = &self.subscription;
        match &self.what {
            Happened::Assigned { holder, .. } => format!("gave {holder} a seat of {name}"),
            Happened::Revoked { holder, .. } => format!("revoked {holder}'s seat of {name}"),
            Happened::GivenBack { .. } => format!("gave a seat of {name} back"),
            Happened::Reassigned { from, to, .. } => format!("gave {from}'s seat of {name} to {to}"),
            Happened::Extended { holder, .. } => format!("changed the last day of {holder}'s seat of {name}"),
            Happened::Expired { holder, last_day } => {
                format!("let {holder}'s seat of {name} expire after its last day, {last_day}")
            }
            Happened::KeySet { .. } => format!("set the license key of a seat of {name}"),
            Happened::KeyRevealed { key } => format!("revealed the license key {key} of a seat of {name}"),
            Happened::LastUseSet { holder, .. } => format!("noted when {holder} last used their seat of {name}"),
            Happened::TakenOut { holder, .. } => format!("took {holder}'s seat of {name} out again, undoing an import"),
            Happened::PutBack { holder, .. } => {
                format!("put {holder}'s seat of {name} back as it was before an import")
            }
            Happened::Added { .. } => format!("added a free seat of {name} with its license key"),
            Happened::KeyTakenBack { is_made: Made::ByTheImport, .. } => {
                format!("took a free seat of {name} out again, undoing an import")
            }
            Happened::KeyTakenBack { is_made: Made::Before, .. } => {
                format!("took the license key of a free seat of {name} back, undoing an import")
            }
            Happened::Retired => format!("retired a seat of {name}"),
            Happened::Reopened => format!("opened a retired seat of {name} again"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let day = |day: &Option<NaiveDate>| day.map(|day| day.to_string());
        let hint = |key: &Option<KeyHint>| key.as_ref().map(KeyHint::to_string);
        let changes = match &self.what {
            Happened::Assigned { holder, expires_on, key } => vec![
                Some(Change::set("Holder", holder)),
                Change::between("Expires", None, day(expires_on)),
                Change::between("License key", None, hint(key)),
            ],
            Happened::Revoked { holder, expires_on }
            | Happened::GivenBack { holder, expires_on }
            | Happened::TakenOut { holder, expires_on } => {
                vec![Some(Change::new("Holder", Some(holder.clone()), None)), ended(expires_on)]
            }
            Happened::Reassigned { from, to, expires_on } => {
                vec![Change::between("Holder", Some(from.clone()), Some(to.clone())), ended(expires_on)]
            }
            Happened::LastUseSet { before, after, .. } => {
                vec![Change::between("Last used", day(before), day(&Some(*after)))]
            }
            Happened::PutBack { changes, .. } => changes.iter().cloned().map(Some).collect(),
            Happened::Extended { before, after, .. } => vec![Change::between("Expires", day(before), day(after))],
            Happened::Expired { .. } => vec![status_between("Assigned", "Expired")],
            Happened::KeySet { before, after } => {
                vec![Some(Change::new("License key", hint(before), Some(after.to_string())))]
            }
            Happened::Added { key } => vec![Some(Change::set("License key", key.to_string()))],
            Happened::KeyTakenBack { key, .. } => vec![Some(Change::new("License key", Some(key.to_string()), None))],
            Happened::KeyRevealed { .. } => Vec::new(),
            Happened::Retired => vec![status_between("Free", "Retired")],
            Happened::Reopened => vec![status_between("Retired", "Free")],
        };
        changes.into_iter().flatten().collect()
    }
}

/// The last day of a seat goes with its holder.
fn ended(expires_on: &Option<NaiveDate>) -> Option<Change> {
    Change::between("Expires", expires_on.map(|day| day.to_string()), None)
}

fn status_between(before: &str, after: &str) -> Option<Change> {
    Change::between("Status", Some(before.to_owned()), Some(after.to_owned()))
}

/// The seats of a subscription become few.
pub struct SeatsLow {
    /// Of what.
    pub subscription: SubscriptionId,
    /// Its name.
    pub name: String,
    /// How many are held now.
    pub held: i64,
    /// How many there are.
    pub seats: i64,
    /// The threshold that was reached, in per cent.
    pub threshold: i64,
}

impl Fact for SeatsLow {
    fn code(&self) -> &'static str {
        "license.seats_low"
    }

    fn object(&self) -> Object {
        Object::new("subscription", self.subscription, &self.name)
    }

    fn said(&self) -> String {
        let Self { name, held, seats, threshold, .. } = self;
        match threshold {
            100 => format!("gave the last seat of {name}: {held} of {seats} are held"),
            _ => format!("brought the seats of {name} to {threshold} %: {held} of {seats} are held"),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn fact(what: Happened) -> LicenseFact {
        LicenseFact { license: LicenseId::mint(DateTime::UNIX_EPOCH), subscription: "Figma".to_owned(), what }
    }

    #[test]
    fn the_sentences_begin_with_whoever_did_it() {
        let holder = "Uma Usher".to_owned();
        let expires_on = NaiveDate::from_ymd_opt(2026, 12, 31);
        let given = fact(Happened::Assigned { holder: holder.clone(), expires_on, key: None });
        assert_eq!(given.said(), "gave Uma Usher a seat of Figma");
        assert_eq!(given.changes(), [Change::set("Holder", "Uma Usher"), Change::set("Expires", "2026-12-31")]);
        let taken = fact(Happened::Revoked { holder, expires_on: None });
        assert_eq!(taken.said(), "revoked Uma Usher's seat of Figma");
        assert_eq!(taken.changes(), [Change::new("Holder", Some("Uma Usher".to_owned()), None)]);
    }

    #[test]
    fn a_key_stands_in_the_trail_by_its_end_only() {
        let key = super::super::license_key::LicenseKey::parse("SECRET-KEY-7F2K").unwrap();
        let set = fact(Happened::KeySet { before: None, after: key.hint() });
        assert_eq!(set.changes(), [Change::set("License key", "••••7F2K")]);
        let given = Happened::Assigned { holder: String::new(), expires_on: None, key: Some(key.hint()) };
        assert!(!format!("{:?}", fact(given).changes()).contains("SECRET"));
        assert!(!fact(Happened::KeyRevealed { key: key.hint() }).said().contains("SECRET"));
    }
}
