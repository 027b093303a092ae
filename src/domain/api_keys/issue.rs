//! Making a key. Its text goes to whoever made it, and nowhere else.

use chrono::NaiveDate;

use crate::kernel::ids::ApiKeyId;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;
use crate::kernel::work::{Audited, Scope, Work};

use super::api_key::{ApiKey, KeyKind, KeyScope, last_day, last_of, scopes_of};
use super::facts::{Happened, KeyFact};
use super::store;

/// How many live keys a business may have.
pub const MOST: i64 = 100;

/// Makes a key.
pub struct Issue {
    /// What people call it.
    pub name: String,
    /// For what sort of program.
    pub kind: KeyKind,
    /// What it may do, as ticked.
    pub scopes: Vec<KeyScope>,
    /// The last day; none: in a year.
    pub expires_on: Option<NaiveDate>,
}

/// A key that was made.
pub struct Issued {
    /// Its text, for this one answer.
    pub key: Key,
    /// The rest of it.
    pub about: ApiKey,
}

impl Operation for Issue {
    const NEEDS: Permission = Permission::ManageKeys;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "api_key.issue_refused", said: "tried to make an API key" });
    type Output = Issued;

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<Issued>, Refusal> {
        let (now, today) = (work.now(), work.today());
        let scopes = scopes_of(self.kind, &self.scopes)?;
        let expires_on = last_day(self.expires_on, today)?;
        store::lock_business(work)?;
        if store::live(work)? >= MOST {
            let message = format!("{MOST} keys are in use, which is as many as a business has. Revoke one first.");
            return Err(Refusal::conflict("too_many_keys", message));
        }
        let key = Key::random();
        let about = ApiKey {
            id: ApiKeyId::mint(now),
            name: self.name.clone(),
            kind: self.kind,
            scopes,
            last4: last_of(&key),
            created_at: now,
            expires_on,
            last_used_at: None,
            revoked_at: None,
        };
        store::insert(work, &about, &key.hash())?;
        let what =
            Happened::Issued { kind: about.kind, scopes: about.scopes.clone(), last4: about.last4.clone(), expires_on };
        work.record(&KeyFact { key: about.id, name: about.name.clone(), what }, Issued { key, about })
    }
}
