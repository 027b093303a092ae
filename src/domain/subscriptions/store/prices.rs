//! Price lines, and the seats that people hold.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use crate::kernel::currency::Currency;
use crate::kernel::ids::{PriceLineId, SubscriptionId};
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, price_lines, subscriptions};
use crate::kernel::work::{Scope, Work};

use crate::domain::subscriptions::price_line::{Price, PriceLine, PriceList};

use super::{late, visible};

type LineRow = (String, PriceLineId, NaiveDate, i64, Option<i32>, DateTime<Utc>);

/// The prices of a visible subscription as of today: with the seats of a renewal that nobody has written yet.
pub fn price_list(scope: &mut impl Scope, id: SubscriptionId) -> Result<PriceList, Refusal> {
    let (business, today) = (scope.business(), scope.today());
    let rows: Vec<(LineRow, Option<NaiveDate>)> = visible(scope.sight())
        .filter(subscriptions::id.eq(id))
        .into_boxed()
        .inner_join(
            price_lines::table.on(price_lines::business_id
                .eq(subscriptions::business_id)
                .and(price_lines::subscription_id.eq(subscriptions::id))),
        )
        .select((
            (
                subscriptions::currency,
                price_lines::id,
                price_lines::from_on,
                price_lines::cost_minor,
                price_lines::seats,
                price_lines::created_at,
            ),
            subscriptions::next_on,
        ))
        .load(scope.conn())?;
    if rows.iter().any(|(_, next_on)| next_on.is_some_and(|next| next <= today)) {
        let mut rolling = late::due(scope.conn(), business, id, today)?.rolling;
        rolling.catch_up(today);
        return Ok(rolling.prices);
    }
    let lines = rows.into_iter().map(|(line, _)| line_of(line)).collect::<Result<Vec<_>, Refusal>>()?;
    Ok(PriceList::of(lines))
}

fn line_of((currency, id, from_on, minor, seats, entered_at): LineRow) -> Result<PriceLine, Refusal> {
    Ok(PriceLine { id, from_on, price: price_of(&currency, minor, seats)?, entered_at })
}

/// A price as a row tells it.
pub(super) fn price_of(currency: &str, minor: i64, seats: Option<i32>) -> Result<Price, Refusal> {
    let currency = Currency::parse(currency).map_err(Refusal::fault)?;
    let seats = seats.map(u32::try_from).transpose().map_err(Refusal::fault)?;
    Ok(Price { cost: Money::new(minor, currency), seats })
}

/// Writes one more line; older ones of the same date stay on record and no longer count.
pub(in super::super) fn insert_price(
    work: &mut Work<'_>,
    id: SubscriptionId,
    from_on: NaiveDate,
    price: Price,
) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    let seats = price.seats.map(i32::try_from).transpose().map_err(Refusal::fault)?;
    diesel::insert_into(price_lines::table)
        .values((
            price_lines::business_id.eq(business),
            price_lines::id.eq(PriceLineId::mint(now)),
            price_lines::subscription_id.eq(id),
            price_lines::from_on.eq(from_on),
            price_lines::cost_minor.eq(price.cost.minor),
            price_lines::seats.eq(seats),
            price_lines::created_at.eq(now),
        ))
        .execute(work.conn())?;
    Ok(())
}

/// How many seats of a visible subscription people hold.
pub fn seats_held(scope: &mut impl Scope, id: SubscriptionId) -> Result<i64, Refusal> {
    Ok(visible(scope.sight())
        .filter(subscriptions::id.eq(id))
        .into_boxed()
        .inner_join(
            assignments::table.on(assignments::business_id
                .eq(subscriptions::business_id)
                .and(assignments::subscription_id.eq(subscriptions::id))
                .and(assignments::ended_at.is_null())),
        )
        .count()
        .get_result(scope.conn())?)
}
