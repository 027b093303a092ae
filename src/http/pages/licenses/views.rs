//! Seats as their templates print them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::App;
use crate::domain::licenses::last_use::Usage;
use crate::domain::licenses::license::{Holder, Status};
use crate::domain::licenses::list::{Changeable, Seat, SeatList};
use crate::domain::licenses::requests::request::SeatRequest;
use crate::domain::team::member::MemberStatus;
use crate::http::pages::form::FormState;
use crate::http::pages::requests::RequestRow;
use crate::http::pages::views::SeatsView;
use crate::kernel::access::{Access, House};
use crate::kernel::permission::Permission;

use super::today;

/// A day: for machines and for people.
pub struct Day {
    /// For machines.
    pub iso: String,
    /// For people.
    pub text: String,
}

impl Day {
    pub(in crate::http::pages) fn of(instant: DateTime<Utc>, house: House) -> Self {
        Self::on(instant.with_timezone(&house.zone).date_naive(), house)
    }

    pub(in crate::http::pages) fn on(day: NaiveDate, house: House) -> Self {
        Self { iso: day.to_string(), text: house.locale.date(day) }
    }
}

/// The seats of one subscription; printed by `licenses/_section.html`.
pub struct SeatsSection {
    /// The subscription's id.
    pub subscription: String,
    /// Its name.
    pub name: String,
    /// Held and bought; none for whoever sees only the seat they hold.
    pub meter: Option<SeatsView>,
    /// One page of them, by the holder's name.
    pub rows: Vec<SeatRow>,
    /// Where the next page is.
    pub next: Option<String>,
    /// Address and name of the people who could get one.
    pub people: Vec<(String, String)>,
    /// Whether seats can be given on this page.
    pub can_assign: bool,
    /// A fresh form.
    pub form: FormState,
    /// The first day that can be a last day.
    pub today: String,
    /// Who asks for one.
    pub requests: Vec<RequestRow>,
}

impl SeatsSection {
    pub(super) fn new(list: SeatList, app: &App, access: &Access) -> Self {
        let (id, name) = (list.subscription.to_string(), list.name);
        let locale = access.reading().locale;
        let meter = list.held.map(|held| SeatsView { held, bought: list.bought, used: list.used, locale });
        let today = today(app, access);
        let rows: Vec<SeatRow> =
            list.seats.into_iter().map(|seat| SeatRow::for_list(seat, access, list.changeable, today)).collect();
        Self {
            next: list.next.map(|after| format!("/subscriptions/{id}/licenses?after={after}")),
            people: list.candidates.into_iter().map(|person| (person.email, person.name)).collect(),
            can_assign: list.changeable == Changeable::Fully,
            form: FormState::default(),
            today: today.to_string(),
            subscription: id,
            name,
            meter,
            rows,
            requests: Vec::new(),
        }
    }

    /// With the requests that wait for an answer.
    pub(super) fn asked_for(self, waiting: Vec<SeatRequest>, access: &Access) -> Self {
        Self { requests: waiting.into_iter().map(|request| RequestRow::new(request, access)).collect(), ..self }
    }

    /// Whether any seat of the page has a license key.
    pub fn shows_keys(&self) -> bool {
        self.rows.iter().any(|row| row.key.is_some())
    }

    /// Seats nobody holds; none when seats are not counted or not seen.
    pub fn free(&self) -> Option<i64> {
        let meter = self.meter?;
        meter.bought.map(|bought| (bought - meter.held).max(0))
    }

    /// Whether a seat can be had: counted and none free means no.
    pub fn has_room(&self) -> bool {
        self.free() != Some(0)
    }

    /// How many more are held than were bought.
    pub fn over(&self) -> i64 {
        self.meter.and_then(|meter| meter.bought.map(|bought| meter.held - bought)).unwrap_or(0).max(0)
    }

    /// Whether any seat of the page has a last day.
    pub fn shows_expiry(&self) -> bool {
        self.rows.iter().any(|row| row.expires.is_some())
    }

