//! Rows come in and change.

use std::collections::HashSet;

use diesel::prelude::*;

use crate::kernel::ids::{self, ServiceId, SubscriptionId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::subscriptions;
use crate::kernel::work::{Scope, Work};

use crate::domain::services::service::folded;
use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::roll::Standing;
use crate::domain::subscriptions::subscription::Details;

use chrono::NaiveDate;

use super::steps::INSERT_BATCH;

/// What a form writes, for a new row and a changed one alike: none is written as NULL.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = subscriptions, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Written<'a> {
    service_id: ServiceId,
    name: &'a str,
    name_folded: String,
    owner_id: uuid::Uuid,
    status: &'static str,
    cost_model: &'static str,
    pack_size: Option<i32>,
    currency: &'static str,
    cycle_unit: &'static str,
    cycle_count: i32,
    anchor_on: NaiveDate,
    starts_on: Option<NaiveDate>,
    renews_on: Option<NaiveDate>,
    term_count: Option<i32>,
    term_unit: Option<&'static str>,
    renewal_term_count: Option<i32>,
    renewal_term_unit: Option<&'static str>,
    auto_renew: &'static str,
    notice_count: i32,
    notice_unit: &'static str,
    cancel_by: Option<NaiveDate>,
    next_on: Option<NaiveDate>,
    fewer_seats: Option<i32>,
    fewer_from: Option<NaiveDate>,
    trial_ends_on: Option<NaiveDate>,
    department: &'a str,
    category: &'a str,
    tags: &'a [String],
    payment_method: &'a str,
    url: &'a str,
    notes: &'a str,
}

impl<'a> Written<'a> {
    fn of(details: &'a Details, service_id: ServiceId, standing: Standing) -> Result<Self, Refusal> {
        let (dates, Standing { coming, next_on, fewer, .. }) = (&details.dates, standing);
        Ok(Self {
            service_id,
            name: &details.name,
            name_folded: folded(&details.name),
            owner_id: details.owner.0,
            status: details.status.code(),
            cost_model: details.cost_model.code(),
            pack_size: number(details.cost_model.pack_size())?,
            currency: details.currency.code(),
            cycle_unit: dates.cycle.map_or("once", |cycle| cycle.unit().code()),
            cycle_count: number(dates.cycle.map(Every::count))?.unwrap_or(1),
            anchor_on: dates.anchor.date(),
            starts_on: dates.starts_on(),
            renews_on: coming.renews_on,
            term_count: number(dates.first_term.map(Every::count))?,
            term_unit: dates.first_term.map(|term| term.unit().code()),
            renewal_term_count: number(dates.next_term.map(Every::count))?,
            renewal_term_unit: dates.next_term.map(|term| term.unit().code()),
            auto_renew: dates.auto_renew.code(),
            notice_count: number(Some(dates.notice.count()))?.unwrap_or(0),
            notice_unit: dates.notice.unit(),
            cancel_by: coming.cancel_by,
            next_on,
            fewer_seats: number(fewer.map(|fewer| fewer.seats))?,
            fewer_from: fewer.map(|fewer| fewer.from_on),
            trial_ends_on: dates.trial_ends_on,
            department: &details.department,
            category: &details.category,
            tags: &details.tags,
            payment_method: &details.payment_method,
            url: &details.url,
            notes: &details.notes,
        })
    }
}

/// A row to be inserted.
pub(in super::super) struct New<'a> {
    pub(in super::super) id: SubscriptionId,
    pub(in super::super) details: &'a Details,
    pub(in super::super) service: ServiceId,
    pub(in super::super) standing: Standing,
}

/// Inserts rows, and answers those that came in: not one whose service and name run already.
pub(in super::super) fn insert_many(work: &mut Work<'_>, new: &[New<'_>]) -> Result<HashSet<SubscriptionId>, Refusal> {
    let (business, now) = (work.business(), work.now());
    let mut inserted = HashSet::new();
    for batch in new.chunks(INSERT_BATCH) {
        let rows = batch.iter().map(|new| {
            Ok((
                subscriptions::business_id.eq(business),
                subscriptions::id.eq(new.id),
                subscriptions::parse_id.eq(ids::parse_id()),
                Written::of(new.details, new.service, new.standing)?,
                subscriptions::created_at.eq(now),
            ))
        });
        let rows = rows.collect::<Result<Vec<_>, Refusal>>()?;
        let insert = diesel::insert_into(subscriptions::table).values(rows).on_conflict_do_nothing();
        inserted.extend(insert.returning(subscriptions::id).load::<SubscriptionId>(work.conn())?);
    }
    Ok(inserted)
}

/// Writes the form of a locked row anew.
pub(in super::super) fn update(
    work: &mut Work<'_>,
    id: SubscriptionId,
    details: &Details,
    service: ServiceId,
    standing: Standing,
) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(subscriptions::table.find((business, id)))
        .set(Written::of(details, service, standing)?)
        .execute(work.conn())?;
    Ok(())
}

/// Takes locked rows off the list.
pub(in super::super) fn set_removed(work: &mut Work<'_>, ids: &[SubscriptionId]) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    diesel::update(subscriptions::table)
        .filter(subscriptions::business_id.eq(business).and(subscriptions::id.eq_any(ids)))
        .set(subscriptions::removed_at.eq(Some(now)))
        .execute(work.conn())?;
    Ok(())
}

/// Puts a locked row back.
pub(in super::super) fn set_restored(work: &mut Work<'_>, id: SubscriptionId) -> Result<(), Refusal> {
    let business = work.business();
    diesel::update(subscriptions::table.find((business, id)))
        .set(subscriptions::removed_at.eq(None::<chrono::DateTime<chrono::Utc>>))
        .execute(work.conn())?;
    Ok(())
}

fn number(count: Option<u32>) -> Result<Option<i32>, Refusal> {
    count.map(i32::try_from).transpose().map_err(Refusal::fault)
}
