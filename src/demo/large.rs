//! A large installation to try things on: businesses, people, subscriptions, seats and entries by the million, written
//! by a few statements straight into the tables. Every id follows from its number, so that rows find each other without
//! being read; every day lies around today.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::password::Password;
use crate::kernel::fact::{Change, Fact, Object, Unrecorded};
use crate::kernel::ids::BusinessId;
use crate::kernel::operation::Sweep;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::work::{Audited, SweepWork};

use super::SignIn;
use super::cast::password;

/// So many rows are written in one transaction.
const BATCH: i64 = 20_000;
/// So many people each business has, the first of them its owner.
const PEOPLE: i64 = 50;
/// So many services each business knows.
const SERVICES: i64 = 20;
/// So many seats the first subscription of the first business has, held as far as there are licenses.
const LARGEST: i64 = 5_000;
/// So many seats every other has.
const SEATS: i64 = 20;
/// The days over which the entries of the trail are spread.
const DAYS: i64 = 390;

/// How large.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Businesses beside that of the story.
    pub businesses: u32,
    /// Subscriptions, evenly over the businesses.
    pub subscriptions: u32,
    /// Licenses with their holders: those of the largest subscription first, then evenly.
    pub licenses: u32,
    /// Entries of the trail, evenly over the businesses.
    pub audit: u32,
}

impl Size {
    /// Refuses a size that does not work out.
    pub(super) fn check(self) -> Result<(), Refusal> {
        let (businesses, subscriptions) = (i64::from(self.businesses), i64::from(self.subscriptions));
        let why = if businesses == 0 || subscriptions < businesses {
            "--businesses must be at least 1, and --subscriptions no fewer than --businesses."
        } else if i64::from(self.licenses) > LARGEST + (subscriptions - 1) * SEATS {
            "--licenses is more than there are seats: 5,000 on the first subscription and 20 on each other."
        } else {
            return Ok(());
        };
        Err(Refusal::new(Kind::Invalid, "size", why))
    }
}

/// Fills the installation and says how to get into the first business.
pub(super) async fn fill(app: &App, size: Size) -> Result<SignIn, Refusal> {
    let password = password();
    let hash = app.passwords.hash(Password::parse(&password, &[])?).await?;
    let (rounds, now) = (access::for_rounds(), app.db.clock().now());
    for (what, count) in size.parts() {
        let (mut from, count) = (0, i64::from(count));
        while from < count {
            let to = count.min(from + BATCH);
            app.db.sweep(&rounds, Fill { what, size, now, rows: (from, to), hash: hash.clone() }).await?;
            from = to;
        }
    }
    app.db.sweep(&rounds, Finish { size }).await?;
    Ok(SignIn {
        name: "Person 0".to_owned(),
        email: "owner0@large.example".to_owned(),
        role: "owner of Business 0",
        password,
        totp_secret: None,
    })
}

/// What is written, in this order.
#[derive(Clone, Copy)]
enum What {
    Businesses,
    Plans,
    Periods,
    Users,
    People,
    PeopleOfTheLargest,
    Services,
    Subscriptions,
    Prices,
    Licenses,
    Holders,
    Entries,
}

impl Size {
    fn parts(self) -> [(What, u32); 12] {
        let Self { businesses, subscriptions, licenses, audit } = self;
        let times = |each: i64| u32::try_from(i64::from(businesses) * each).unwrap_or(u32::MAX);
        [
            (What::Businesses, businesses),
            (What::Plans, businesses),
            (What::Periods, businesses),
            (What::Users, businesses),
            (What::People, times(PEOPLE)),
            (What::PeopleOfTheLargest, u32::try_from(LARGEST - PEOPLE).unwrap_or_default()),
            (What::Services, times(SERVICES)),
            (What::Subscriptions, subscriptions),
            (What::Prices, subscriptions),
            (What::Licenses, licenses),
            (What::Holders, licenses),
            (What::Entries, audit),
        ]
    }
}

/// The beginning of today.
const TODAY: &str = "(size.today::timestamp AT TIME ZONE 'UTC')";

/// Some rows of one table.
struct Fill {
    what: What,
    size: Size,
    /// Ids and days are reckoned from it, so it is the same for all.
    now: DateTime<Utc>,
    rows: (i64, i64),
    hash: String,
}

impl Sweep for Fill {
    type Output = ();

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<()>, Refusal> {
        let (from, to) = self.rows;
        diesel::sql_query(sql(self.what))
            .bind::<Timestamptz, _>(self.now)
            .bind::<BigInt, _>(from)
            .bind::<BigInt, _>(to)
            .bind::<BigInt, _>(i64::from(self.size.businesses))
            .bind::<BigInt, _>(i64::from(self.size.subscriptions))
            .bind::<BigInt, _>(i64::from(self.size.audit))
            .bind::<Text, _>(&self.hash)
            .execute(work.conn_of_all_businesses())?;
        Ok(work.unrecorded(Unrecorded::Progress, ()))
    }
}

/// The id of the row of this number in a table of this letter, made a number of days ago (as SQL): a UUID of version 7.
fn id(table: char, number: &str, at: &str) -> String {
    format!(
        "(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') || '7000800{table}' || lpad(to_hex({number}), 12, '0'))::uuid"
    )
}