    /// Whether any seat of the page can be revoked or given back.
    pub fn has_actions(&self) -> bool {
        self.rows.iter().any(|row| row.action.is_some())
    }

    /// "27 holders", or how many of them this page shows.
    pub fn range(&self) -> String {
        let shown = self.rows.len();
        match self.meter {
            Some(meter) => format!("{shown} of {} holders", meter.held),
            None => "Your seat".to_owned(),
        }
    }
}

/// One held seat.
pub struct SeatRow {
    /// The seat's id.
    pub license: String,
    /// The subscription's id.
    pub subscription: String,
    /// The subscription's name.
    pub subscription_name: String,
    /// The holder's id.
    pub member: String,
    /// The holder's name.
    pub holder: String,
    /// The holder's department, or empty.
    pub department: String,
    /// Since when.
    pub since: Day,
    /// The last day.
    pub expires: Option<Day>,
    /// The end of its license key.
    pub key: Option<String>,
    /// Kind and words of whether it is used.
    pub usage: (&'static str, String),
    /// Kind and words of what is the matter with it: a holder who is gone, a last day that has passed.
    pub flags: Vec<(&'static str, &'static str)>,
    /// What the one button of the row says.
    pub action: Option<&'static str>,
}

impl SeatRow {
    /// A seat on the page of its holder. Whoever sees only their own sees there what they own, or hold themselves.
    pub(super) fn new(seat: Seat, access: &Access, today: NaiveDate) -> Self {
        Self::for_list(seat, access, Changeable::Fully, today)
    }

    fn for_list(seat: Seat, access: &Access, changeable: Changeable, today: NaiveDate) -> Self {
        let house = access.reading();
        Self {
            license: seat.license.to_string(),
            subscription: seat.subscription.to_string(),
            subscription_name: seat.subscription_name,
            member: seat.holder.id.to_string(),
            key: seat.key.map(|key| key.to_string()),
            usage: usage(Usage::of(seat.last_use, today, access.house().zone)),
            flags: flags(&seat.holder, seat.status),
            action: action(&seat.holder, access, changeable),
            holder: seat.holder.name,
            department: seat.holder.department,
            since: Day::of(seat.given_at, house),
            expires: seat.expires_on.map(|last| Day::on(last, house)),
        }
    }

    /// The same in words, for the button.
    pub fn action_label(&self) -> String {
        format!("the seat of {}", self.holder)
    }
}

/// What the button of a held seat says, for whoever may press it.
pub(super) fn action(holder: &Holder, access: &Access, changeable: Changeable) -> Option<&'static str> {
    match access.may(Permission::ChangeSubscriptions) {
        false => None,
        true if access.member() == Some(holder.id) => Some("Give back"),
        true => matches!(changeable, Changeable::Revoke | Changeable::Fully).then_some("Revoke"),
    }
}

/// Kind and words of what is the matter with a held seat.
pub(super) fn flags(holder: &Holder, status: Status) -> Vec<(&'static str, &'static str)> {
    let gone = match holder.status {
        MemberStatus::Left => Some(("warn", "Has left")),
        MemberStatus::Deactivated => Some(("warn", "Deactivated")),
        MemberStatus::Directory | MemberStatus::Invited | MemberStatus::Active => None,
    };
    let expired = (status == Status::Expired).then_some(("bad", "Expired"));
    gone.into_iter().chain(expired).collect()
}

/// Kind and words of whether a seat is used.
pub(super) fn usage(usage: Usage) -> (&'static str, String) {
    match usage {
        Usage::Used { days: 0 } => ("good", "Used today".to_owned()),
        Usage::Used { days: 1 } => ("good", "Used yesterday".to_owned()),
        Usage::Used { days } => ("good", format!("Used {days} days ago")),
        Usage::Unused { days } => ("warn", format!("Unused {days} days")),
        Usage::Unknown => ("", "Unknown".to_owned()),
    }
}
