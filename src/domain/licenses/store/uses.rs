//! Who used what, as programs report it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use crate::kernel::ids::{MemberId, ServiceId};
use crate::kernel::refusal::Refusal;
use crate::kernel::statement::Statement;
use crate::kernel::work::{Scope, Work};

use super::super::record_use::Whose;

/// People and services as reports name them.
#[derive(Default)]
pub struct Named {
    people: HashSet<MemberId>,
    addresses: HashMap<String, MemberId>,
    services: HashMap<String, ServiceId>,
}

impl Named {
    /// Whom this names.
    pub fn person(&self, whose: &Whose) -> Option<MemberId> {
        match whose {
            Whose::Member(id) => self.people.get(id).copied(),
            Whose::Address(address) => self.addresses.get(address.folded()).copied(),
        }
    }

    /// The service of this folded name.
    pub fn service(&self, name: &str) -> Option<ServiceId> {
        self.services.get(name).copied()
    }
}

#[derive(QueryableByName)]
struct NamedRow {
    #[diesel(sql_type = Bool)]
    is_person: bool,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
}

const NAMED: &str = "
SELECT true AS is_person, id, email_folded AS name FROM members
WHERE business_id = $1 AND (id = ANY($2) OR email_folded = ANY($3))
UNION ALL
SELECT false, id, name_folded FROM services WHERE business_id = $1 AND name_folded = ANY($4)";

/// The people and, by folded names, the services of the business among these, in one statement.
pub fn named<'a>(
    work: &mut Work<'_>,
    people: impl Iterator<Item = &'a Whose>,
    services: impl Iterator<Item = String>,
) -> Result<Named, Refusal> {
    let (mut ids, mut addresses) = (Vec::new(), Vec::new());
    for whose in people {
        match whose {
            Whose::Member(id) => ids.push(*id),
            Whose::Address(address) => addresses.push(address.folded().to_owned()),
        }
    }
    let found: Vec<NamedRow> = Statement::new(NAMED)
        .bind::<SqlUuid, _>(work.business())
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(addresses)
        .bind::<Array<Text>, _>(services.collect::<Vec<_>>())
        .load(work.conn())?;
    let mut named = Named::default();
    for NamedRow { is_person, id, name } in found {
        match is_person {
            true => {
                named.people.insert(MemberId(id));
                named.addresses.insert(name, MemberId(id));
            }
            false => {
                named.services.insert(name, ServiceId(id));
            }
        }
    }
    Ok(named)
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
