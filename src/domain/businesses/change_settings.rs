//! Changing what a business has set about itself. No amount is ever converted by it: every subscription keeps its own
//! currency, and the open period of the plan keeps its end.

use chrono_tz::Tz;

use crate::domain::plans;
use crate::kernel::currency::Currency;
use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::BusinessId;
use crate::kernel::locale::Locale;
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, Scope, Work};

use super::settings::{Settings, Steps, SupportAccess};
use super::store;

/// Sets these; what is none stays as it was.
#[derive(Default)]
pub struct ChangeSettings {
    /// The name.
    pub name: Option<String>,
    /// The base currency.
    pub currency: Option<Currency>,
    /// The zone.
    pub zone: Option<Tz>,
    /// How numbers, money and dates are written.
    pub locale: Option<Locale>,
    /// What support staff may do: an owner's to decide.
    pub support_access: Option<SupportAccess>,
    /// Whether everybody needs a second factor.
    pub require_two_factor: Option<bool>,
    /// Whether programs may sign people up.
    pub client_sign_up: Option<bool>,
    /// How many days before the last day to cancel reminders go out.
    pub cancel_by_reminders: Option<Steps>,
    /// How many days before a renewal.
    pub renewal_reminders: Option<Steps>,
}

impl Operation for ChangeSettings {
    const NEEDS: Permission = Permission::ChangeSettings;
    const SENSITIVE: Option<Attempt> =
        Some(Attempt { action: "business.settings_refused", said: "tried to change the settings of the business" });
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        plans::store::lock(work)?;
        let before = store::settings(work)?;
        let after = self.over(&before);
        if after.support_access != before.support_access && !work.access().may(Permission::ConsentToSupport) {
            return Err(Refusal::new(
                Kind::NotAllowed,
                "owners_consent",
                "What support may do is an owner’s to decide. Nothing was changed.",
            ));
        }
        let changes = before.compared(&after);
        if changes.is_empty() && after.is_checked == before.is_checked {
            return Ok(work.nothing_changed(()));
        }
        store::write_settings(work, &after)?;
        let ladders = |of: &Settings| (of.cancel_by_reminders.clone(), of.renewal_reminders.clone());
        if ladders(&before) != ladders(&after) {
            store::look_at_reminders(work)?;
        }
        let fact = SettingsFact { business: work.business(), name: after.name, changes };
        work.record(&fact, ())
    }
}

impl ChangeSettings {
    /// What becomes of these. Whoever sends currency and zone has looked at them.
    fn over(&self, before: &Settings) -> Settings {
        let has_looked = self.currency.is_some() && self.zone.is_some();
        Settings {
            name: self.name.clone().unwrap_or_else(|| before.name.clone()),
            currency: self.currency.unwrap_or(before.currency),
            zone: self.zone.unwrap_or(before.zone),
            locale: self.locale.unwrap_or(before.locale),
            support_access: self.support_access.unwrap_or(before.support_access),
            require_two_factor: self.require_two_factor.unwrap_or(before.require_two_factor),
            client_sign_up: self.client_sign_up.unwrap_or(before.client_sign_up),
            cancel_by_reminders: self.cancel_by_reminders.clone().unwrap_or_else(|| before.cancel_by_reminders.clone()),
            renewal_reminders: self.renewal_reminders.clone().unwrap_or_else(|| before.renewal_reminders.clone()),
            is_checked: before.is_checked || has_looked,
            ..before.clone()
        }
    }
}

struct SettingsFact {
    business: BusinessId,
    name: String,
    changes: Vec<Change>,
}

impl Fact for SettingsFact {
    fn code(&self) -> &'static str {
        match self.changes.is_empty() {
            true => "business.settings_checked",
            false => "business.settings_changed",
        }
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        match self.changes.is_empty() {
            true => "looked over currency and time zone".to_owned(),
            false => "changed the settings of the business".to_owned(),
        }
    }

    fn changes(&self) -> Vec<Change> {
        self.changes.clone()
    }
}
