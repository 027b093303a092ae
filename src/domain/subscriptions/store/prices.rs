//! Price lines, and the seats that people hold.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::kernel::currency::Currency;
use crate::kernel::ids::{PriceLineId, SubscriptionId};
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{assignments, price_lines, subscriptions};
use crate::kernel::work::{Scope, Work};

use crate::domain::subscriptions::price_line::{Price, PriceLine, PriceList};

use super::steps::write_prices;
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
    insert_prices(work, &[(id, from_on, price)])
}

/// The same for many subscriptions.
pub(in super::super) fn insert_prices(
    work: &mut Work<'_>,
    lines: &[(SubscriptionId, NaiveDate, Price)],
) -> Result<(), Refusal> {
    let (business, now) = (work.business(), work.now());
    let lines: Vec<_> = lines.iter().map(|(id, from_on, price)| (business, *id, *from_on, *price)).collect();
    write_prices(work.conn(), now, &lines)
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

/// How many seats of these locked subscriptions people hold; of what has none held, nothing is said.
pub(in super::super) fn seats_held_of(
    work: &mut Work<'_>,
    ids: &[SubscriptionId],
) -> Result<HashMap<SubscriptionId, i64>, Refusal> {
    let rows: Vec<(SubscriptionId, i64)> = assignments::table
        .filter(assignments::business_id.eq(work.business()).and(assignments::subscription_id.eq_any(ids)))
        .filter(assignments::ended_at.is_null())
        .group_by(assignments::subscription_id)
        .select((assignments::subscription_id, count_star()))
        .load(work.conn())?;
    Ok(rows.into_iter().collect())
}
