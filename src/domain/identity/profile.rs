//! What a person says of themselves: their name, how times and numbers are written for them, and how pages look.

use chrono_tz::Tz;

use crate::kernel::db::Db;
use crate::kernel::fact::Change;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::locale::Locale;
use crate::kernel::operation::Operation;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::facts::{Deed, OwnFact};
use super::look::Look;
use super::profile_store as store;

/// What a person says of themselves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// What they call themselves.
    pub name: String,
    /// Where their clock hangs; none: where that of the business does.
    pub zone: Option<Tz>,
    /// How numbers and dates are written for them; none: as for the business.
    pub locale: Option<Locale>,
    /// How pages look, and whether they answer to single keys.
    pub look: Look,
}

/// What this person says of themselves, and their address.
pub async fn of(db: &Db, user: UserId) -> Result<(Profile, String), Refusal> {
    db.before_tenant(move |conn| store::seen(conn, user)).await
}

/// A time zone as chosen from the list; blank is that of the business.
pub fn parse_zone(text: &str) -> Result<Option<Tz>, Refusal> {
    match text {
        "" => Ok(None),
        name => name.parse().map(Some).map_err(|_| Refusal::invalid("zone", "Choose a time zone from the list.")),
    }
}

/// A locale as chosen from the list; blank is that of the business.
pub fn parse_locale(text: &str) -> Result<Option<Locale>, Refusal> {
    match text {
        "" => Ok(None),
        code => Locale::parse(code)
            .map(Some)
            .map_err(|_| Refusal::invalid("locale", "Choose a way of writing from the list.")),
    }
}

/// Makes a person say this of themselves; the name also stands in each of their businesses.
pub struct ChangeProfile {
    /// Who.
    pub user: UserId,
    /// What they say.
    pub profile: Profile,
}

impl Operation for ChangeProfile {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let before = store::profile(work.conn(), self.user)?;
        let changes = compared(&before, &self.profile);
        if changes.is_empty() {
            return Ok(work.nothing_changed(()));
        }
        let places: Vec<BusinessId> = store::places(work.conn(), self.user)?;
        store::change(work.conn(), self.user, &places, &self.profile)?;
        let name = self.profile.name.clone();
        work.record_in(&places, &OwnFact { user: self.user, name, deed: Deed::ChangedProfile { changes } }, ())
    }
}

fn compared(before: &Profile, after: &Profile) -> Vec<Change> {
    let zone = |profile: &Profile| profile.zone.map(|zone| zone.name().to_owned());
    let locale = |profile: &Profile| profile.locale.map(|locale| locale.name().to_owned());
    let theme = |profile: &Profile| profile.look.theme.map(|theme| theme.label().to_owned());
    let shortcuts = |profile: &Profile| Some(if profile.look.has_shortcuts { "On" } else { "Off" }.to_owned());
    let fields = [
        ("Name", Some(before.name.clone()), Some(after.name.clone())),
        ("Time zone", zone(before), zone(after)),
        ("Numbers and dates", locale(before), locale(after)),
        ("Theme", theme(before), theme(after)),
        ("Keyboard shortcuts", shortcuts(before), shortcuts(after)),
    ];
    fields.into_iter().filter_map(|(field, before, after)| Change::between(field, before, after)).collect()
}
