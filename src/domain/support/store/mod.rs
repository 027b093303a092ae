//! Support in the database. Staff belong to no business, so what is read of one is named by its id.

pub(super) mod console;
pub(super) mod letters;
pub(super) mod recovered;
pub(super) mod recoveries;
pub(super) mod sessions;
pub(super) mod staff;
pub(super) mod worker;

use diesel::prelude::*;

use crate::domain::businesses::settings::SupportAccess;
use crate::domain::plans::store::owners;
use crate::kernel::access::{House, HouseRow};
use crate::kernel::ids::{BusinessId, LetterId, MemberId, UserId};
use crate::kernel::outbox::{Envelope, Letter};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, letters as letters_table, members, users};
use crate::kernel::work::{Scope, Work};

pub use sessions::{lock_session, session};
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
pub fn support_access(conn: &mut PgConnection, business: BusinessId) -> Result<SupportAccess, Refusal> {
    let consent: String = businesses::table.find(business).select(businesses::support_access).first(conn)?;
    SupportAccess::parse(&consent).map_err(Refusal::fault)
}

/// Whether this person is or was anybody in the business, by their sign-in or by their address: support never steps in
/// where it belongs.
pub fn belongs(conn: &mut PgConnection, user: UserId, business: BusinessId) -> Result<bool, Refusal> {
    let their_address = users::table.filter(users::id.eq(user)).select(users::email_folded);
    let own = members::table
        .filter(members::business_id.eq(business))
        .filter(members::user_id.assume_not_null().eq(user).or(members::email_folded.eq_any(their_address)));
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

/// The house of a business: its zone, currency and locale, and how it stands.
pub fn house(conn: &mut PgConnection, business: BusinessId) -> Result<Option<House>, Refusal> {
    let found = businesses::table.find(business).select(HouseRow::as_select()).first(conn).optional()?;
    found.map(HouseRow::house).transpose()
}

/// Who in the business has this folded address.
pub(super) fn member_of_address(scope: &mut impl Scope, email_folded: &str) -> Result<Option<MemberId>, Refusal> {
    Ok(members::table
        .filter(members::business_id.eq(scope.business()).and(members::email_folded.eq(email_folded)))
        .select(members::id)
        .first(scope.conn())
        .optional()?)
}

/// Writes the letter to every owner of the business.
pub(super) fn tell_owners<L: Letter>(work: &mut Work<'_>, letter: &L) -> Result<(), Refusal> {
    let business = work.business();
    for owner in owners(work.conn(), &[business])? {
        work.send(&Envelope::new(&owner.email, &owner.name, letter))?;
    }
    Ok(())
}

/// To which business a letter belongs, and to which address it went.
pub(super) fn whose_letter(conn: &mut PgConnection, letter: LetterId) -> Result<(BusinessId, String), Refusal> {
    let row = letters_table::table.find(letter).select((letters_table::business_id, letters_table::to_email));
    let (business, to): (Option<BusinessId>, String) = row.first(conn)?;
    Ok((business.ok_or_else(Refusal::not_found)?, to))
}