/// A public id of ten characters.
fn public(number: &str) -> String {
    format!("lpad(to_hex({number}), 10, '0')")
}

/// Every statement knows: $1 now, rows from $2 to before $3, $4 businesses, $5 subscriptions, $6 entries, $7 the hash of
/// the owners' password.
fn sql(what: What) -> String {
    let start = format!("($1::timestamptz - interval '{DAYS} days')");
    let known = "FROM generate_series($2::bigint, $3::bigint - 1) AS n
         CROSS JOIN (SELECT $4::bigint AS businesses, $5::bigint AS subscriptions, $6::bigint AS entries,
                            $7::text AS hash, ($1::timestamptz AT TIME ZONE 'UTC')::date AS today) AS size";
    let id = |table: char, number: &str| id(table, number, &start);
    let (business, member) = ("n % size.businesses", format!("(n % size.businesses) * {PEOPLE}"));
    match what {
        What::Businesses => format!(
            "INSERT INTO businesses (id, name, currency, zone, locale, application_id, status, created_at)
             SELECT {}, 'Business ' || n, 'EUR', 'UTC', 'en-GB', 'large' || lpad(n::text, 19, '0'), 'active', {start} {known}",
            id('1', "n")
        ),
        What::Plans => format!(
            "INSERT INTO plan_subscriptions (business_id, plan_id, anchor_on, cycle_index, cycle_starts_at, period_starts_at, period_ends_at)
             SELECT {}, plans.id, size.today, 0, {TODAY}, {TODAY}, {TODAY} + interval '1 month'
             {known} JOIN plans ON plans.code = 'unlimited'",
            id('1', "n")
        ),
        What::Periods => format!(
            "INSERT INTO plan_periods (business_id, starts_at, cycle_starts_at, ends_at, plan_id, due_minor, currency, recorded_at)
             SELECT {}, {TODAY}, {TODAY}, {TODAY} + interval '1 month', plans.id, 0, 'USD', $1
             {known} JOIN plans ON plans.code = 'unlimited'",
            id('1', "n")
        ),
        What::Users => format!(
            "INSERT INTO users (id, email, email_folded, name, password_hash, email_verified_at, created_at)
             SELECT {}, 'owner' || n || '@large.example', 'owner' || n || '@large.example', 'Person 0', size.hash, {start}, {start} {known}",
            id('2', "n")
        ),
        What::People => people(&known_people(known), &start),
        What::PeopleOfTheLargest => people(&known_people_of_the_largest(known), &start),
        What::Services => format!(
            "INSERT INTO services (business_id, id, name, name_folded, vendor, category, website)
             SELECT {}, {}, 'Service ' || n % {SERVICES}, 'service ' || n % {SERVICES}, 'Vendor ' || n % 7, 'Category ' || n % 5, '' {known}",
            id('1', &format!("n / {SERVICES}")),
            id('4', "n")
        ),
        What::Subscriptions => format!(
            "INSERT INTO subscriptions (business_id, id, parse_id, service_id, name, name_folded, owner_id, status, cost_model, currency,
               cycle_unit, cycle_count, anchor_on, renews_on, next_on, cancel_by, auto_renew, notice_count, notice_unit,
               department, category, tags, payment_method, url, notes, created_at)
             SELECT business_id, id, parse_id, service_id, name, lower(name), owner_id, 'active', 'per_seat', 'EUR',
               unit, 1, renews_on, renews_on, renews_on, renews_on - 1 - notice, 'auto', notice, 'day',
               'Department ' || nth % 4, 'Category ' || nth % 5, '{{}}', 'Card', '', '', {start}
             FROM (SELECT {} AS business_id, {} AS id, {} AS parse_id, {} AS service_id, 'Subscription ' || n / size.businesses AS name,
                     {} AS owner_id, n / size.businesses AS nth,
                     CASE WHEN n / size.businesses % 3 = 0 THEN 'year' ELSE 'month' END AS unit,
                     CASE WHEN n / size.businesses % 3 = 0 THEN 30 ELSE 0 END AS notice,
                     size.today + 1 + (n / size.businesses * 7919 % CASE WHEN n / size.businesses % 3 = 0 THEN 365 ELSE 28 END)::int AS renews_on
                   {known}) AS rows",
            id('1', business),
            id('5', "n"),
            public("n"),
            id('4', &format!("(n % size.businesses) * {SERVICES} + n / size.businesses % {SERVICES}")),
            id('3', &format!("{member} + n / size.businesses % {PEOPLE}")),
        ),
        What::Prices => format!(
            "INSERT INTO price_lines (business_id, id, subscription_id, from_on, cost_minor, seats, created_at)
             SELECT {}, {}, {}, size.today - {DAYS}, 500 + n % 97 * 100, CASE n WHEN 0 THEN {LARGEST} ELSE {SEATS} END, {start} {known}",
            id('1', business),
            id('6', "n"),
            id('5', "n"),
        ),
        What::Licenses => format!(
            "INSERT INTO licenses (business_id, id, parse_id, subscription_id, state, created_at)
             SELECT {}, {}, {}, {}, 'open', {start} {}",
            id('1', "sub % businesses"),
            id('7', "n"),
            public("n"),
            id('5', "sub"),
            seats(known),
        ),
        What::Holders => format!(
            "INSERT INTO assignments (business_id, id, license_id, subscription_id, member_id, given_at)
             SELECT {}, {}, {}, {}, CASE WHEN n < {PEOPLE} AND sub = 0 THEN {} WHEN sub = 0 THEN {} ELSE {} END, {start} {}",
            id('1', "sub % businesses"),
            id('8', "n"),
            id('7', "n"),
            id('5', "sub"),
            id('3', "n"),
            id('9', "n - 50"),
            id('3', &format!("sub % businesses * {PEOPLE} + (sub / businesses * 7 + nth) % {PEOPLE}")),
            seats(known),
        ),
        What::Entries => {
            let at = format!("({start} + interval '{DAYS} days' * (n::float8 / size.entries))");
            let member = id('3', &member);
            let subscription = "n / size.businesses % (size.subscriptions / size.businesses) * size.businesses + n % size.businesses";
            format!(
                "INSERT INTO audit_entries (id, business_id, parse_id, at, actor_kind, actor_member_id, actor_other_id, action, object_kind,
                   object_id, object_label, said, changes, origin, outcome)
                 SELECT {}, {}, {}, {at}, 'member', {member}, {}, 'subscription.changed', 'subscription', {},
                   'Subscription ' || n / size.businesses, 'changed Subscription ' || n / size.businesses,
                   '[{{\"field\": \"Notes\", \"before\": \"\", \"after\": \"Looked at again\"}}]'::jsonb, 'page', 'done' {known}",
                self::id('a', "n", &at),
                id('1', business),
                public("n"),
                id('2', business),
                id('5', subscription),
            )
        }
    }
}

