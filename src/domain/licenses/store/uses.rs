//! Who used what, as programs report it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Timestamptz, Uuid as SqlUuid};

use crate::kernel::ids::{MemberId, ServiceId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{members, services};
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, Work};

use super::super::record_use::Whose;

/// People as a report names them.
pub struct People {
    by_id: HashMap<MemberId, MemberId>,
    by_address: HashMap<String, MemberId>,
}

impl People {
    /// Whom this names.
    pub fn of(&self, whose: &Whose) -> Option<MemberId> {
        match whose {
            Whose::Member(id) => self.by_id.get(id).copied(),
            Whose::Address(address) => self.by_address.get(address.folded()).copied(),
        }
    }
}

/// Those of the business among these.
pub fn people<'a>(work: &mut Work<'_>, named: impl Iterator<Item = &'a Whose>) -> Result<People, Refusal> {
    let (mut ids, mut addresses) = (Vec::new(), Vec::new());
    for whose in named {
        match whose {
            Whose::Member(id) => ids.push(*id),
            Whose::Address(address) => addresses.push(address.folded().to_owned()),
        }
    }
    let business = work.business();
    let found: Vec<(MemberId, String)> = members::table
        .filter(members::business_id.eq(business))
        .filter(members::id.eq_any(ids).or(members::email_folded.eq_any(addresses)))
        .select((members::id, members::email_folded))
        .load(work.conn())?;
    let by_id = found.iter().map(|(id, _)| (*id, *id)).collect();
    Ok(People { by_id, by_address: found.into_iter().map(|(id, address)| (address, id)).collect() })
}

/// The services of the business of these folded names.
pub fn services(
    work: &mut Work<'_>,
    names: impl Iterator<Item = String>,
) -> Result<HashMap<String, ServiceId>, Refusal> {
    let (business, names) = (work.business(), names.collect::<Vec<_>>());
    let found: Vec<(String, ServiceId)> = services::table
        .filter(services::business_id.eq(business).and(services::name_folded.eq_any(names)))
        .select((services::name_folded, services::id))
        .load(work.conn())?;
    Ok(found.into_iter().collect())
}

/// A use within a minute of the last one is not worth a write. A seat that is taken away meanwhile is left alone.
/// Who holds a seat is locked in the order of the seats, so that two reports of the same ones never wait in a ring.
const NOTE: &str = "
WITH used AS (
  SELECT a.license_id, v.at
  FROM unnest($1, $2, $3) AS v (member_id, service_id, at)
  JOIN assignments a ON a.business_id = $4 AND a.member_id = v.member_id AND a.ended_at IS NULL
  JOIN subscriptions s ON s.business_id = $4 AND s.id = a.subscription_id AND s.service_id = v.service_id
  ORDER BY a.license_id
  FOR NO KEY UPDATE OF a)
UPDATE licenses l SET last_used_at = used.at, last_used_source = 'usage'
FROM used
WHERE l.business_id = $4 AND l.id = used.license_id
  AND (l.last_used_at IS NULL OR l.last_used_at < used.at - interval '1 minute')";

/// Notes these on the seats that the people hold of the services.
pub fn note(work: &mut Work<'_>, uses: &[(MemberId, ServiceId, DateTime<Utc>)]) -> Result<(), Refusal> {
    Statement::new(NOTE)
        .bind::<Array<SqlUuid>, _>(uses.iter().map(|(member, ..)| *member).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(uses.iter().map(|(_, service, _)| *service).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(uses.iter().map(|(.., at)| *at).collect::<Vec<_>>())
        .bind::<SqlUuid, _>(work.business())
        .execute(work.conn())?;
    Ok(())
}
