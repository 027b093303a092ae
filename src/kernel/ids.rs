//! Ids: UUIDv7 minted from the product's clock, one Rust type per thing, written in URLs and APIs as 26
//! characters of lower-case Crockford base32. Other spellings of the same number are not ids.

use chrono::{DateTime, Utc};
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;
const LARGEST_NUMBER: u32 = (1 << 26) - 1;

/// Mints a UUIDv7 whose time part is `now`, in whole milliseconds.
pub fn mint(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    let stamp = uuid::Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos());
    Uuid::new_v7(stamp)
}

/// Mints the id of the `nth` thing of one act: at one instant, ids sort by this number.
pub fn mint_nth(now: DateTime<Utc>, nth: u32) -> Uuid {
    // Random bits lie below the version (12) and below the variant (62); the number takes the first 26 of them, and
    // the 48 that remain still tell acts of the same millisecond apart.
    let number = u128::from(nth.min(LARGEST_NUMBER));
    let room = (0xfff << 64) | (0x3fff << 48);
    let placed = ((number >> 14) << 64) | ((number & 0x3fff) << 48);
    Uuid::from_u128((mint(now).as_u128() & !room) | placed)
}

/// The least id of this instant: no id minted before it is as great, and none minted from it on is less.
pub fn floor(at: DateTime<Utc>) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    Uuid::from_u128(u128::from(millis) << 80)
}

/// Writes an id as 26 characters, most significant first.
pub fn to_text(id: Uuid) -> String {
    let number = id.as_u128();
    (0..LENGTH)
        .rev()
        .filter_map(|place| usize::try_from((number >> (place * 5)) & 31).ok())
        .filter_map(|digit| ALPHABET.get(digit).copied().map(char::from))
        .collect()
}

/// Reads an id, only in the spelling that [`to_text`] writes.
pub fn from_text(text: &str) -> Option<Uuid> {
    if text.len() != LENGTH || !text.starts_with(|first| ('0'..='7').contains(&first)) {
        return None;
    }
    text.bytes()
        .try_fold(0_u128, |number, byte| {
            let digit = ALPHABET.iter().position(|&letter| letter == byte)?;
            Some((number << 5) | u128::try_from(digit).ok()?)
        })
        .map(Uuid::from_u128)
}

/// Ten random letters and digits: the id by which Parse clients know an object.
pub fn parse_id() -> String {
    use rand::RngExt;
    rand::rng().sample_iter(rand::distr::Alphanumeric).take(10).map(char::from).collect()
}

/// Declares id types that cannot be taken for one another.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug,
            diesel::expression::AsExpression, diesel::deserialize::FromSqlRow,
            serde::Serialize, serde::Deserialize,
        )]
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub Uuid);

        impl $name {
            /// Mints a new id at this instant.
            pub fn mint(now: DateTime<Utc>) -> Self { Self(mint(now)) }
            /// Mints the id of the `nth` of one act; see [`mint_nth`].
            pub fn mint_nth(now: DateTime<Utc>, nth: u32) -> Self { Self(mint_nth(now, nth)) }
            /// Reads the text form; anything else is `None`, which callers answer as not found.
            pub fn parse(text: &str) -> Option<Self> { from_text(text).map(Self) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&to_text(self.0)) }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String { id.to_string() }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid { id.0 }
        }
        impl TryFrom<String> for $name {
            type Error = &'static str;
            fn try_from(text: String) -> Result<Self, Self::Error> { Self::parse(&text).ok_or("not an id") }
        }
        impl diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn from_sql(bytes: diesel::pg::PgValue<'_>) -> diesel::deserialize::Result<Self> {
                <Uuid as diesel::deserialize::FromSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::from_sql(bytes).map(Self)
            }
        }
        impl diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, diesel::pg::Pg>) -> diesel::serialize::Result {
                <Uuid as diesel::serialize::ToSql<diesel::sql_types::Uuid, diesel::pg::Pg>>::to_sql(&self.0, out)
            }
        }
    )+};
}

id! {
    /// A tenant.
    BusinessId,
    /// A person who can sign in, in all of their businesses.
    UserId,
    /// A person in one business's list.
    MemberId,
    /// An e-mailed invitation of one member.
    InvitationId,
    /// One version of a plan.
    PlanId,
    /// A vendor's product, as one business knows it.
    ServiceId,
    /// Software the business pays for.
    SubscriptionId,
    /// Price and seats of a subscription from a date on.
    PriceLineId,
    /// Money due for one cycle.
    ChargeId,
    /// What was decided about one renewal.
    DecisionId,
    /// One seat of a subscription.
    LicenseId,
    /// Who held a seat from when to when.
    AssignmentId,
    /// A letter in the outbox.
    LetterId,
    /// Somebody's wish for a new password.
    ResetRequestId,
    /// One fact in the trail.
    AuditEntryId,
    /// One uploaded file on its way in.
    ImportId,
    /// Somebody's wish for a seat.
    SeatRequestId,
    /// A message to one member.
    NotificationId,
    /// One staff member within one business, for some minutes.
    SupportSessionId,
    /// One attempt of staff to get people back in.
    RecoveryId,
    /// A program's credential.
    ApiKeyId,
    /// What staff gave a business beyond its plan.
    OverrideId,
    /// One HTTP request, in the log, the trail and on fault pages.
    RequestId,
}

impl BusinessId {
    /// The reserved business that holds the facts of the installation itself.
    pub const INSTALLATION: Self = Self(Uuid::from_u128(0x00000000_0000_7000_8000_000000000000));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_number_are_one() {
        for number in [0, 1, u128::MAX, 0x0190_0000_0000_7000_8000_0000_0000_00ff] {
            let id = Uuid::from_u128(number);
            assert_eq!(from_text(&to_text(id)), Some(id));
        }
        assert_eq!(to_text(Uuid::from_u128(31)), "0000000000000000000000000z");
    }

    #[test]
    fn other_spellings_are_not_ids() {
        let id = to_text(Uuid::from_u128(u128::MAX >> 1));
        for wrong in
            [id.to_uppercase(), format!("{id}0"), format!("8{}", &id[1..]), id.replace('z', "o"), String::new()]
        {
            assert_eq!(from_text(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn later_ids_sort_later() {
        let early = DateTime::from_timestamp_millis(1_700_000_000_000).unwrap();
        let late = early + chrono::TimeDelta::milliseconds(1);
        assert!(mint(early) < mint(late));
    }

    #[test]
    fn ids_of_one_act_sort_in_its_order_and_stay_uuids() {
        let now = DateTime::from_timestamp_millis(1_700_000_000_000).unwrap();
        let ids: Vec<Uuid> =
            [0, 1, 2, 16_383, 16_384, 70_000, LARGEST_NUMBER, u32::MAX].map(|nth| mint_nth(now, nth)).to_vec();
        // The last one is past the largest number, and so in no order with the one before it.
        assert!(ids[..7].is_sorted(), "{ids:?}");
        for id in &ids {
            assert_eq!((id.get_version_num(), id.get_variant()), (7, uuid::Variant::RFC4122));
            assert!(floor(now) <= *id && *id < floor(now + chrono::TimeDelta::milliseconds(1)));
        }
        assert_ne!(mint_nth(now, 7), mint_nth(now, 7));
    }
}
