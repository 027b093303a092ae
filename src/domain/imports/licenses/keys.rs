//! License keys of seats that nobody holds: which of them are there already. Sealed keys are opened only when they end
//! as one of the file does.

use std::collections::HashMap;

use crate::domain::imports::columns::Columns;
use crate::domain::imports::reading::Sheet;
use crate::domain::licenses::license::State;
use crate::domain::licenses::license_key::{KeyHint, LicenseKey};
use crate::domain::licenses::store::{SealedSeat, with_keys_ending};
use crate::kernel::ids::SubscriptionId;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Keyring;
use crate::kernel::work::Scope;

/// The keys that seats have, of those a file brings for free ones, and how the seats stand.
#[derive(Default)]
pub(super) struct KnownKeys(HashMap<(SubscriptionId, LicenseKey), State>);

impl KnownKeys {
    /// Opens what may be one of the file.
    pub(super) fn open(sealed: &[SealedSeat], keyring: &Keyring) -> Result<Self, Refusal> {
        let mut known = HashMap::new();
        for seat in sealed {
            let state = known.entry((seat.subscription, seat.open(keyring)?)).or_insert(seat.state);
            // An open one counts before a retired one.
            if seat.state == State::Open {
                *state = State::Open;
            }
        }
        Ok(Self(known))
    }

    /// How a seat of this subscription stands that has this key.
    pub(super) fn state(&self, subscription: SubscriptionId, key: &LicenseKey) -> Option<State> {
        self.0.get(&(subscription, key.clone())).copied()
    }
}

/// Seats whose key may be one that the file brings for a seat without a holder; none is read when it brings none.
pub(super) fn sealed(scope: &mut impl Scope, sheet: &Sheet, columns: &Columns) -> Result<Vec<SealedSeat>, Refusal> {
    let free = sheet.rows.iter().filter(|row| columns.cell("person", &row.cells).is_none());
    let keys = free.filter_map(|row| LicenseKey::parse(columns.cell("key", &row.cells)?).ok());
    let ends: Vec<KeyHint> = keys.map(|key| key.hint()).collect();
    match ends.is_empty() {
        true => Ok(Vec::new()),
        false => with_keys_ending(scope, &ends),
    }
}
