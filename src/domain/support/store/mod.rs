//! Support in the database. Staff belong to no business, so what is read of one is named by its id.

pub(super) mod console;
pub(super) mod letters;
pub(super) mod recoveries;
pub(super) mod sessions;
pub(super) mod staff;
pub(super) mod worker;

use diesel::prelude::*;

use crate::kernel::ids::{BusinessId, LetterId, MemberId, UserId};
use crate::kernel::outbox::{Envelope, Letter, Recipient};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, letters as letters_table, members, users};
use crate::kernel::work::{Scope, Work};

use super::session::Consent;

pub use sessions::session;
pub use staff::{StaffStanding, standing};

/// The name of the business.
pub(super) fn business_name(scope: &mut impl Scope) -> Result<String, Refusal> {
    let id = scope.business();
    Ok(businesses::table.find(id).select(businesses::name).first(scope.conn())?)
}

/// Suspends the business of this work, or restores it; `false` when it stood otherwise than expected.
pub(super) fn set_status(
    work: &mut Work<'_>,
    (from, to): (&str, &str),
    because: Option<&str>,
) -> Result<bool, Refusal> {
    let id = work.business();
    let standing = businesses::table.filter(businesses::id.eq(id).and(businesses::status.eq(from)));
    let changed = diesel::update(standing)
        .set((businesses::status.eq(to), businesses::suspended_because.eq(because)))
        .execute(work.conn())?;
    Ok(changed == 1)
}

/// What the owners of a business allow.
pub fn support_access(conn: &mut PgConnection, business: BusinessId) -> Result<Consent, Refusal> {
    let consent: String = businesses::table.find(business).select(businesses::support_access).first(conn)?;
    Ok(Consent::of(&consent))
}

/// Whether this person is or was anybody in the business: support never steps in where it belongs.
pub fn belongs(conn: &mut PgConnection, user: UserId, business: BusinessId) -> Result<bool, Refusal> {
    let own = members::table.filter(members::business_id.eq(business).and(members::user_id.eq(user)));
    Ok(diesel::select(diesel::dsl::exists(own)).get_result(conn)?)
}

/// A member as whom a session may see: active, with a sign-in.
pub struct SeenAs {
    /// The id.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
    /// Whether they run the installation.
    pub is_staff: bool,
}

/// The active member of this id.
pub fn seen_as(conn: &mut PgConnection, business: BusinessId, member: MemberId) -> Result<Option<SeenAs>, Refusal> {
    let found: Option<(String, Option<String>, bool)> = members::table
        .inner_join(users::table)
        .filter(members::business_id.eq(business).and(members::id.eq(member)))
        .filter(members::status.eq("active"))
        .select((members::name, members::role, users::is_staff))
        .first(conn)
        .optional()?;
    found
        .map(|(name, role, is_staff)| {
            let role = role.as_deref().and_then(Role::parse);
            let role = role.ok_or_else(|| Refusal::fault("an active member has no role"))?;
            Ok(SeenAs { member, name, role, is_staff })
        })
        .transpose()
}

/// The active owners of a business.
pub(super) fn owners(conn: &mut PgConnection, business: BusinessId) -> Result<Vec<Recipient>, Refusal> {
    let rows: Vec<(String, String)> = members::table
        .filter(members::business_id.eq(business))
        .filter(members::role.eq("owner").and(members::status.eq("active")))
        .order(members::id)
        .select((members::email, members::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|(email, name)| Recipient { email, name }).collect())
}

/// Writes the letter to every owner of the business.
pub(super) fn tell_owners<L: Letter>(work: &mut Work<'_>, letter: &L) -> Result<(), Refusal> {
    let business = work.business();
    for owner in owners(work.conn(), business)? {
        work.send(&Envelope::new(&owner.email, &owner.name, letter))?;
    }
    Ok(())
}

/// To which business a letter belongs.
pub(super) fn business_of_letter(conn: &mut PgConnection, letter: LetterId) -> Result<BusinessId, Refusal> {
    let found: Option<BusinessId> = letters_table::table.find(letter).select(letters_table::business_id).first(conn)?;
    found.ok_or_else(Refusal::not_found)
}
