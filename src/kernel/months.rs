//! Months of the trail, as partitions of its table.

use chrono::{DateTime, Months, Utc};
use diesel::prelude::*;
use diesel::sql_types::Date;

use super::refusal::Refusal;

const AHEAD: u32 = 3;

diesel::define_sql_function! {
    /// Makes the partition of the month that holds the day unless it stands; says whether it made one.
    fn add_audit_month(day: Date) -> Bool;
}
diesel::define_sql_function! {
    /// Whether entries lie in the default partition.
    fn audit_rows_in_default() -> Bool;
}

/// Makes the partitions of this month and the next three. Says how many it made, and whether entries lie in the default
/// partition.
pub fn add_ahead(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<(usize, bool), Refusal> {
    let mut made = 0;
    for month in 0..=AHEAD {
        let day = now.date_naive().checked_add_months(Months::new(month));
        let day = day.ok_or_else(|| Refusal::fault("a month beyond the calendar"))?;
        let is_new: bool = diesel::select(add_audit_month(day)).get_result(conn)?;
        made += usize::from(is_new);
    }
    Ok((made, diesel::select(audit_rows_in_default()).get_result(conn)?))
}
