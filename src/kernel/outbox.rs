//! The outbox: letters are written in the transaction that causes them and sent by the worker after it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ids::{BusinessId, LetterId};
use super::refusal::Refusal;
use super::schema::letters;
use super::secret::{Key, Keyring, Purpose};

/// Inserts go in batches below PostgreSQL's limit of parameters.
const BATCH: usize = 1_000;

/// What one kind of letter says. The struct lives with its feature, its wording with the mail.
pub trait Letter: Serialize + DeserializeOwned {
    /// Stable, snake_case; also the folder of its templates.
    const KIND: &'static str;
}

/// To whom a letter goes.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The address.
    pub email: String,
    /// The name, for the greeting and the header.
    pub name: String,
}

/// One letter ready for the outbox.
pub struct Envelope<'a, L: Letter> {
    /// To whom.
    pub to: Recipient,
    /// What it says.
    pub letter: &'a L,
    /// The key its link carries: encrypted while it waits, gone once it is sent.
    pub key: Option<&'a Key>,
    /// Set when the occasion may come twice and the letter may not.
    pub dedupe_key: Option<String>,
}

impl<'a, L: Letter> Envelope<'a, L> {
    /// A letter without a key, sent each time it is put.
    pub fn new(email: &str, name: &str, letter: &'a L) -> Self {
        Self { to: Recipient { email: email.to_owned(), name: name.to_owned() }, letter, key: None, dedupe_key: None }
    }

    /// The same, its link carrying this key.
    pub fn with_key(self, key: &'a Key) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The same, at most once for this occasion.
    pub fn once_for(self, occasion: impl Into<String>) -> Self {
        Self { dedupe_key: Some(occasion.into()), ..self }
    }
}

/// The outbox's row of one letter, sealed and not yet put: letters of several kinds go in together.
#[derive(Insertable)]
#[diesel(table_name = letters)]
pub struct Sealed {
    id: LetterId,
    business_id: Option<BusinessId>,
    kind: &'static str,
    to_email: String,
    to_name: String,
    details: serde_json::Value,
    carries_key: bool,
    key_sealed: Option<Vec<u8>>,
    dedupe_key: Option<String>,
    state: &'static str,
    due_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

pub(super) fn seal<L: Letter>(
    keyring: &Keyring,
    business: Option<BusinessId>,
    now: DateTime<Utc>,
    envelope: &Envelope<'_, L>,
) -> Result<Sealed, Refusal> {
    let id = LetterId::mint(now);
    let key_sealed =
        envelope.key.map(|key| keyring.seal(Purpose::Letter, id.0.as_bytes(), key.to_text().as_bytes())).transpose()?;
    Ok(Sealed {
        id,
        business_id: business,
        kind: L::KIND,
        to_email: envelope.to.email.clone(),
        to_name: envelope.to.name.clone(),
        details: serde_json::to_value(envelope.letter).map_err(Refusal::fault)?,
        carries_key: key_sealed.is_some(),
        key_sealed,
        dedupe_key: envelope.dedupe_key.clone(),
        state: "waiting",
        due_at: now,
        created_at: now,
    })
}

/// Says how many were put: what stands there for the same occasion already is left out.
pub(super) fn put(conn: &mut PgConnection, sealed: &[Sealed]) -> Result<usize, Refusal> {
    let mut put = 0;
    for batch in sealed.chunks(BATCH) {
        put += diesel::insert_into(letters::table).values(batch).on_conflict_do_nothing().execute(conn)?;
    }
    Ok(put)
}
