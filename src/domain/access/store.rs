//! The look-ups that prove an access.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use crate::domain::support::store as support;
use crate::domain::team::member::has_passed;
use crate::kernel::access::House;
use crate::kernel::ids::{BusinessId, InvitationId, MemberId, UserId};
use crate::kernel::locale::Locale;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, invitations, members, users};

use super::{Invited, Membership};

type HouseRow = (BusinessId, String, String, String, String);
type HouseColumns = (businesses::id, businesses::zone, businesses::currency, businesses::locale, businesses::status);
const HOUSE: HouseColumns =
    (businesses::id, businesses::zone, businesses::currency, businesses::locale, businesses::status);

/// Zone and locale that a person chose for themselves.
type Manner = (Option<Tz>, Option<Locale>);
type MannerRow = (Option<String>, Option<String>);

pub(super) fn active_membership(
    conn: &mut PgConnection,
    user: UserId,
    (business, member): (BusinessId, MemberId),
    now: DateTime<Utc>,
) -> Result<Option<(House, Role, Manner)>, Refusal> {
    let found: Option<(HouseRow, Option<String>, Option<NaiveDate>, MannerRow)> = members::table
        .inner_join(businesses::table)
        .inner_join(users::table)
        .filter(members::business_id.eq(business).and(members::id.eq(member)))
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .select((HOUSE, members::role, members::left_on, (users::zone, users::locale)))
        .first(conn)
        .optional()?;
    let Some((house, role, left_on, manner)) = found else {
        return Ok(None);
    };
    let (house, role) = (house_of(house)?, role_of(role)?);
    Ok(is_here(role, left_on, house.zone, now).then_some((house, role, manner_of(manner))))
}

pub(super) fn active_memberships(
    conn: &mut PgConnection,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<Membership>, Refusal> {
    type Row = (BusinessId, String, String, MemberId, Option<String>, Option<NaiveDate>);
    let found: Vec<Row> = members::table
        .inner_join(businesses::table)
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .order((businesses::name, businesses::id))
        .select((businesses::id, businesses::name, businesses::zone, members::id, members::role, members::left_on))
        .load(conn)?;
    let mut memberships = Vec::new();
    for (business, name, zone, member, role, left_on) in found {
        let role = role_of(role)?;
        if is_here(role, left_on, zone.parse().map_err(Refusal::fault)?, now) {
            memberships.push(Membership { business, name, member, role });
        }
    }
    Ok(memberships)
}

/// A last day that has passed keeps people out before the worker writes it down. Not owners: one of them may be the
/// last, and only the worker, under the lock of the business, can tell.
fn is_here(role: Role, left_on: Option<NaiveDate>, zone: Tz, now: DateTime<Utc>) -> bool {
    role == Role::Owner || !has_passed(left_on, now.with_timezone(&zone).date_naive())
}

/// The house of a business; none for the installation's own.
pub(super) fn house(conn: &mut PgConnection, business: BusinessId) -> Result<Option<House>, Refusal> {
    match business == BusinessId::INSTALLATION {
        true => Ok(None),
        false => support::house(conn, business),
    }
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

fn house_of((business, zone, currency, locale, status): HouseRow) -> Result<House, Refusal> {
    House::read(business, [&zone, &currency, &locale, &status])
}

/// What a newer release no longer knows counts as not chosen.
fn manner_of((zone, locale): MannerRow) -> Manner {
    let zone = zone.and_then(|zone| zone.parse().ok());
    (zone, locale.and_then(|locale| Locale::parse(&locale).ok()))
}

fn role_of(code: Option<String>) -> Result<Role, Refusal> {
    code.as_deref().and_then(Role::parse).ok_or_else(|| Refusal::fault("an active member has no role"))
}
