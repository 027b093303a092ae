//! A program's key: what kind it is, what it may do, and until when it opens anything.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::kernel::ids::ApiKeyId;
use crate::kernel::permission::{Permission, Permissions};
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

/// Every key begins with this, so that whoever finds one knows what it is.
pub const PREFIX: &str = "slk_";
/// The last day of a key that was made without one.
const USUAL_DAYS: u64 = 365;
const MOST_DAYS: u64 = 2 * 366;
const LONGEST_NAME: usize = 80;
const LAST: usize = 4;

/// For what sort of program a key is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyKind {
    /// A program on a server of the business's own, which keeps it secret.
    Service,
    /// A program on other people's devices, which cannot: it reports usage and does nothing else.
    Sdk,
}

impl KeyKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sdk, Self::Service];

    /// The stable code, as stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Sdk => "sdk",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Service => "Service",
            Self::Sdk => "SDK",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One thing a key may do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum KeyScope {
    /// See subscriptions, prices and seats.
    ReadSubscriptions,
    /// Add and change them, give and revoke seats.
    WriteSubscriptions,
    /// See people.
    ReadPeople,
    /// Add and change people.
    WritePeople,
    /// Read the trail.
    ReadTrail,
    /// Report usage: what the other kind of key does.
    WriteUsage,
}

impl KeyScope {
    /// What a service key may be given; usage is reported with the other kind.
    pub const OF_SERVICES: [Self; 5] =
        [Self::ReadSubscriptions, Self::WriteSubscriptions, Self::ReadPeople, Self::WritePeople, Self::ReadTrail];

    const ALL: [Self; 6] = [
        Self::ReadSubscriptions,
        Self::WriteSubscriptions,
        Self::ReadPeople,
        Self::WritePeople,
        Self::ReadTrail,
        Self::WriteUsage,
    ];

    /// The stable code, as stored and sent.
    pub fn code(self) -> &'static str {
        match self {
            Self::ReadSubscriptions => "subscriptions:read",
            Self::WriteSubscriptions => "subscriptions:write",
            Self::ReadPeople => "people:read",
            Self::WritePeople => "people:write",
            Self::ReadTrail => "trail:read",
            Self::WriteUsage => "usage:write",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ReadSubscriptions => "See subscriptions and seats",
            Self::WriteSubscriptions => "Change subscriptions and seats",
            Self::ReadPeople => "See people",
            Self::WritePeople => "Change people",
            Self::ReadTrail => "Read the trail",
            Self::WriteUsage => "Report usage",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }

    fn permissions(self) -> Permissions {
        use Permission::*;
        match self {
            Self::ReadSubscriptions => Permissions::of(&[SeeSubscriptions]),
            Self::WriteSubscriptions => Permissions::of(&[SeeSubscriptions, AddSubscriptions, ChangeSubscriptions]),
            Self::ReadPeople => Permissions::of(&[SeePeople]),
            Self::WritePeople => Permissions::of(&[SeePeople, ChangePeople]),
            Self::ReadTrail => Permissions::of(&[Permission::ReadTrail]),
            Self::WriteUsage => Permissions::of(&[ReportUsage]),
        }
    }
}

/// What a key with these scopes may do: nothing that is not named.
pub fn permissions(scopes: &[KeyScope]) -> Permissions {
    let own = Permissions::of(&[Permission::UseKey]);
    scopes.iter().fold(own, |all, scope| all.and(scope.permissions()))
}

/// The scopes of a new key of this kind, from what was ticked.
pub fn scopes_of(kind: KeyKind, ticked: &[KeyScope]) -> Result<Vec<KeyScope>, Refusal> {
    let mut scopes = ticked.to_vec();
    scopes.sort();
    scopes.dedup();
    match kind {
        KeyKind::Sdk if scopes.iter().all(|scope| *scope == KeyScope::WriteUsage) => Ok(vec![KeyScope::WriteUsage]),
        KeyKind::Sdk => Err(Refusal::invalid("scopes", "An SDK key reports usage and does nothing else.")),
        KeyKind::Service if scopes.contains(&KeyScope::WriteUsage) => {
            Err(Refusal::invalid("scopes", "Usage is reported with an SDK key."))
        }
        KeyKind::Service if scopes.is_empty() => {
            Err(Refusal::invalid("scopes", "Choose at least one thing a service key may do."))
        }
        KeyKind::Service => Ok(scopes),
    }
}

/// A name as typed.
pub fn parse_name(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    match name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        true => Err(Refusal::invalid("name", "Write a name of at most 80 characters, on one line.")),
        false => Ok(name.to_owned()),
    }
}

