//! What people say of themselves, in the database: in their own row and in that of each business where they are active.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use crate::kernel::ids::{BusinessId, MemberId, UserId};
use crate::kernel::locale::Locale;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{
    businesses, email_changes, members, password_resets, plan_subscriptions, staff_keys, users, verification_keys,
};
use crate::kernel::secret::Key;

use super::change_email::{Asked, VALID, taken};
use super::look::{Look, Theme};
use super::manner::Manner;
use super::profile::Profile;

/// How this person reads times and numbers.
pub(super) fn manner(conn: &mut PgConnection, user: UserId) -> Result<Manner, Refusal> {
    let own: (Option<String>, Option<String>) =
        users::table.find(user).select((users::zone, users::locale)).first(conn)?;
    let first: Option<(String, String)> = members::table
        .inner_join(businesses::table)
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .order((businesses::name, businesses::id))
        .select((businesses::zone, businesses::locale))
        .first(conn)
        .optional()?;
    let (zone, locale) = first.unzip();
    Ok(Manner {
        zone: own.0.or(zone).and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC),
        locale: own.1.or(locale).and_then(|locale| Locale::parse(&locale).ok()).unwrap_or_default(),
    })
}

type ProfileRow = (String, Option<String>, Option<String>, Option<String>, bool);
type ProfileColumns = (users::name, users::zone, users::locale, users::theme, users::shortcuts);
const PROFILE: ProfileColumns = (users::name, users::zone, users::locale, users::theme, users::shortcuts);

/// What this person says of themselves.
pub(super) fn profile(conn: &mut PgConnection, user: UserId) -> Result<Profile, Refusal> {
    profile_of(users::table.find(user).select(PROFILE).for_update().first(conn)?)
}

/// The same, only to look at.
pub(super) fn seen(conn: &mut PgConnection, user: UserId) -> Result<(Profile, String), Refusal> {
    let (row, email): (ProfileRow, String) = users::table.find(user).select((PROFILE, users::email)).first(conn)?;
    Ok((profile_of(row)?, email))
}

/// Whether this person is one of those who run the installation.
pub(super) fn is_staff(conn: &mut PgConnection, user: UserId) -> Result<bool, Refusal> {
    Ok(users::table.find(user).select(users::is_staff).first(conn)?)
}

fn profile_of((name, zone, locale, theme, has_shortcuts): ProfileRow) -> Result<Profile, Refusal> {
    Ok(Profile {
        name,
        zone: zone.map(|zone| zone.parse()).transpose().map_err(Refusal::fault)?,
        locale: locale.map(|locale| Locale::parse(&locale)).transpose().map_err(Refusal::fault)?,
        look: Look { theme: theme.as_deref().and_then(Theme::parse), has_shortcuts },
    })
}

/// Writes what a person says of themselves, the name also into each of these businesses.
pub(super) fn change(
    conn: &mut PgConnection,
    user: UserId,
    places: &[BusinessId],
    after: &Profile,
) -> Result<(), Refusal> {
    diesel::update(users::table.find(user))
        .set((
            users::name.eq(&after.name),
            users::zone.eq(after.zone.map(|zone| zone.name())),
            users::locale.eq(after.locale.map(|locale| locale.code())),
            users::theme.eq(after.look.theme.map(|theme| theme.code())),
            users::shortcuts.eq(after.look.has_shortcuts),
        ))
        .execute(conn)?;
    let theirs = members::table.filter(members::user_id.eq(user).and(members::business_id.eq_any(places)));
    diesel::update(theirs)
        .set((members::name.eq(&after.name), members::name_folded.eq(after.name.to_lowercase())))
        .execute(conn)?;
    Ok(())
}

/// Takes the lock of each of these businesses, in one order for everybody.
pub(super) fn lock_businesses(conn: &mut PgConnection, places: &[BusinessId]) -> Result<(), Refusal> {
    plan_subscriptions::table
        .filter(plan_subscriptions::business_id.eq_any(places))
        .order(plan_subscriptions::business_id)
        .select(plan_subscriptions::business_id)
        .for_update()
        .load::<BusinessId>(conn)?;
    Ok(())
}

/// Every business in which this person is active.
pub(super) fn places(conn: &mut PgConnection, user: UserId) -> Result<Vec<BusinessId>, Refusal> {
    Ok(members::table
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .order(members::business_id)
        .select(members::business_id)
        .load(conn)?)
}

/// Another password, if the present one is still that; says the person's name. Keys that were mailed stop working.
pub(super) fn change_password(
    conn: &mut PgConnection,
    user: UserId,
    (before, after): (&str, &str),
) -> Result<Option<String>, Refusal> {
    let unchanged = users::table.find(user).filter(users::password_hash.eq(before));
    let name: Option<String> = diesel::update(unchanged)
        .set(users::password_hash.eq(after))
        .returning(users::name)
        .get_result(conn)
        .optional()?;
    if name.is_some() {
        drop_keys(conn, user)?;
    }
    Ok(name)
}

/// Deletes the keys of this person: to reset the password, to choose one as new staff, to change the address.
pub(super) fn drop_keys(conn: &mut PgConnection, user: UserId) -> Result<(), Refusal> {
    diesel::delete(password_resets::table.filter(password_resets::user_id.eq(user))).execute(conn)?;
    diesel::delete(staff_keys::table.filter(staff_keys::user_id.eq(user))).execute(conn)?;
    let unused = email_changes::table.filter(email_changes::user_id.eq(user).and(email_changes::used_at.is_null()));
    diesel::delete(unused).execute(conn)?;
    Ok(())
}

