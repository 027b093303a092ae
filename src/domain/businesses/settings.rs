//! What a business has set about itself.

use chrono::{DateTime, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::kernel::currency::Currency;
use crate::kernel::fact::Change;
use crate::kernel::locale::Locale;
use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::store;

/// What support staff may do in a business.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SupportAccess {
    /// Nothing: they cannot step in.
    Refused,
    /// Step in and look.
    Read,
    /// Step in and, when asked to, change things.
    Write,
}

impl SupportAccess {
    /// Every choice, the least first.
    pub const ALL: [Self; 3] = [Self::Refused, Self::Read, Self::Write];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Refused => "Support may not step in",
            Self::Read => "Support may look",
            Self::Write => "Support may look and change things",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Result<Self, Refusal> {
        let found = Self::ALL.into_iter().find(|access| access.code() == code);
        found.ok_or_else(|| Refusal::invalid("support_access", "Choose one of the three."))
    }
}

/// The most steps of one ladder of reminders.
const MOST_STEPS: usize = 10;

/// The farthest step.
const FARTHEST: u32 = 365;

/// Days before a date on which reminders go out, the farthest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Steps(Vec<u32>);

impl Steps {
    /// As stored; what is no number of days is left out.
    pub(super) fn stored(days: Vec<Option<i32>>) -> Self {
        Self::in_order(days.into_iter().flatten().filter_map(|days| u32::try_from(days).ok()).collect())
    }

    /// As typed: "60, 30, 15, 1"; empty is no reminder at all.
    pub fn parse(field: &'static str, text: &str) -> Result<Self, Refusal> {
        let parts = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace()).filter(|part| !part.is_empty());
        let days: Option<Vec<u32>> =
            parts.map(|part| part.parse().ok().filter(|days| (1..=FARTHEST).contains(days))).collect();
        let unread = || {
            let message = format!("Write numbers of days from 1 to {FARTHEST}, such as 60, 30, 15, 1.");
            Refusal::invalid(field, message)
        };
        let steps = Self::in_order(days.ok_or_else(unread)?);
        match steps.0.len() > MOST_STEPS {
            true => Err(Refusal::invalid(field, format!("Write at most {MOST_STEPS} of them."))),
            false => Ok(steps),
        }
    }

    fn in_order(mut days: Vec<u32>) -> Self {
        days.sort_unstable_by(|one, other| other.cmp(one));
        days.dedup();
        Self(days)
    }

    /// As stored.
    pub(super) fn days(&self) -> Vec<Option<i32>> {
        self.0.iter().map(|days| i32::try_from(*days).ok()).collect()
    }
}

impl std::fmt::Display for Steps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let days: Vec<String> = self.0.iter().map(u32::to_string).collect();
        f.write_str(&days.join(", "))
    }
}

/// A time zone as typed: its IANA name, blanks forgiven.
pub fn parse_zone(text: &str) -> Result<Tz, Refusal> {
    let name = text.trim().replace(' ', "_");
    let found = TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(&name));
    found
        .copied()
        .ok_or_else(|| Refusal::invalid("zone", "Choose a time zone of the list, such as Europe/Lisbon or UTC."))
}

/// The zones a form offers: places, and UTC.
pub fn zones() -> impl Iterator<Item = &'static str> {
    let is_place = |name: &&str| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("US/");
    std::iter::once("UTC").chain(TZ_VARIANTS.iter().map(|zone| zone.name()).filter(is_place))
}

/// Everything a business has set about itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Its name.
    pub name: String,
    /// The base currency.
    pub currency: Currency,
    /// Civil dates are days of this zone.
    pub zone: Tz,
    /// How numbers, money and dates are written.
    pub locale: Locale,
    /// What support staff may do.
    pub support_access: SupportAccess,
    /// Whether everybody who signs in needs a second factor.
    pub require_two_factor: bool,
    /// Whether programs may sign people up with the application id.
    pub client_sign_up: bool,
    /// How many days before the last day to cancel reminders go out.
    pub cancel_by_reminders: Steps,
    /// How many days before a renewal.
    pub renewal_reminders: Steps,
    /// Whether somebody has looked over currency and zone.
    pub is_checked: bool,
    /// When it will be gone; none while it is not being closed.
    pub closes_at: Option<DateTime<Utc>>,
    /// Its public id, which programs send.
    pub application_id: String,
}

impl Settings {
    /// What differs between these and those, as the trail says it.
    pub(super) fn compared(&self, after: &Self) -> Vec<Change> {
        let days = |steps: &Steps| Some(steps.to_string()).filter(|text| !text.is_empty());
        let said = |is: bool| Some(if is { "Yes" } else { "No" }.to_owned());
        let fields = [
            ("Name", Some(self.name.clone()), Some(after.name.clone())),
            ("Currency", Some(self.currency.to_string()), Some(after.currency.to_string())),
            ("Time zone", Some(self.zone.name().to_owned()), Some(after.zone.name().to_owned())),
            ("Region", Some(self.locale.name().to_owned()), Some(after.locale.name().to_owned())),
            ("Support", Some(self.support_access.label().to_owned()), Some(after.support_access.label().to_owned())),
            ("Two-factor required", said(self.require_two_factor), said(after.require_two_factor)),
            ("Sign-up by programs", said(self.client_sign_up), said(after.client_sign_up)),
            ("Reminders before cancel-by", days(&self.cancel_by_reminders), days(&after.cancel_by_reminders)),
            ("Reminders before renewal", days(&self.renewal_reminders), days(&after.renewal_reminders)),
        ];
        fields.into_iter().filter_map(|(field, before, after)| Change::between(field, before, after)).collect()
    }
}

/// The settings of the business.
pub struct SettingsOf;

impl Question for SettingsOf {
    const NEEDS: Permission = Permission::ChangeSettings;
    const READS: Reads = Reads::One;
    type Output = Settings;

    fn find(&self, view: &mut View<'_>) -> Result<Settings, Refusal> {
        store::settings(view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_read_as_people_write_it() {
        assert_eq!(parse_zone(" america/new york ").unwrap(), Tz::America__New_York);
        assert_eq!(parse_zone("UTC").unwrap(), Tz::UTC);
        for wrong in ["", "Mars/Olympus", "+01:00", "Lisbon"] {
            assert_eq!(parse_zone(wrong).unwrap_err().field, Some("zone"), "{wrong}");
        }
    }

    #[test]
    fn steps_are_read_as_people_write_them() {
        let read = |text| Steps::parse("renewal_reminders", text).map(|steps| steps.to_string());
        assert_eq!(read(" 7,30; 15 7 ").unwrap(), "30, 15, 7");
        assert_eq!(read("").unwrap(), "");
        for wrong in ["0", "366", "-1", "1.5", "soon", "1 2 3 4 5 6 7 8 9 10 11", "99999999999"] {
            assert_eq!(read(wrong).unwrap_err().field, Some("renewal_reminders"), "{wrong}");
        }
    }

    #[test]
    fn every_offered_zone_can_be_chosen() {
        assert!(zones().count() > 300);
        assert!(zones().all(|name| parse_zone(name).is_ok()));
    }
}
