//! One seat as its page prints it.

use chrono::NaiveDate;

use crate::domain::licenses::history::LicenseHistory;
use crate::domain::licenses::last_use::Usage;
use crate::domain::licenses::license::{Assignment, Status};
use crate::domain::licenses::list::Changeable;
use crate::kernel::access::{Access, House};
use crate::kernel::calendar::days_between;

use super::views::{Day, action, flags, usage};

/// One seat and everybody who held it.
pub struct HistoryView {
    /// The seat's id.
    pub license: String,
    /// The subscription's id.
    pub subscription: String,
    /// Its name.
    pub name: String,
    /// Kind and words of how it stands.
    pub state: (&'static str, &'static str),
    /// Who holds it.
    pub holder: Option<HeldBy>,
    /// The end of its license key.
    pub key: Option<String>,
    /// The last day.
    pub expires: Option<Day>,
    /// Kind and words of whether it is used, and how that is known.
    pub usage: (&'static str, String, Option<&'static str>),
    /// Whether its license key can be shown.
    pub can_reveal: bool,
    /// Whether its key can be set: the subscription is theirs to change.
    pub can_change: bool,
    /// Whether it can be given to somebody else.
    pub can_reassign: bool,
    /// Whether it can be given up.
    pub can_retire: bool,
    /// Whether it can be taken back.
    pub can_restore: bool,
    /// Address and name of the people who could get it.
    pub people: Vec<(String, String)>,
    /// The first day that can be a last day.
    pub today: String,
    /// Who held it from when to when, newest first.
    pub rows: Vec<HolderRow>,
    /// Where the next page is.
    pub next: Option<String>,
}

/// Who holds a seat.
pub struct HeldBy {
    /// The person's id.
    pub member: String,
    /// The name.
    pub name: String,
    /// Kind and words of what is the matter.
    pub flags: Vec<(&'static str, &'static str)>,
    /// What the button that takes it away says.
    pub action: Option<&'static str>,
}

/// Who held a seat from when to when.
pub struct HolderRow {
    /// The holder's id.
    pub member: String,
    /// The holder's name.
    pub holder: String,
    /// From when.
    pub from: Day,
    /// Until when; none while they hold it.
    pub until: Option<Day>,
    /// The last day it had when it ended.
    pub last_day: Option<Day>,
    /// "12 days".
    pub days: String,
}

impl HistoryView {
    pub(super) fn new(history: LicenseHistory, access: &Access, today: NaiveDate) -> Self {
        let house = access.reading();
        let LicenseHistory { license, status, changeable, .. } = history;
        let can_change = matches!(changeable, Changeable::Revoke | Changeable::Fully);
        let (kind_of_use, words) = usage(Usage::of(history.last_use, today, access.house().zone));
        let holder = history.holder.map(|holder| HeldBy {
            member: holder.id.to_string(),
            flags: flags(&holder, status).into_iter().filter(|(_, words)| *words != "Expired").collect(),
            action: action(&holder, access, changeable),
            name: holder.name,
        });
        Self {
            next: history.next.map(|after| format!("/licenses/{}?after={after}", license.id)),
            license: license.id.to_string(),
            subscription: license.subscription.to_string(),
            name: license.subscription_name,
            state: (kind(status), status.label()),
            key: license.key.map(|key| key.to_string()),
            expires: license.expires_on.map(|last| Day::on(last, house)),
            usage: (kind_of_use, words, history.last_use.map(|last| last.source.label())),
            can_reveal: history.can_reveal,
            can_change,
            can_reassign: changeable == Changeable::Fully && holder.is_some(),
            can_retire: can_change && status == Status::Free,
            can_restore: changeable == Changeable::Fully && status == Status::Retired,
            holder,
            people: history.candidates.into_iter().map(|person| (person.email, person.name)).collect(),
            today: today.to_string(),
            rows: history.assignments.into_iter().map(|assignment| row(assignment, house, today)).collect(),
        }
    }
}

fn row(assignment: Assignment, house: House, today: NaiveDate) -> HolderRow {
    let day = |instant: chrono::DateTime<chrono::Utc>| instant.with_timezone(&house.zone).date_naive();
    let days = days_between(day(assignment.given_at), assignment.ended_at.map_or(today, day));
    HolderRow {
        member: assignment.holder.id.to_string(),
        holder: assignment.holder.name,
        from: Day::of(assignment.given_at, house),
        until: assignment.ended_at.map(|ended| Day::of(ended, house)),
        last_day: assignment.expires_on.map(|last| Day::on(last, house)),
        days: match days {
            ..=0 => "less than a day".to_owned(),
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        },
    }
}

/// The colour of a status.
pub(super) fn kind(status: Status) -> &'static str {
    match status {
        Status::Assigned => "good",
        Status::Expired => "bad",
        Status::Free => "hollow",
        Status::Retired => "",
    }
}
