//! Steps are written, a whole batch in each statement; and the charges that come of them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Int4, Nullable, Text, Uuid as SqlUuid};

use crate::kernel::currency::Currency;
use crate::kernel::ids::{BusinessId, ChargeId, PriceLineId, SubscriptionId};
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{charges, price_lines, subscriptions};
use crate::kernel::work::{Scope, Work};

use crate::domain::subscriptions::charge::Charge;
use crate::domain::subscriptions::price_line::Price;
use crate::domain::subscriptions::roll::{Fewer, Step};
use crate::domain::subscriptions::roll_forward::Due;

use super::visible;

/// Inserts go in batches below PostgreSQL's limit of parameters.
pub(super) const INSERT_BATCH: usize = 1_000;

const MOVE_ON: &str = "
UPDATE subscriptions s
SET status = v.status, renews_on = v.renews_on, cancel_by = v.cancel_by, next_on = v.next_on,
    fewer_seats = v.fewer_seats, fewer_from = v.fewer_from
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
  AS v (business_id, id, status, renews_on, cancel_by, next_on, fewer_seats, fewer_from)
WHERE s.business_id = v.business_id AND s.id = v.id";

/// Writes one step of each of these locked rows.
pub(in super::super) fn write_steps(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    taken: &[(&Due, Step)],
) -> Result<(), Refusal> {
    if taken.is_empty() {
        return Ok(());
    }
    let day = |of: fn(&Step) -> Option<NaiveDate>| taken.iter().map(|(_, step)| of(step)).collect::<Vec<_>>();
    let seats = taken.iter().map(|(_, step)| step.standing.fewer.map(|fewer| i32::try_from(fewer.seats)).transpose());
    let moved = diesel::sql_query(MOVE_ON)
        .bind::<Array<SqlUuid>, _>(taken.iter().map(|(due, _)| due.business).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(taken.iter().map(|(due, _)| due.id).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(taken.iter().map(|(_, step)| step.standing.status.code()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Date>>, _>(day(|step| step.standing.coming.renews_on))
        .bind::<Array<Nullable<Date>>, _>(day(|step| step.standing.coming.cancel_by))
        .bind::<Array<Nullable<Date>>, _>(day(|step| step.standing.next_on))
        .bind::<Array<Nullable<Int4>>, _>(seats.collect::<Result<Vec<_>, _>>().map_err(Refusal::fault)?)
        .bind::<Array<Nullable<Date>>, _>(day(|step| step.standing.fewer.map(|fewer| fewer.from_on)))
        .execute(conn)?;
    if moved != taken.len() {
        return Err(Refusal::fault(format!("{moved} of {} subscriptions moved on", taken.len())));
    }
    let prices = taken.iter().filter_map(|(due, step)| Some((due.business, due.id, step.on, step.price?)));
    write_prices(conn, now, &prices.collect::<Vec<_>>())?;
    let charges = taken.iter().filter_map(|(due, step)| Some((due.business, due.id, step.charge?)));
    write_charges(conn, now, &charges.collect::<Vec<_>>())
}

/// Writes price lines.
pub(super) fn write_prices(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    lines: &[(BusinessId, SubscriptionId, NaiveDate, Price)],
) -> Result<(), Refusal> {
    let row = |(nth, (business, id, from_on, price)): (u32, &(BusinessId, SubscriptionId, NaiveDate, Price))| {
        let seats = price.seats.map(i32::try_from).transpose().map_err(Refusal::fault)?;
        Ok((
            price_lines::business_id.eq(*business),
            price_lines::id.eq(PriceLineId::mint_nth(now, nth)),
            price_lines::subscription_id.eq(*id),
            price_lines::from_on.eq(*from_on),
            price_lines::cost_minor.eq(price.cost.minor),
            price_lines::seats.eq(seats),
            price_lines::created_at.eq(now),
        ))
    };
    let rows = (0..).zip(lines).map(row).collect::<Result<Vec<_>, Refusal>>()?;
    for batch in rows.chunks(INSERT_BATCH) {
        diesel::insert_into(price_lines::table).values(batch).execute(conn)?;
    }
    Ok(())
}

/// Writes charges; one of a cycle that has one already is left out.
pub(in super::super) fn write_charges(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    due: &[(BusinessId, SubscriptionId, Charge)],
) -> Result<(), Refusal> {
    let row = |(nth, (business, id, charge)): (u32, &(BusinessId, SubscriptionId, Charge))| {
        (
            charges::business_id.eq(*business),
            charges::id.eq(ChargeId::mint_nth(now, nth)),
            charges::subscription_id.eq(*id),
            charges::starts_on.eq(charge.starts_on),
            charges::covers_to.eq(charge.covers_to),
            charges::amount_minor.eq(charge.due.minor),
            charges::currency.eq(charge.due.currency.code()),
            charges::estimated.eq(charge.estimated),
            charges::recorded_at.eq(now),
        )
    };
    let rows: Vec<_> = (0..).zip(due).map(row).collect();
    for batch in rows.chunks(INSERT_BATCH) {
        diesel::insert_into(charges::table).values(batch).on_conflict_do_nothing().execute(conn)?;
    }
    Ok(())
}

/// Writes charges of subscriptions; one of a cycle that has one already is left out.
pub(in super::super) fn insert_charges(
    work: &mut Work<'_>,
    due: impl Iterator<Item = (SubscriptionId, Charge)>,
) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    let rows: Vec<_> = due.map(|(id, charge)| (business, id, charge)).collect();
    write_charges(work.conn(), now, &rows)
}

type ChargeRow = (NaiveDate, Option<NaiveDate>, i64, String, bool);

/// The charges of a visible subscription from a day on, the newest first; at most so many.
pub(in super::super) fn charges_of(
    scope: &mut impl Scope,
    id: SubscriptionId,
    from: NaiveDate,
    at_most: i64,
) -> Result<Vec<Charge>, Refusal> {
    let rows: Vec<ChargeRow> = visible(scope.sight())
        .filter(subscriptions::id.eq(id))
        .into_boxed()
        .inner_join(charges::table.on(
            charges::business_id.eq(subscriptions::business_id).and(charges::subscription_id.eq(subscriptions::id)),
        ))
        .filter(charges::starts_on.ge(from))
        .order(charges::starts_on.desc())
        .limit(at_most)
        .select((charges::starts_on, charges::covers_to, charges::amount_minor, charges::currency, charges::estimated))
        .load(scope.conn())?;
    let read = |(starts_on, covers_to, minor, currency, estimated): ChargeRow| {
        let currency = Currency::parse(&currency).map_err(Refusal::fault)?;
        Ok(Charge { starts_on, covers_to, due: Money::new(minor, currency), estimated })
    };
    rows.into_iter().map(read).collect()
}

/// Writes what was due for a cycle anew.
pub(in super::super) fn update_charge(
    work: &mut Work<'_>,
    id: SubscriptionId,
    starts_on: NaiveDate,
    due: Money,
) -> Result<(), Refusal> {
    let of_cycle = charges::table
        .filter(charges::business_id.eq(work.business()).and(charges::subscription_id.eq(id)))
        .filter(charges::starts_on.eq(starts_on));
    diesel::update(of_cycle)
        .set((charges::amount_minor.eq(due.minor), charges::currency.eq(due.currency.code())))
        .execute(work.conn())?;
    Ok(())
}

/// Takes out the charges of the past that were estimated, to be estimated anew.
pub(in super::super) fn remove_estimates(work: &mut Work<'_>, id: SubscriptionId) -> Result<(), Refusal> {
    let estimated = charges::table
        .filter(charges::business_id.eq(work.business()).and(charges::subscription_id.eq(id)))
        .filter(charges::estimated);
    diesel::delete(estimated).execute(work.conn())?;
    Ok(())
}

/// Writes how many seats are wanted from a renewal on, or that none wait.
pub(in super::super) fn set_fewer(
    work: &mut Work<'_>,
    id: SubscriptionId,
    fewer: Option<Fewer>,
) -> Result<(), Refusal> {
    let seats = fewer.map(|fewer| i32::try_from(fewer.seats)).transpose().map_err(Refusal::fault)?;
    diesel::update(subscriptions::table.find((work.business(), id)))
        .set((subscriptions::fewer_seats.eq(seats), subscriptions::fewer_from.eq(fewer.map(|fewer| fewer.from_on))))
        .execute(work.conn())?;
    Ok(())
}
