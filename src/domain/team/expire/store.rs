//! Closing what is over, of all businesses at once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz, Uuid};

use crate::kernel::ids::{BusinessId, InvitationId};
use crate::kernel::refusal::Refusal;

/// An invitation that was just closed because its time is over.
#[derive(QueryableByName)]
pub struct Expired {
    /// In which business.
    #[diesel(sql_type = Uuid)]
    pub business_id: BusinessId,
    /// Which.
    #[diesel(sql_type = Uuid)]
    pub id: InvitationId,
    /// Whose address.
    #[diesel(sql_type = Text)]
    pub email: String,
    /// As what.
    #[diesel(sql_type = Text)]
    pub role: String,
}

/// Closes at most `batch` invitations of all businesses whose time is over, oldest first, and puts their people back
/// to where they rest. Another worker's rows are left to it.
pub fn expire_due(conn: &mut PgConnection, now: DateTime<Utc>, batch: i64) -> Result<Vec<Expired>, Refusal> {
    let sql = "WITH due AS (
           SELECT business_id, id FROM invitations WHERE state = 'pending' AND expires_at <= $1
           ORDER BY expires_at, id LIMIT $2 FOR UPDATE SKIP LOCKED),
         closed AS (
           UPDATE invitations i SET state = 'expired', ended_at = $1 FROM due
           WHERE i.business_id = due.business_id AND i.id = due.id
           RETURNING i.business_id, i.id, i.member_id, i.role),
         released AS (
           UPDATE members m SET status = CASE WHEN m.user_id IS NULL THEN 'directory' ELSE 'deactivated' END FROM closed
           WHERE m.business_id = closed.business_id AND m.id = closed.member_id AND m.status = 'invited')
         SELECT closed.business_id, closed.id, m.email, closed.role
         FROM closed JOIN members m ON m.business_id = closed.business_id AND m.id = closed.member_id
         ORDER BY closed.id";
    Ok(diesel::sql_query(sql).bind::<Timestamptz, _>(now).bind::<BigInt, _>(batch).load(conn)?)
}