/// Keeps the key to another address; of several only the newest works.
pub(super) fn ask_for_address(
    conn: &mut PgConnection,
    user: UserId,
    (key, old_folded, new): (&Key, &str, &str),
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let unused = email_changes::table.filter(email_changes::user_id.eq(user).and(email_changes::used_at.is_null()));
    diesel::delete(unused).execute(conn)?;
    diesel::insert_into(email_changes::table)
        .values((
            email_changes::key_hash.eq(key.hash()),
            email_changes::user_id.eq(user),
            email_changes::old_email_folded.eq(old_folded),
            email_changes::new_email.eq(new),
            email_changes::created_at.eq(now),
            email_changes::expires_at.eq(now + VALID),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a key asks for, while it works: unused, in time, and the address to replace still the present one.
pub(super) fn asked(conn: &mut PgConnection, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Asked>, Refusal> {
    let found: Option<(UserId, String, String, String)> = email_changes::table
        .inner_join(users::table)
        .filter(email_changes::key_hash.eq(hash))
        .filter(email_changes::used_at.is_null().and(email_changes::expires_at.gt(now)))
        .filter(email_changes::old_email_folded.eq(users::email_folded))
        .select((users::id, users::name, users::email, email_changes::new_email))
        .first(conn)
        .optional()?;
    Ok(found.map(|(user, name, before, after)| Asked { user, name, before, after }))
}

/// Uses the key, by one conditional update; whoever comes second finds it used.
pub(super) fn use_key(conn: &mut PgConnection, hash: &[u8], now: DateTime<Utc>) -> Result<bool, Refusal> {
    let unused =
        email_changes::table.find(hash).filter(email_changes::used_at.is_null().and(email_changes::expires_at.gt(now)));
    Ok(diesel::update(unused).set(email_changes::used_at.eq(now)).execute(conn)? == 1)
}

/// Deletes the keys that have expired; says how many.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> Result<usize, Refusal> {
    Ok(diesel::delete(email_changes::table.filter(email_changes::expires_at.le(now))).execute(conn)?)
}

/// The names of those businesses in which somebody else has this address.
pub(super) fn taken_in(
    conn: &mut PgConnection,
    user: UserId,
    places: &[BusinessId],
    folded: &str,
) -> Result<Vec<String>, Refusal> {
    Ok(members::table
        .inner_join(businesses::table)
        .filter(members::business_id.eq_any(places).and(members::email_folded.eq(folded)))
        .filter(members::user_id.is_distinct_from(user))
        .order(businesses::name)
        .select(businesses::name)
        .load(conn)?)
}

/// Writes the new address of a person, here and in each of these businesses. Letters to it arrive, so it is confirmed.
pub(super) fn change_address(
    conn: &mut PgConnection,
    (user, places): (UserId, &[BusinessId]),
    (old_folded, new): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    let folded = new.to_lowercase();
    let unchanged = users::table.find(user).filter(users::email_folded.eq(old_folded));
    let changed = diesel::update(unchanged)
        .set((users::email.eq(new), users::email_folded.eq(&folded), users::email_verified_at.eq(now)))
        .execute(conn)
        .map_err(taken_or)?;
    let theirs = members::table.filter(members::user_id.eq(user).and(members::business_id.eq_any(places)));
    diesel::update(theirs)
        .set((members::email.eq(new), members::email_folded.eq(&folded)))
        .execute(conn)
        .map_err(taken_or)?;
    drop_keys(conn, user)?;
    diesel::delete(verification_keys::table.filter(verification_keys::user_id.eq(user))).execute(conn)?;
    Ok(changed == 1)
}

/// Somebody took the address in this very moment.
fn taken_or(error: Error) -> Refusal {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => taken(),
        other => other.into(),
    }
}

/// The names of the businesses of which this person is the only active owner.
pub(super) fn sole_owner_of(conn: &mut PgConnection, user: UserId) -> Result<Vec<String>, Refusal> {
    let others = diesel::alias!(members as others);
    let another = others
        .filter(others.field(members::business_id).eq(members::business_id))
        .filter(others.field(members::id).ne(members::id))
        .filter(others.field(members::role).eq(Role::Owner.code()))
        .filter(others.field(members::status).eq("active"));
    Ok(members::table
        .inner_join(businesses::table)
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .filter(members::role.eq(Role::Owner.code()).and(diesel::dsl::not(diesel::dsl::exists(another))))
        .order(businesses::name)
        .select(businesses::name)
        .load(conn)?)
}

/// The zones of the businesses in which this person is active, and as whom.
pub(super) fn own_rows(conn: &mut PgConnection, user: UserId) -> Result<Vec<(BusinessId, MemberId, Tz)>, Refusal> {
    let rows: Vec<(BusinessId, MemberId, String)> = members::table
        .inner_join(businesses::table)
        .filter(members::user_id.eq(user).and(members::status.eq("active")))
        .order(members::business_id)
        .select((members::business_id, members::id, businesses::zone))
        .load(conn)?;
    rows.into_iter()
        .map(|(business, member, zone)| Ok((business, member, zone.parse().map_err(Refusal::fault)?)))
        .collect()
}

/// Writes that a person has left, on this day.
pub(super) fn leave(
    conn: &mut PgConnection,
    (business, member): (BusinessId, MemberId),
    today: NaiveDate,
) -> Result<(), Refusal> {
    let row = members::table.find((business, member));
    diesel::update(row).set((members::status.eq("left"), members::left_on.eq(today))).execute(conn)?;
    Ok(())
}

/// Deletes a user; their people stay in the directories, without a sign-in.
pub(super) fn delete(conn: &mut PgConnection, user: UserId) -> Result<(), Refusal> {
    let rows = members::table.filter(members::user_id.eq(user));
    diesel::update(rows).set(members::user_id.eq(None::<UserId>)).execute(conn)?;
    diesel::delete(users::table.find(user)).execute(conn)?;
    Ok(())
}