/// The last day of a new key: the one that was asked for, or else in a year. No key is for ever.
pub fn last_day(asked: Option<NaiveDate>, today: NaiveDate) -> Result<NaiveDate, Refusal> {
    let ahead = |days| today.checked_add_days(Days::new(days)).unwrap_or(today);
    match asked {
        None => Ok(ahead(USUAL_DAYS)),
        Some(day) if day < today => Err(Refusal::invalid("expires_on", "Choose today or a later day.")),
        Some(day) if day > ahead(MOST_DAYS) => {
            Err(Refusal::invalid("expires_on", "Choose a day within two years. A key can be replaced before it ends."))
        }
        Some(day) => Ok(day),
    }
}

/// The text of a key, as its program sends it.
pub fn to_text(key: &Key) -> String {
    format!("{PREFIX}{}", key.to_text())
}

/// Reads the text of a key; everything else is none.
pub fn from_text(text: &str) -> Option<Key> {
    text.strip_prefix(PREFIX).and_then(Key::parse)
}

/// Its last characters, by which a person tells keys apart.
pub fn last_of(key: &Key) -> String {
    let text = key.to_text();
    text.get(text.len().saturating_sub(LAST)..).unwrap_or_default().to_owned()
}

/// One key, as far as it is known once it was made.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// The id.
    pub id: ApiKeyId,
    /// What people call it.
    pub name: String,
    /// For what sort of program.
    pub kind: KeyKind,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// Its last characters.
    pub last4: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// The last day, which still counts.
    pub expires_on: NaiveDate,
    /// When a program last came in with it, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Since when it opens nothing.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// How a key stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyStatus {
    /// It opens what it was made for.
    Live,
    /// Its last day has passed.
    Expired,
    /// Somebody revoked it.
    Revoked,
}

impl KeyStatus {
    /// How a key stands on this day.
    pub fn of(expires_on: NaiveDate, revoked_at: Option<DateTime<Utc>>, today: NaiveDate) -> Self {
        match revoked_at {
            Some(_) => Self::Revoked,
            None if expires_on < today => Self::Expired,
            None => Self::Live,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_key_reads_back_only_with_its_prefix() {
        let key = Key::random();
        let text = to_text(&key);
        assert_eq!((text.len(), from_text(&text).unwrap().hash()), (47, key.hash()));
        assert!(text.ends_with(&last_of(&key)) && last_of(&key).len() == 4);
        for wrong in [key.to_text().as_str(), "slk_", "", "slk_short", &text.to_uppercase(), &format!("{text}=")] {
            assert!(from_text(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_key_that_may_leak_does_one_thing() {
        use KeyScope::*;
        assert_eq!(scopes_of(KeyKind::Sdk, &[]).unwrap(), [WriteUsage]);
        assert_eq!(scopes_of(KeyKind::Sdk, &[WriteUsage]).unwrap(), [WriteUsage]);
        assert!(scopes_of(KeyKind::Sdk, &[WriteUsage, ReadPeople]).is_err());
        assert!(scopes_of(KeyKind::Service, &[]).is_err());
        assert!(scopes_of(KeyKind::Service, &[ReadPeople, WriteUsage]).is_err());
        let twice = scopes_of(KeyKind::Service, &[ReadPeople, ReadSubscriptions, ReadPeople]).unwrap();
        assert_eq!(twice, [ReadSubscriptions, ReadPeople]);
        let may = permissions(&[WriteUsage]);
        let allowed: Vec<Permission> = Permission::ALL.into_iter().filter(|one| may.allow(*one)).collect();
        assert_eq!(allowed, [Permission::UseKey, Permission::ReportUsage]);
    }

    #[test]
    fn no_key_is_for_ever_and_the_last_day_still_counts() {
        let today = day("2026-11-22");
        assert_eq!(last_day(None, today).unwrap(), day("2027-11-22"));
        assert_eq!(last_day(Some(today), today).unwrap(), today);
        assert!(last_day(Some(day("2026-11-21")), today).is_err());
        assert!(last_day(Some(day("2028-11-23")), today).is_ok());
        assert!(last_day(Some(day("9999-12-31")), today).is_err());
        assert_eq!(KeyStatus::of(today, None, today), KeyStatus::Live);
        assert_eq!(KeyStatus::of(today, None, day("2026-11-23")), KeyStatus::Expired);
        assert_eq!(KeyStatus::of(today, Some(DateTime::UNIX_EPOCH), today), KeyStatus::Revoked);
    }

    #[test]
    fn a_name_is_one_short_line() {
        assert_eq!(parse_name(" Browser extension ").unwrap(), "Browser extension");
        for wrong in ["", "  ", "a\nb", "a\u{0}b", &"x".repeat(81)] {
            assert!(parse_name(wrong).is_err(), "{wrong:?}");
        }
    }
}
