//! The outbox: letters are written in the transaction that causes them and sent by the worker after it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::ids::{BusinessId, LetterId};
use super::refusal::Refusal;
use super::schema::letters;
use super::secret::{Key, Keyring, Purpose};

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

pub(super) fn put<L: Letter>(
    conn: &mut PgConnection,
    keyring: &Keyring,
    business: Option<BusinessId>,
    now: DateTime<Utc>,
    envelope: &Envelope<'_, L>,
) -> Result<(), Refusal> {
    let id = LetterId::mint(now);
    let key_sealed =
        envelope.key.map(|key| keyring.seal(Purpose::Letter, id.0.as_bytes(), key.to_text().as_bytes())).transpose()?;
    diesel::insert_into(letters::table)
        .values((
            letters::id.eq(id),
            letters::business_id.eq(business),
            letters::kind.eq(L::KIND),
            letters::to_email.eq(&envelope.to.email),
            letters::to_name.eq(&envelope.to.name),
            letters::details.eq(serde_json::to_value(envelope.letter).map_err(Refusal::fault)?),
            letters::key_sealed.eq(key_sealed),
            letters::dedupe_key.eq(&envelope.dedupe_key),
            letters::state.eq("waiting"),
            letters::due_at.eq(now),
            letters::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}
