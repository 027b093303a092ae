//! Everybody of a business in the database. The number of statements does not grow with the people, but for inserts.

use diesel::prelude::*;
use diesel::sql_types::{Array, Date, Nullable, Text, Uuid};

use crate::kernel::access::Sees;
use crate::kernel::ids::{self, MemberId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::members;
use crate::kernel::work::{Scope, Work};

use super::Standing;
use crate::domain::team::member::{Member, NewMember};
use crate::domain::team::store::{MemberRow, visible};

/// Inserts go in batches below PostgreSQL's limit of parameters.
const INSERT_BATCH: usize = 1_000;

/// Everybody in the list, left people included, the oldest first.
pub fn all(scope: &mut impl Scope) -> Result<Vec<Member>, Refusal> {
    let people = visible(scope);
    let rows = people.select(MemberRow::as_select()).order(members::id).load(scope.conn())?;
    rows.into_iter().map(MemberRow::member).collect()
}

/// The same, locked so that nobody is changed, removed or newly referred to until the transaction ends.
pub fn lock(work: &mut Work<'_>) -> Result<Vec<Member>, Refusal> {
    let (business, sees) = (work.business(), work.sight().sees);
    if sees != Sees::All {
        return Err(Refusal::not_allowed());
    }
    let people = members::table.filter(members::business_id.eq(business));
    let rows = people.select(MemberRow::as_select()).order(members::id).for_update().load(work.conn())?;
    rows.into_iter().map(MemberRow::member).collect()
}

/// Inserts many people without a sign-in, under ids minted by the caller and without managers, who may be among them.
/// Answers how many there was room for: fewer when an address is in the business already.
pub fn insert_many(work: &mut Work<'_>, people: &[(MemberId, NewMember)]) -> Result<usize, Refusal> {
    let (business, now) = (work.business(), work.now());
    let mut inserted = 0;
    for batch in people.chunks(INSERT_BATCH) {
        let row = |(id, new): &(MemberId, NewMember)| {
            (
                members::business_id.eq(business),
                members::id.eq(*id),
                members::parse_id.eq(ids::parse_id()),
                members::name.eq(new.name.clone()),
                members::name_folded.eq(new.name.to_lowercase()),
                members::email.eq(new.email.as_str().to_owned()),
                members::email_folded.eq(new.email.folded().to_owned()),
                members::status.eq(new.status.code()),
                members::department.eq(new.department.clone()),
                members::joined_on.eq(new.joined_on),
                members::left_on.eq(new.left_on),
                members::created_at.eq(now),
            )
        };
        let rows: Vec<_> = batch.iter().map(row).collect();
        inserted += diesel::insert_into(members::table).values(rows).on_conflict_do_nothing().execute(work.conn())?;
    }
    Ok(inserted)
}

/// Writes where these people stand, in one statement.
pub fn change_many(work: &mut Work<'_>, people: &[(MemberId, Standing)]) -> Result<(), Refusal> {
    let column = |text: fn(&Standing) -> String| people.iter().map(|(_, new)| text(new)).collect::<Vec<_>>();
    let business = work.business();
    let changed = diesel::sql_query(
        "UPDATE members SET name = new.name, name_folded = new.name_folded, department = new.department, \
           manager_id = new.manager_id, joined_on = new.joined_on, left_on = new.left_on, status = new.status \
         FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) \
           AS new(id, name, name_folded, department, manager_id, joined_on, left_on, status) \
         WHERE members.business_id = $1 AND members.id = new.id",
    )
    .bind::<Uuid, _>(business)
    .bind::<Array<Uuid>, _>(people.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(column(|new| new.name.clone()))
    .bind::<Array<Text>, _>(column(|new| new.name.to_lowercase()))
    .bind::<Array<Text>, _>(column(|new| new.department.clone()))
    .bind::<Array<Nullable<Uuid>>, _>(people.iter().map(|(_, new)| new.manager).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(people.iter().map(|(_, new)| new.joined_on).collect::<Vec<_>>())
    .bind::<Array<Nullable<Date>>, _>(people.iter().map(|(_, new)| new.left_on).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(column(|new| new.status.code().to_owned()))
    .execute(work.conn())?;
    match changed == people.len() {
        true => Ok(()),
        false => Err(Refusal::fault(format!("{changed} of {} people were there to be changed", people.len()))),
    }
}

/// Sets the managers of these people, in one statement: first the person, then the manager.
pub fn set_managers(work: &mut Work<'_>, managers: &[(MemberId, MemberId)]) -> Result<(), Refusal> {
    let (people, managers): (Vec<MemberId>, Vec<MemberId>) = managers.iter().copied().unzip();
    let business = work.business();
    diesel::sql_query(
        "UPDATE members SET manager_id = new.manager_id FROM unnest($2, $3) AS new(id, manager_id) \
         WHERE members.business_id = $1 AND members.id = new.id",
    )
    .bind::<Uuid, _>(business)
    .bind::<Array<Uuid>, _>(people)
    .bind::<Array<Uuid>, _>(managers)
    .execute(work.conn())?;
    Ok(())
}

/// Takes people out of the list for good; the caller has made sure that nothing refers to them.
pub fn remove_many(work: &mut Work<'_>, people: &[MemberId]) -> Result<(), Refusal> {
    let business = work.business();
    diesel::delete(members::table.filter(members::business_id.eq(business).and(members::id.eq_any(people))))
        .execute(work.conn())?;
    Ok(())
}
