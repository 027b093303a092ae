//! Columns of the list as of today, also of what the worker has not written yet.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text};

use crate::kernel::ids::SubscriptionId;

use crate::domain::subscriptions::list::{Listed, Sort};
use crate::domain::subscriptions::roll_forward::Due;

pub(super) type DateSql = SqlLiteral<Nullable<Date>>;

/// Columns as of today: those of the row, but for what is late, whose steps nobody has written yet. With a worker
/// nothing is late, and the indexes do all of it.
pub(super) struct AsOfNow<'a> {
    late: HashMap<SubscriptionId, &'a Due>,
    rows: String,
}

impl<'a> AsOfNow<'a> {
    pub(super) fn of(late: &'a [Due]) -> Self {
        let day =
            |date: Option<NaiveDate>| date.map_or_else(|| "NULL::date".to_owned(), |date| format!("'{date}'::date"));
        // Ids, codes and dates of ours, which need no quoting.
        let row = |one: &Due| {
            let standing = &one.rolling.standing;
            let (renews_on, cancel_by) = (day(standing.coming.renews_on), day(standing.coming.cancel_by));
            format!("('{}'::uuid, '{}', {renews_on}, {cancel_by})", one.id.0, standing.status.code())
        };
        Self {
            late: late.iter().map(|one| (one.id, one)).collect(),
            rows: late.iter().map(row).collect::<Vec<_>>().join(", "),
        }
    }

    pub(super) fn status(&self) -> SqlLiteral<Text> {
        sql(&self.column("status"))
    }

    /// The date by which a list is sorted; one Rust type for both columns.
    pub(super) fn date_of(&self, sort: Sort) -> DateSql {
        sql(&self.column(match sort {
            Sort::CancelBy | Sort::Name => "cancel_by",
            Sort::Renewal => "renews_on",
        }))
    }

    pub(super) fn cost_at_renewal(&self) -> SqlLiteral<Nullable<BigInt>> {
        sql(&self.line_at_renewal("cost_minor"))
    }

    pub(super) fn seats_at_renewal(&self) -> SqlLiteral<Nullable<Integer>> {
        sql(&self.line_at_renewal("seats"))
    }

    pub(super) fn decision(&self) -> SqlLiteral<Nullable<Text>> {
        sql(&self.of_decision("decision"))
    }

    pub(super) fn decided_seats(&self) -> SqlLiteral<Nullable<Integer>> {
        sql(&self.of_decision("seats"))
    }

    /// Of the price line that counts on the day of the coming renewal.
    fn line_at_renewal(&self, name: &str) -> String {
        let day = self.column("renews_on");
        format!(
            "(SELECT p.{name} FROM price_lines p WHERE p.business_id = subscriptions.business_id \
             AND p.subscription_id = subscriptions.id AND p.from_on <= {day} ORDER BY p.from_on DESC, p.id DESC LIMIT 1)"
        )
    }

    /// Of the decision about the coming renewal.
    fn of_decision(&self, name: &str) -> String {
        let day = self.column("renews_on");
        format!(
            "(SELECT d.{name} FROM renewal_decisions d WHERE d.business_id = subscriptions.business_id \
             AND d.subscription_id = subscriptions.id AND d.renews_on = {day})"
        )
    }

    fn column(&self, name: &str) -> String {
        match self.rows.as_str() {
            "" => format!("subscriptions.{name}"),
            rows => format!(
                "(SELECT CASE WHEN l.id IS NULL THEN subscriptions.{name} ELSE l.{name} END FROM (SELECT) AS one \
                 LEFT JOIN (VALUES {rows}) AS l (id, status, renews_on, cancel_by) ON l.id = subscriptions.id)"
            ),
        }
    }

    pub(super) fn apply(&self, listed: Listed, today: NaiveDate) -> Listed {
        match self.late.get(&listed.subscription.id) {
            None => listed,
            Some(one) => {
                let prices = &one.rolling.prices;
                let renewal = one.rolling.standing.coming.renews_on;
                Listed {
                    subscription: listed.subscription.at(one.rolling.standing),
                    price: prices.on(today).map(|line| line.price),
                    next_price: renewal.and_then(|day| prices.on(day)).map(|line| line.price),
                    ..listed
                }
            }
        }
    }
}
