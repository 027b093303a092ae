//! The look-ups that prove an access.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use crate::domain::support::store as support;
use crate::domain::team::member::is_here;
use crate::kernel::access::{House, HouseRow};
use crate::kernel::ids::{BusinessId, InvitationId, MemberId, UserId};
use crate::kernel::locale::Locale;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, calendar_feeds, invitations, members, users};

use super::{Invited, Membership, OpenInvitation};

/// How long a visit goes unwritten, so that reading a page does not write a row.
const UNWRITTEN: TimeDelta = TimeDelta::hours(1);

/// Zone and locale that a person chose for themselves.
type Manner = (Option<Tz>, Option<Locale>);
type MannerRow = (Option<String>, Option<String>);

pub(super) fn active_membership(
    conn: &mut PgConnection,
    user: UserId,
    (business, member): (BusinessId, MemberId),
    now: DateTime<Utc>,
) -> Result<Option<(House, Role, Manner)>, Refusal> {
    type Row = (HouseRow, Option<String>, Option<NaiveDate>, Option<DateTime<Utc>>, MannerRow);
    let found: Option<Row> = members::table
        .inner_join(businesses::table)
        .inner_join(users::table)
        .filter(members::business_id.eq(business).and(members::id.eq(member)))
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .filter(businesses::closes_at.is_null().or(businesses::closes_at.gt(now)))
        .select((
            HouseRow::as_select(),
            members::role,
            members::left_on,
            members::last_seen_at,
            (users::zone, users::locale),
        ))
        .first(conn)
        .optional()?;
    let Some((house, role, left_on, seen, manner)) = found else {
        return Ok(None);
    };
    let (house, role) = (house.house()?, role_of(role)?);
    if !is_here(role, left_on, now.with_timezone(&house.zone).date_naive()) {
        return Ok(None);
    }
    if seen.is_none_or(|seen| now - seen >= UNWRITTEN) {
        diesel::update(members::table.find((business, member))).set(members::last_seen_at.eq(now)).execute(conn)?;
    }
    Ok(Some((house, role, manner_of(manner))))
}

/// Of which business, who, in which role, and how they read.
type FoundByStart = (House, (UserId, Role), Manner);

/// The house of this member, who they are there, and how they read, while they are active. That they were seen is not
/// noted: it is not they who come.
pub(super) fn active_member(
    conn: &mut PgConnection,
    (business, member): (BusinessId, MemberId),
    now: DateTime<Utc>,
) -> Result<Option<FoundByStart>, Refusal> {
    type Row = (HouseRow, UserId, Option<String>, Option<NaiveDate>, MannerRow);
    let found: Option<Row> = members::table
        .inner_join(businesses::table)
        .inner_join(users::table)
        .filter(members::business_id.eq(business).and(members::id.eq(member)))
        .filter(members::status.eq("active"))
        .filter(businesses::closes_at.is_null().or(businesses::closes_at.gt(now)))
        .select((HouseRow::as_select(), users::id, members::role, members::left_on, (users::zone, users::locale)))
        .first(conn)
        .optional()?;
    let Some((house, user, role, left_on, manner)) = found else {
        return Ok(None);
    };
    let (house, role) = (house.house()?, role_of(role)?);
    let is_here = is_here(role, left_on, now.with_timezone(&house.zone).date_naive());
    Ok(is_here.then(|| (house, (user, role), manner_of(manner))))
}

/// Of which business, who, in which role, and how they read.
type FoundByFeed = (House, (MemberId, UserId, Role), Manner);

