//! People in the database.

use diesel::prelude::*;

use crate::kernel::ids::{self, MemberId};
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::members;
use crate::kernel::work::Scope;

use super::member::NewMember;

/// Inserts a person; `None` when the address (or the user) is in the business already.
pub fn insert(scope: &mut impl Scope, new: &NewMember) -> Result<Option<MemberId>, Refusal> {
    let (business, now) = (scope.business(), scope.now());
    let id = MemberId::mint(now);
    let (user, role) = new.sign_in.unzip();
    let inserted = diesel::insert_into(members::table)
        .values((
            members::business_id.eq(business),
            members::id.eq(id),
            members::parse_id.eq(ids::parse_id()),
            members::user_id.eq(user),
            members::name.eq(&new.name),
            members::name_folded.eq(new.name.to_lowercase()),
            members::email.eq(new.email.as_str()),
            members::email_folded.eq(new.email.folded()),
            members::role.eq(role.map(|role| role.code())),
            members::status.eq(new.status.code()),
            members::department.eq(&new.department),
            members::manager_id.eq(new.manager),
            members::joined_on.eq(new.joined_on),
            members::left_on.eq(new.left_on),
            members::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(scope.conn())?;
    Ok((inserted == 1).then_some(id))
}
