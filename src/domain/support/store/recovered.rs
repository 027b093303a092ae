//! Whom a recovery lets in: how they stand in the business, and making one of them its owner.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use crate::domain::team::member::MemberStatus;
use crate::kernel::fact::Change;
use crate::kernel::ids::{self, BusinessId, InvitationId, MemberId, UserId};
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{invitations, members, users};

/// Somebody as a recovery needs to know them.
pub(in crate::domain::support) struct Person {
    pub(in crate::domain::support) user: UserId,
    pub(in crate::domain::support) name: String,
    pub(in crate::domain::support) email: String,
    pub(in crate::domain::support) is_staff: bool,
    pub(in crate::domain::support) is_verified: bool,
    pub(in crate::domain::support) has_second_factor: bool,
    pub(in crate::domain::support) is_owner: bool,
    /// Whether somebody else stands in the business under their address.
    pub(in crate::domain::support) is_address_taken: bool,
    /// The row they are, or become, in the business.
    known: Option<Known>,
}

struct Known {
    member: MemberId,
    name: String,
    email: String,
    role: Option<String>,
    status: String,
    left_on: Option<NaiveDate>,
}

/// Who signs in with this address.
pub(in crate::domain::support) fn person_of(
    conn: &mut PgConnection,
    business: BusinessId,
    email_folded: &str,
) -> Result<Option<Person>, Refusal> {
    let user: Option<UserId> =
        users::table.filter(users::email_folded.eq(email_folded)).select(users::id).first(conn).optional()?;
    user.map(|user| person(conn, business, user)).transpose()
}

/// This person.
pub(in crate::domain::support) fn person(
    conn: &mut PgConnection,
    business: BusinessId,
    user: UserId,
) -> Result<Person, Refusal> {
    type Row = (String, String, bool, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let (name, email, is_staff, verified_at, two_factor_at): Row = users::table
        .find(user)
        .select((users::name, users::email, users::is_staff, users::email_verified_at, users::two_factor_at))
        .first(conn)?;
    let folded = email.to_lowercase();
    let known = known(conn, business, (user, &folded))?;
    let others = members::table.filter(members::business_id.eq(business).and(members::email_folded.eq(&folded)));
    let others =
        others.filter(members::id.ne(known.as_ref().map_or(MemberId(uuid::Uuid::nil()), |known| known.member)));
    let is_address_taken = diesel::select(diesel::dsl::exists(others)).get_result(conn)?;
    let owned = members::table
        .filter(members::business_id.eq(business).and(members::user_id.eq(user)))
        .filter(members::role.eq("owner").and(members::status.eq("active")));
    Ok(Person {
        user,
        name,
        email,
        is_staff,
        is_verified: verified_at.is_some(),
        has_second_factor: two_factor_at.is_some(),
        is_owner: diesel::select(diesel::dsl::exists(owned)).get_result(conn)?,
        is_address_taken,
        known,
    })
}

/// Their own row, or else the one with their address as whom nobody signs in.
fn known(
    conn: &mut PgConnection,
    business: BusinessId,
    (user, folded): (UserId, &str),
) -> Result<Option<Known>, Refusal> {
    type Row = (MemberId, String, String, Option<String>, String, Option<NaiveDate>);
    let is_theirs = members::user_id.assume_not_null().eq(user);
    let is_nobodys = members::user_id.is_null().and(members::email_folded.eq(folded));
    let found: Option<Row> = members::table
        .filter(members::business_id.eq(business).and(is_theirs.or(is_nobodys)))
        .order(members::user_id.asc().nulls_last())
        .select((members::id, members::name, members::email, members::role, members::status, members::left_on))
        .first(conn)
        .optional()?;
    Ok(found.map(|(member, name, email, role, status, left_on)| Known { member, name, email, role, status, left_on }))
}

/// What making somebody an owner changed.
pub(in crate::domain::support) struct Admitted {
    pub(in crate::domain::support) member: MemberId,
    pub(in crate::domain::support) is_new: bool,
    pub(in crate::domain::support) changes: Vec<Change>,
    /// Invitations of theirs that waited, and are withdrawn.
    pub(in crate::domain::support) withdrawn: Vec<InvitationId>,
}

/// Makes a person an active owner, as themselves: by the name and address with which they sign in. The business is
/// locked.
pub(in crate::domain::support) fn make_owner(
    conn: &mut PgConnection,
    business: BusinessId,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<Admitted, Refusal> {
    let Some(known) = &person.known else {
        let member = insert(conn, business, person, now)?;
        let changes = vec![
            Change::set("E-mail", &person.email),
            Change::set("Role", Role::Owner.label()),
            Change::set("Status", MemberStatus::Active.label()),
        ];
        return Ok(Admitted { member, is_new: true, changes, withdrawn: Vec::new() });
    };
    let pending = invitations::table
        .filter(invitations::business_id.eq(business).and(invitations::member_id.eq(known.member)))
        .filter(invitations::state.eq("pending"));
    let withdrawn = diesel::update(pending)
        .set((invitations::state.eq("withdrawn"), invitations::ended_at.eq(now)))
        .returning(invitations::id)
        .get_results(conn)?;
    diesel::update(members::table.find((business, known.member)))
        .set((
            members::user_id.eq(person.user),
            members::name.eq(&person.name),
            members::name_folded.eq(person.name.to_lowercase()),
            members::email.eq(&person.email),
            members::email_folded.eq(person.email.to_lowercase()),
            members::role.eq("owner"),
            members::status.eq("active"),
            members::left_on.eq(None::<NaiveDate>),
        ))
        .execute(conn)?;
    Ok(Admitted { member: known.member, is_new: false, changes: known.compared(person), withdrawn })
}

impl Known {
    fn compared(&self, after: &Person) -> Vec<Change> {
        let role = self.role.as_deref().and_then(Role::parse).map(|role| role.label().to_owned());
        let status = MemberStatus::parse(&self.status).map(|status| status.label().to_owned());
        let fields = [
            ("Name", Some(self.name.clone()), Some(after.name.clone())),
            ("E-mail", Some(self.email.clone()), Some(after.email.clone())),
            ("Role", role, Some(Role::Owner.label().to_owned())),
            ("Status", status, Some(MemberStatus::Active.label().to_owned())),
            ("Left", self.left_on.map(|day| day.to_string()), None),
        ];
        fields.into_iter().filter_map(|(field, before, after)| Change::between(field, before, after)).collect()
    }
}

fn insert(
    conn: &mut PgConnection,
    business: BusinessId,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<MemberId, Refusal> {
    let member = MemberId::mint(now);
    diesel::insert_into(members::table)
        .values((
            members::business_id.eq(business),
            members::id.eq(member),
            members::parse_id.eq(ids::parse_id()),
            members::user_id.eq(person.user),
            members::name.eq(&person.name),
            members::name_folded.eq(person.name.to_lowercase()),
            members::email.eq(&person.email),
            members::email_folded.eq(person.email.to_lowercase()),
            members::role.eq("owner"),
            members::status.eq("active"),
            members::department.eq(""),
            members::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(member)
}