/// Whose feed has the key of this hash, while they are active; notes now and then that it was fetched.
pub(super) fn member_of_feed(
    conn: &mut PgConnection,
    key_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<FoundByFeed>, Refusal> {
    type Row = (HouseRow, MemberId, UserId, Option<String>, Option<NaiveDate>, Option<DateTime<Utc>>, MannerRow);
    let of_member = members::business_id
        .eq(calendar_feeds::business_id)
        .and(members::id.eq(calendar_feeds::member_id))
        .and(members::status.eq("active"));
    let found: Option<Row> = calendar_feeds::table
        .inner_join(members::table.on(of_member).inner_join(businesses::table).inner_join(users::table))
        .filter(calendar_feeds::key_hash.eq(key_hash))
        .select((
            HouseRow::as_select(),
            members::id,
            users::id,
            members::role,
            members::left_on,
            calendar_feeds::read_at,
            (users::zone, users::locale),
        ))
        .first(conn)
        .optional()?;
    let Some((house, member, user, role, left_on, read_at, manner)) = found else {
        return Ok(None);
    };
    let (house, role) = (house.house()?, role_of(role)?);
    if !is_here(role, left_on, now.with_timezone(&house.zone).date_naive()) {
        return Ok(None);
    }
    if read_at.is_none_or(|read_at| now - read_at >= UNWRITTEN) {
        diesel::update(calendar_feeds::table.filter(calendar_feeds::key_hash.eq(key_hash)))
            .set(calendar_feeds::read_at.eq(now))
            .execute(conn)?;
    }
    Ok(Some((house, (member, user, role), manner_of(manner))))
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
        .filter(businesses::closes_at.is_null().or(businesses::closes_at.gt(now)))
        .order((businesses::name, businesses::id))
        .select((businesses::id, businesses::name, businesses::zone, members::id, members::role, members::left_on))
        .load(conn)?;
    let mut memberships = Vec::new();
    for (business, name, zone, member, role, left_on) in found {
        let role = role_of(role)?;
        let zone: Tz = zone.parse().map_err(Refusal::fault)?;
        if is_here(role, left_on, now.with_timezone(&zone).date_naive()) {
            memberships.push(Membership { business, name, member, role });
        }
    }
    Ok(memberships)
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
        .select((invitations::id, HouseRow::as_select(), invitations::state, invitations::expires_at))
        .first(conn)
        .optional()?;
    found
        .map(|(invitation, house, state, expires_at)| {
            Ok(Invited { invitation, house: house.house()?, is_pending: state == "pending", expires_at })
        })
        .transpose()
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_invited() -> _ {
    members::business_id.eq(invitations::business_id).and(members::id.eq(invitations::member_id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_theirs(user: UserId) -> _ {
    let own: users::email_folded = users::email_folded;
    members::email_folded
        .eq_any(users::table.filter(users::id.eq(user).and(users::email_verified_at.is_not_null())).select(own))
}

pub(super) fn invitation_of_user(
    conn: &mut PgConnection,
    user: UserId,
    business: BusinessId,
    now: DateTime<Utc>,
) -> Result<Option<Invited>, Refusal> {
    let found: Option<(InvitationId, HouseRow, DateTime<Utc>)> = invitations::table
        .inner_join(businesses::table)
        .inner_join(members::table.on(is_invited()))
        .filter(invitations::business_id.eq(business).and(invitations::state.eq("pending")))
        .filter(invitations::expires_at.gt(now).and(is_theirs(user)))
        .select((invitations::id, HouseRow::as_select(), invitations::expires_at))
        .first(conn)
        .optional()?;
    found
        .map(|(invitation, house, expires_at)| {
            Ok(Invited { invitation, house: house.house()?, is_pending: true, expires_at })
        })
        .transpose()
}

pub(super) fn invitations_of_user(
    conn: &mut PgConnection,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<OpenInvitation>, Refusal> {
    let inviters = diesel::alias!(members as inviters);
    let is_inviter = inviters
        .field(members::business_id)
        .eq(invitations::business_id)
        .and(inviters.field(members::id).eq(invitations::invited_by));
    let found: Vec<(BusinessId, String, String, String)> = invitations::table
        .inner_join(businesses::table)
        .inner_join(members::table.on(is_invited()))
        .inner_join(inviters.on(is_inviter))
        .filter(invitations::state.eq("pending").and(invitations::expires_at.gt(now)))
        .filter(is_theirs(user).and(businesses::status.eq("active")))
        .order((businesses::name, businesses::id))
        .select((businesses::id, businesses::name, inviters.field(members::name), invitations::role))
        .load(conn)?;
    found
        .into_iter()
        .map(|(business, name, inviter, role)| {
            Ok(OpenInvitation { business, name, inviter, role: role_of(Some(role))? })
        })
        .collect()
}

/// What a newer release no longer knows counts as not chosen.
fn manner_of((zone, locale): MannerRow) -> Manner {
    let zone = zone.and_then(|zone| zone.parse().ok());
    (zone, locale.and_then(|locale| Locale::parse(&locale).ok()))
}

fn role_of(code: Option<String>) -> Result<Role, Refusal> {
    code.as_deref().and_then(Role::parse).ok_or_else(|| Refusal::fault("an active member has no role"))
}
