//! The look-ups that prove an access.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::kernel::access::House;
use crate::kernel::currency::Currency;
use crate::kernel::ids::{BusinessId, InvitationId, MemberId, UserId};
use crate::kernel::locale::Locale;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, invitations, members};

use super::{Invited, Membership};

type HouseRow = (BusinessId, String, String, String);
type HouseColumns = (businesses::id, businesses::zone, businesses::currency, businesses::locale);
const HOUSE: HouseColumns = (businesses::id, businesses::zone, businesses::currency, businesses::locale);

pub(super) fn active_membership(
    conn: &mut PgConnection,
    user: UserId,
    (business, member): (BusinessId, MemberId),
) -> Result<Option<(House, Role)>, Refusal> {
    let found: Option<(HouseRow, Option<String>)> = members::table
        .inner_join(businesses::table)
        .filter(members::business_id.eq(business).and(members::id.eq(member)))
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .filter(businesses::status.ne("suspended"))
        .select((HOUSE, members::role))
        .first(conn)
        .optional()?;
    found.map(|(house, role)| Ok((house_of(house)?, role_of(role)?))).transpose()
}

pub(super) fn active_memberships(conn: &mut PgConnection, user: UserId) -> Result<Vec<Membership>, Refusal> {
    let found: Vec<(BusinessId, String, MemberId, Option<String>)> = members::table
        .inner_join(businesses::table)
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .filter(businesses::status.ne("suspended"))
        .order((businesses::name, businesses::id))
        .select((businesses::id, businesses::name, members::id, members::role))
        .load(conn)?;
    found
        .into_iter()
        .map(|(business, name, member, role)| Ok(Membership { business, name, member, role: role_of(role)? }))
        .collect()
}

pub(super) fn invitation_of_key(conn: &mut PgConnection, key_hash: &[u8]) -> Result<Option<Invited>, Refusal> {
    let found: Option<(InvitationId, HouseRow, String, DateTime<Utc>)> = invitations::table
        .inner_join(businesses::table)
        .filter(invitations::key_hash.eq(key_hash))
        .select((invitations::id, HOUSE, invitations::state, invitations::expires_at))
        .first(conn)
        .optional()?;
    found
        .map(|(invitation, house, state, expires_at)| {
            Ok(Invited { invitation, house: house_of(house)?, is_pending: state == "pending", expires_at })
        })
        .transpose()
}

fn house_of((business, zone, currency, locale): HouseRow) -> Result<House, Refusal> {
    Ok(House {
        business,
        zone: zone.parse().map_err(Refusal::fault)?,
        currency: Currency::parse(&currency).map_err(Refusal::fault)?,
        locale: Locale::parse(&locale).unwrap_or_default(),
    })
}

fn role_of(code: Option<String>) -> Result<Role, Refusal> {
    code.as_deref().and_then(Role::parse).ok_or_else(|| Refusal::fault("an active member has no role"))
}
