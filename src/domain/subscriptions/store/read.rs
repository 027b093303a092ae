//! A row of the table and the subscription it stands for.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use crate::kernel::currency::Currency;
use crate::kernel::ids::{MemberId, ServiceId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{members, services, subscriptions};
use crate::kernel::work::Scope;

use crate::domain::subscriptions::dates::{Coming, Dates};
use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::notice::Notice;
use crate::domain::subscriptions::roll::{Fewer, Standing};
use crate::domain::subscriptions::schedule::{Anchor, AutoRenew};
use crate::domain::subscriptions::subscription::{CostModel, Details, Owner, Status, Subscription};
use crate::domain::team::member::MemberStatus;

use super::{late, visible};

#[derive(Queryable, Selectable)]
#[diesel(table_name = subscriptions, check_for_backend(diesel::pg::Pg))]
pub(super) struct SubscriptionRow {
    id: SubscriptionId,
    service_id: ServiceId,
    name: String,
    owner_id: MemberId,
    #[diesel(embed)]
    dated: DatedRow,
    department: String,
    category: String,
    tags: Vec<Option<String>>,
    payment_method: String,
    url: String,
    notes: String,
    created_at: DateTime<Utc>,
    removed_at: Option<DateTime<Utc>>,
}

/// What the dates of a subscription move, and what they need to know for it.
#[derive(Queryable, Selectable, QueryableByName)]
#[diesel(table_name = subscriptions, check_for_backend(diesel::pg::Pg))]
pub(super) struct DatedRow {
    status: String,
    cost_model: String,
    pack_size: Option<i32>,
    pub(super) currency: String,
    cycle_unit: String,
    cycle_count: i32,
    anchor_on: NaiveDate,
    starts_on: Option<NaiveDate>,
    pub(super) renews_on: Option<NaiveDate>,
    term_count: Option<i32>,
    term_unit: Option<String>,
    renewal_term_count: Option<i32>,
    renewal_term_unit: Option<String>,
    auto_renew: String,
    notice_count: i32,
    notice_unit: String,
    cancel_by: Option<NaiveDate>,
    trial_ends_on: Option<NaiveDate>,
    next_on: Option<NaiveDate>,
    fewer_seats: Option<i32>,
    fewer_from: Option<NaiveDate>,
}

/// The columns of [`DatedRow`], for statements that only SQL can say.
pub(super) const DATED: &str = "
s.status, s.cost_model, s.pack_size, s.currency, s.cycle_unit, s.cycle_count, s.anchor_on, s.starts_on, s.renews_on,
s.term_count, s.term_unit, s.renewal_term_count, s.renewal_term_unit, s.auto_renew, s.notice_count, s.notice_unit,
s.cancel_by, s.trial_ends_on, s.next_on, s.fewer_seats, s.fewer_from";

impl DatedRow {
    pub(super) fn standing(&self) -> Option<Standing> {
        let seats = self.fewer_seats.and_then(|seats| u32::try_from(seats).ok());
        Some(Standing {
            status: Status::parse(&self.status)?,
            coming: Coming { renews_on: self.renews_on, cancel_by: self.cancel_by },
            next_on: self.next_on,
            fewer: seats.zip(self.fewer_from).map(|(seats, from_on)| Fewer { seats, from_on }),
        })
    }

    pub(super) fn cost_model(&self) -> Option<CostModel> {
        CostModel::parse(&self.cost_model, positive(self.pack_size)).ok()
    }
}

/// Name, status and last day of an owner.
pub(super) type OwnerRow = (String, String, Option<NaiveDate>);
/// A row with the names of its service and its owner.
pub(super) type NamedRow = (SubscriptionRow, String, OwnerRow);

/// A visible subscription, removed or not, as it stands today.
pub fn find(scope: &mut impl Scope, id: SubscriptionId) -> Result<Subscription, Refusal> {
    let (today, business) = (scope.today(), scope.business());
    let subscription = written(scope, id)?;
    match subscription.is_late(today) {
        true => {
            let mut rolling = late::due(scope.conn(), business, id, today)?.rolling;
            rolling.catch_up(today);
            Ok(subscription.at(rolling.standing))
        }
        false => Ok(subscription),
    }
}

/// The same as it was last written.
pub(in super::super) fn written(scope: &mut impl Scope, id: SubscriptionId) -> Result<Subscription, Refusal> {
    let today = scope.today();
    let row: NamedRow = visible(scope.sight())
        .filter(subscriptions::id.eq(id))
        .into_boxed()
        .inner_join(services::table.on(of_service()))
        .inner_join(members::table.on(of_owner()))
        .select((SubscriptionRow::as_select(), services::name, (members::name, members::status, members::left_on)))
        .first(scope.conn())?;
    subscription_of(row, today)
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn of_service() -> _ {
    services::business_id.eq(subscriptions::business_id).and(services::id.eq(subscriptions::service_id))
}

#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn of_owner() -> _ {
    members::business_id.eq(subscriptions::business_id).and(members::id.eq(subscriptions::owner_id))
}

pub(super) fn subscription_of((row, service, owner): NamedRow, today: NaiveDate) -> Result<Subscription, Refusal> {
    let standing = row.dated.standing();
    let (id, service_id, entered_at, removed_at) = (row.id, row.service_id, row.created_at, row.removed_at);
    let owner = owner_of(row.owner_id, owner, today);
    let (standing, details) = standing
        .zip(details_of(row, service))
        .ok_or_else(|| Refusal::fault(format!("subscription {id} cannot be read")))?;
    let Standing { coming, next_on, fewer, .. } = standing;
    Ok(Subscription { id, service_id, owner, details, coming, next_on, fewer, entered_at, removed_at })
}

/// An owner as a row of the directory tells.
pub(super) fn owner_of(id: MemberId, (name, status, left_on): OwnerRow, today: NaiveDate) -> Owner {
    let is_off = matches!(MemberStatus::parse(&status), Some(MemberStatus::Left | MemberStatus::Deactivated) | None);
    Owner { id, name, is_gone: is_off || left_on.is_some_and(|last_day| last_day < today) }
}

fn details_of(row: SubscriptionRow, service: String) -> Option<Details> {
    Some(Details {
        service,
        owner: row.owner_id,
        status: Status::parse(&row.dated.status)?,
        cost_model: row.dated.cost_model()?,
        currency: Currency::parse(&row.dated.currency).ok()?,
        dates: dates_of(&row.dated)?,
        name: row.name,
        department: row.department,
        category: row.category,
        tags: row.tags.into_iter().flatten().collect(),
        payment_method: row.payment_method,
        url: row.url,
        notes: row.notes,
    })
}

pub(super) fn dates_of(row: &DatedRow) -> Option<Dates> {
    let anchor = match row.starts_on {
        Some(_) => Anchor::Start(row.anchor_on),
        None => Anchor::Renewal(row.anchor_on),
    };
    Some(Dates {
        cycle: every(Some(row.cycle_count), Some(&row.cycle_unit)),
        anchor,
        first_term: every(row.term_count, row.term_unit.as_deref()),
        next_term: every(row.renewal_term_count, row.renewal_term_unit.as_deref()),
        auto_renew: parse_auto_renew(&row.auto_renew)?,
        notice: Notice::parse(&row.notice_unit, u32::try_from(row.notice_count).ok()?).ok()?,
        trial_ends_on: row.trial_ends_on,
    })
}

/// None for a one-time purchase, whose unit is "once".
fn every(count: Option<i32>, unit: Option<&str>) -> Option<Every> {
    Every::parse(unit?, positive(count)?).ok()
}

fn positive(number: Option<i32>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

fn parse_auto_renew(code: &str) -> Option<AutoRenew> {
    AutoRenew::ALL.into_iter().find(|known| known.code() == code)
}