fn people(rows: &str, start: &str) -> String {
    format!(
        "INSERT INTO members (business_id, id, parse_id, user_id, name, name_folded, email, email_folded, role, status, department, created_at)
         SELECT business_id, id, parse_id, user_id, 'Person ' || nth, 'person ' || nth, address, address,
           CASE WHEN user_id IS NULL THEN NULL ELSE 'owner' END, CASE WHEN user_id IS NULL THEN 'directory' ELSE 'active' END,
           'Department ' || nth % 4, {start} FROM ({rows}) AS rows"
    )
}

fn known_people(known: &str) -> String {
    let start = format!("($1::timestamptz - interval '{DAYS} days')");
    let id = |table: char, number: &str| id(table, number, &start);
    let business = format!("n / {PEOPLE}");
    format!(
        "SELECT {} AS business_id, {} AS id, {} AS parse_id, CASE n % {PEOPLE} WHEN 0 THEN {} END AS user_id, n % {PEOPLE} AS nth,
           CASE n % {PEOPLE} WHEN 0 THEN 'owner' || {business} ELSE 'person' || n % {PEOPLE} || '.' || {business} END || '@large.example' AS address {known}",
        id('1', &business),
        id('3', "n"),
        public("n"),
        id('2', &business),
    )
}

fn known_people_of_the_largest(known: &str) -> String {
    let start = format!("($1::timestamptz - interval '{DAYS} days')");
    let id = |table: char, number: &str| id(table, number, &start);
    format!(
        "SELECT {} AS business_id, {} AS id, {} AS parse_id, NULL::uuid AS user_id, n + {PEOPLE} AS nth,
           'person' || n + {PEOPLE} || '.0@large.example' AS address {known}",
        id('1', "0"),
        id('9', "n"),
        public("n + 1000000000"),
    )
}

/// The licenses of these numbers, each with the number of its subscription and its place among that one's.
fn seats(known: &str) -> String {
    format!(
        "FROM (SELECT n, size.businesses,
                 CASE WHEN n < {LARGEST} THEN 0 ELSE 1 + (n - {LARGEST}) % (size.subscriptions - 1) END AS sub,
                 CASE WHEN n < {LARGEST} THEN n ELSE (n - {LARGEST}) / (size.subscriptions - 1) END AS nth {known}) AS seats"
    )
}

/// Says in the trail of the installation what was written.
struct Finish {
    size: Size,
}

impl Sweep for Finish {
    type Output = ();

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<()>, Refusal> {
        work.record_many(&[(BusinessId::INSTALLATION, Filled { size: self.size })], 1, ())
    }
}

/// That a large installation was made.
struct Filled {
    size: Size,
}

impl Fact for Filled {
    fn code(&self) -> &'static str {
        "installation.filled"
    }

    fn object(&self) -> Object {
        Object::new("business", BusinessId::INSTALLATION, "Installation")
    }

    fn said(&self) -> String {
        let Size { businesses, subscriptions, licenses, audit } = self.size;
        format!(
            "filled the installation to try things on: {businesses} businesses, {subscriptions} subscriptions, {licenses} licenses, {audit} entries"
        )
    }

    fn changes(&self) -> Vec<Change> {
        Vec::new()
    }
}
