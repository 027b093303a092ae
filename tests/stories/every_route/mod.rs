//! Walks over every route there is: a new one is included by existing, and must say here what it takes.

mod bad_input;
mod cross_site;
mod roles;
mod statements;
mod stranger;

use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Method;
use subledger::http::{Audience, Route, all_routes};
use subledger::kernel::ids;

use crate::support::{Browser, Cast, Shown, TestApp, Uma};

/// What each form takes, with values that are right; `{n}` becomes a number that was not used yet, `{uma}` Uma's id, `{software}` a subscription's.
const FORMS: [(&str, &[(&str, &str)]); 88] = [
    ("/signup", &[("business", "Initech {n}"), ("plan", "team")]),
    ("/login", &[("email", "olivia@acme.example"), ("password", "correct horse battery"), ("next", "/people")]),
    ("/logout", &[]),
    ("/password/forgot", &[("email", "nobody{n}@acme.example")]),
    ("/password/reset", &[("key", "a-key-that-nobody-has"), ("password", "a password of nobody")]),
    ("/login/code", &[("code", "000000")]),
    ("/reauth", &[("password", "correct horse battery"), ("next", "/people")]),
    (
        "/settings/profile",
        &[("name", "Somebody {n}"), ("zone", "Europe/Lisbon"), ("locale", "de-DE"), ("theme", "dark")],
    ),
    // With a password that is not theirs, so that everybody is there for the next route.
    ("/settings/profile/delete", &[("password", "not the password")]),
    ("/email/confirm", &[("key", "a-key-that-nobody-has")]),
    ("/settings/security/password", &[("current", "not the password"), ("password", "a password of nobody")]),
    ("/settings/security/two-factor", &[("code", "000000")]),
    ("/settings/security/two-factor/off", &[]),
    ("/settings/security/two-factor/codes", &[]),
    ("/settings/security/sessions/end-all", &[]),
    ("/settings/security/sessions/{id}/end", &[]),
    ("/verify", &[("key", "a-key-that-nobody-has")]),
    ("/verify/resend", &[]),
    ("/businesses/new", &[("business", "Initrode {n}"), ("plan", "team")]),
    ("/businesses/{id}/enter", &[("next", "/people")]),
    ("/businesses/{id}/accept", &[]),
    ("/settings/business", &SETTINGS),
    // Not its name: nobody could do anything in Acme after that.
    ("/settings/business/close", &[("confirm", "Nobody’s")]),
    ("/settings/business/keep", &[]),
    ("/team/{id}/role", &[("role", "auditor")]),
    ("/team/{id}/deactivate", &[]),
    ("/team/{id}/reactivate", &[]),
    ("/team/{id}/hand-over", &[("confirm", "Nobody")]),
    ("/settings/plan", &[("plan", "team"), ("confirm", "1")]),
    ("/settings/api-keys", &[("name", "Program {n}"), ("kind", "sdk"), ("expires_on", "")]),
    ("/settings/api-keys/{id}/revoke", &[]),
    ("/people", &PERSON),
    ("/people/{id}", &PERSON),
    ("/team/invitations", &INVITATION),
    ("/team/invitations/{id}/resend", &[]),
    ("/team/invitations/{id}/withdraw", &[]),
    ("/team/invitations/{id}/link", &[]),
    ("/join", &[("key", "a-key-that-nobody-has"), ("name", "Nobody"), ("password", "a password of nobody")]),
    ("/subscriptions", &SUBSCRIPTION),
    ("/subscriptions/bulk", &[("id", "{uma}"), ("verb", "owner"), ("new_owner", "{uma}")]),
    ("/subscriptions/{id}", &SUBSCRIPTION),
    ("/subscriptions/{id}/prices", &[("from", "2026-12-24"), ("cost", "12.00"), ("seats", "7")]),
    ("/subscriptions/{id}/keep", &[]),
    ("/subscriptions/{id}/remove", &[]),
    ("/subscriptions/{id}/restore", &[]),
    ("/renewals/bulk", &[("renewal", "{software}.2030-01-31"), ("decision", "cancel")]),
    ("/renewals/feed", &[]),
    ("/renewals/feed/off", &[]),
    (
        "/renewals/{id}/decision",
        &[("decision", "resize"), ("seats", "7"), ("note", "Number {n}."), ("renews_on", "2030-01-31")],
    ),
    ("/renewals/{id}/undo", &[]),
    ("/services/{id}", &[("name", "Service of {n}"), ("vendor", "Vendor"), ("category", "Design"), ("website", "")]),
    ("/subscriptions/{id}/licenses", &[("member", "{uma}"), ("tell", "1")]),
    ("/subscriptions/{id}/requests", &[("note", "For number {n}.")]),
    ("/licenses/assign", &[("subscription", "{software}"), ("members", "{uma}"), ("tell", "0")]),
    ("/licenses/{id}/revoke", &[]),
    ("/licenses/{id}/reassign", &[("member", "adam@acme.example")]),
    ("/licenses/{id}/extend", &[("expires_on", "2030-01-31")]),
    ("/licenses/{id}/key", &[("key", "KEY-{n}-7F2K")]),
    ("/licenses/{id}/reveal", &[]),
    ("/licenses/{id}/retire", &[]),
    ("/licenses/{id}/restore", &[]),
    ("/requests/{id}/approve", &[]),
    ("/requests/{id}/decline", &[("words", "Not now.")]),
    ("/requests/{id}/withdraw", &[]),
    ("/notifications/read-all", &[]),
    ("/notifications/{id}/read", &[]),
    ("/notifications/{id}/open", &[]),
    ("/settings/notifications", &[("inbox_seat_given", "0"), ("letter_seat_given", "1")]),
    ("/audit", &[("note", "Looked at number {n}.")]),
    ("/import", &[("kind", "people")]),
    ("/import/{id}", &[("commit", "1")]),
    ("/import/{id}/undo", &[]),
    ("/recoveries/{id}/refuse", &[]),
    ("/activate", &[("key", "a-key-that-nobody-has"), ("name", "Nobody"), ("password", "a password of nobody")]),
    ("/staff/sessions/end", &[]),
    (
        "/staff/businesses/{id}/sessions",
        &[("reason", "Ticket {n}: seats"), ("minutes", "15"), ("mode", "read"), ("member", "")],
    ),
    ("/staff/businesses/{id}/suspend", &[("reason", "Nobody answers, {n}")]),
    ("/staff/businesses/{id}/restore", &[]),
    (
        "/staff/businesses/{id}/recover",
        &[("kind", "owner"), ("email", "gus@globex.example"), ("reason", "Ticket {n}: locked out")],
    ),
    ("/staff/businesses/{id}/plan", &[("plan", "unlimited"), ("reason", "Ticket {n}: a pilot"), ("expires_on", "")]),
    (
        "/staff/businesses/{id}/override",
        &[("meter", "seats"), ("limit", "30000"), ("reason", "Ticket {n}: a pilot"), ("expires_on", "2030-01-31")],
    ),
    ("/staff/businesses/{id}/answer", &[("answer", "decline"), ("reason", "Ticket {n}: not now")]),
    ("/staff/businesses/{id}/take-back", &[("override", "{override}")]),
    ("/staff/businesses/{id}/retry", &[("job", "plan_periods")]),
    ("/staff/plans", &[("code", "plan{n}"), ("name", "Plan {n}"), ("cycle_count", "1"), ("cycle_unit", "month")]),
    ("/staff/plans/{id}/archive", &[]),
    ("/staff/recoveries/{id}/withdraw", &[]),
    ("/staff/letters/{id}/resend", &[]),
];

const SETTINGS: [(&str, &str); 9] = [
    ("name", "Acme {n}"),
    ("currency", "USD"),
    ("zone", "Europe/Lisbon"),
    ("locale", "en-US"),
    ("support_access", "read"),
    ("require_two_factor", "0"),
    ("client_sign_up", "0"),
    ("cancel_by_reminders", "60, 30, 15, 1"),
    ("renewal_reminders", "30, 15, 7"),
];

const PERSON: [(&str, &str); 6] = [
    ("name", "Leo {n}"),
    ("email", "leo{n}@acme.example"),
    ("department", "Design"),
    ("manager", "{uma}"),
    ("joined_on", "2026-01-31"),
    ("left_on", ""),
];

const INVITATION: [(&str, &str); 4] =
    [("emails", "ivy{n}@acme.example"), ("role", "user"), ("department", "Design"), ("message", "Welcome.")];

const SUBSCRIPTION: [(&str, &str); 9] = [
    ("service", "Service {n}"),
    ("name", "Software {n}"),
    ("cost", "12.50"),
    ("currency", "EUR"),
    ("cycle_unit", "month"),
    ("cycle_count", "1"),
    ("renews_on", "2030-01-31"),
    ("seats", "5"),
    ("notes", "For everybody."),
];

/// Where the ids of a path come from: the newest row of the business.
const IDS: [(&str, &str); 18] = [
    ("/people/{id}", "SELECT id FROM members WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/team/invitations/{id}", "SELECT id FROM invitations WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/settings/api-keys/{id}", "SELECT id FROM api_keys WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/team/{id}", "SELECT id FROM members WHERE business_id = $1 AND user_id IS NOT NULL ORDER BY id DESC LIMIT 1"),
    ("/subscriptions/{id}", "SELECT id FROM subscriptions WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/renewals/{id}", "SELECT id FROM subscriptions WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/services/{id}", "SELECT id FROM services WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/licenses/{id}", "SELECT id FROM licenses WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/requests/{id}", "SELECT id FROM seat_requests WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/notifications/{id}", "SELECT id FROM notifications WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/audit/{id}", "SELECT id FROM audit_entries WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/import/{id}", "SELECT id FROM imports WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
    ("/businesses/{id}", "SELECT id FROM businesses WHERE id = $1"),
    ("/recoveries/{id}", "SELECT id FROM recoveries WHERE business_id = $1"),
    ("/staff/recoveries/{id}", "SELECT id FROM recoveries WHERE business_id = $1"),
    ("/staff/plans/{id}", "SELECT plan_id AS id FROM plan_subscriptions WHERE business_id = $1"),
    ("/staff/businesses/{id}", "SELECT id FROM businesses WHERE id = $1"),
    ("/staff/letters/{id}", "SELECT id FROM letters WHERE business_id = $1 ORDER BY id DESC LIMIT 1"),
];

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    id: uuid::Uuid,
}

/// The routes of whoever is signed in and of everybody; letters on disk are nobody's of a business.
fn routes() -> Vec<Route> {
    all_routes().into_iter().filter(|route| !route.path.starts_with("/dev/")).collect()
}

/// The routes that take forms.
pub fn posts() -> Vec<Route> {
    routes().into_iter().filter(|route| route.method == Method::POST.as_str()).collect()
}

/// The path with the ids of what this business has.
fn path_in(app: &TestApp, business: &str, route: &Route) -> String {
    use diesel::RunQueryDsl;
    if !route.path.contains("{id}") {
        return route.path.to_owned();
    }
    if route.path.starts_with("/settings/security/sessions/{id}") {
        let newest =
            "SELECT parse_id::text AS text FROM sessions WHERE user_id IS NOT NULL ORDER BY created_at DESC LIMIT 1";
        return route.path.replace("{id}", &app.text(newest));
    }
    let of = IDS.iter().find(|(start, _)| route.path.starts_with(start));
    let (_, sql) = of.unwrap_or_else(|| panic!("{} does not say where its id comes from", route.path));
    let business: uuid::Uuid = business.parse().unwrap();
    let query = diesel::sql_query(*sql).bind::<diesel::sql_types::Uuid, _>(business);
    let found: Found = query.get_result(&mut app.owner()).unwrap();
    route.path.replace("{id}", &ids::to_text(found.id))
}

/// The path, with something of its own in Acme behind its id, made by its owner.
pub async fn stand_up(app: &TestApp, olivia: &Browser, route: &Route) -> String {
    match route.path {
        path if path.starts_with("/settings/security/sessions/{id}") => {
            app.sign_in(Cast::Olivia).await;
            return path_in(app, Cast::Olivia.business_uuid(), route);
        }
        path if path.starts_with("/settings/api-keys/{id}") => {
            send(olivia, "/settings/api-keys").await.is(200);
            return path_in(app, Cast::Olivia.business_uuid(), route);
        }
        path if path.starts_with("/people/{id}") => send(olivia, "/people").await,
        path if path.starts_with("/team/invitations/{id}") => send(olivia, "/team/invitations").await,
        path if path.starts_with("/team/{id}") => {
            let status = if path.ends_with("/reactivate") { "deactivated" } else { "active" };
            newcomer_to_the_team(app, status);
            return path_in(app, Cast::Olivia.business_uuid(), route);
        }
        path if ["/subscriptions/{id}", "/services/{id}", "/renewals/{id}"].iter().any(|of| path.starts_with(of)) => {
            send(olivia, "/subscriptions").await
        }
        path if path.starts_with("/licenses/{id}") => {
            let software = send(olivia, "/subscriptions").await;
            olivia.post(&format!("{}/licenses", software.location()), &[("member", &Uma.member_id())]).await
        }
        path if path.starts_with("/requests/{id}") => {
            let software = send(olivia, "/subscriptions").await;
            olivia.post(&format!("{}/requests", software.location()), &[("note", "")]).await
        }
        "/licenses/assign" | "/renewals/bulk" => {
            let software = send(olivia, "/subscriptions").await;
            SOFTWARE.set(software.id());
            software
        }
        path if path.starts_with("/audit/{id}") => send(olivia, "/audit").await,
        path if path.starts_with("/import/{id}") => {
            let file = format!("email,name\nleo{0}@acme.example,Leo {0}\n", next()).into_bytes();
            olivia.upload("/import", &[("kind", "people")], "people.csv", file).await
        }
        path if path.starts_with("/staff/letters/{id}") => send(olivia, "/team/invitations").await,
        path => {
            if path.starts_with("/notifications/{id}") {
                tell_olivia(app);
            }
            if path == "/staff/businesses/{id}/answer" {
                let acme = Cast::Olivia.business_uuid();
                app.sql(&format!(
                    "INSERT INTO plan_requests SELECT '{acme}', plans.id, businesses.created_at FROM plans, businesses
                     WHERE code = 'team' AND businesses.id = '{acme}' ON CONFLICT DO NOTHING"
                ));
            }
            if path.ends_with("/take-back") {
                give_more(app, Cast::Olivia.business_uuid());
            }
            if path.contains("/recoveries/{id}") {
                begin_recovery(app, Cast::Olivia.business_uuid());
            }
            return path_in(app, Cast::Olivia.business_uuid(), route);
        }
    }
    .is(303);
    let path = path_in(app, Cast::Olivia.business_uuid(), route);
    let seat = || path.rsplit_once('/').map(|(seat, _)| seat.to_owned()).unwrap();
    let done = match route.path {
        "/licenses/{id}/reveal" => olivia.post(&format!("{}/key", seat()), &[("key", "ABCD-EFGH-7F2K")]).await,
        "/licenses/{id}/retire" => olivia.post(&format!("{}/revoke", seat()), &[]).await,
        "/licenses/{id}/restore" => {
            olivia.post(&format!("{}/revoke", seat()), &[]).await;
            olivia.post(&format!("{}/retire", seat()), &[]).await
        }
        "/subscriptions/{id}/restore" => olivia.post(&path.replace("/restore", "/remove"), &[]).await,
        "/import/{id}/undo" => olivia.post(&path.replace("/undo", ""), &[("commit", "1")]).await,
        _ => return path,
    };
    done.is(303);
    path
}

/// Somebody else who can sign in to Acme, or could.
fn newcomer_to_the_team(app: &TestApp, status: &str) {
    let (number, acme) = (next(), Cast::Olivia.business_uuid());
    let (user, member) =
        (format!("01900000-0000-7000-9000-{number:012}"), format!("01900000-0000-7000-9001-{number:012}"));
    app.sql(&format!(
        "INSERT INTO users (id, email, email_folded, name, password_hash, created_at)
         SELECT '{user}', 'tess{number}@acme.example', 'tess{number}@acme.example', 'Tess', '', created_at FROM businesses WHERE id = '{acme}'"
    ));
    app.sql(&format!(
        "INSERT INTO members (business_id, id, parse_id, user_id, name, name_folded, email, email_folded, role, status, department, created_at)
         SELECT '{acme}', '{member}', 'tess{number:06}', id, name, 'tess', email, email_folded, 'user', '{status}', '', created_at
         FROM users WHERE id = '{user}'"
    ));
}

/// One more message in the inbox of Acme's owner.
fn tell_olivia(app: &TestApp) {
    let (acme, olivia) = (Cast::Olivia.business_uuid(), Cast::Olivia.member_uuid());
    app.sql(&format!(
        "INSERT INTO notifications (business_id, id, parse_id, member_id, kind, told, created_at)
         VALUES ('{acme}', '01900000-0000-7000-9002-{0:012}', 'told{0:06}', '{olivia}', 'seat_asked', '{{\"about\": \"Figma\"}}', '2026-11-22Z')",
        next()
    ));
}

/// What staff may take back.
const GIVEN: &str = "01900000-0000-7000-9002-000000000001";

/// A raised limit of this business that was not taken back.
fn give_more(app: &TestApp, business: &str) {
    app.sql("DELETE FROM plan_overrides");
    app.sql(&format!(
        "INSERT INTO plan_overrides (business_id, id, kind, meter, amount, expires_on, reason, staff_id, given_at)
         SELECT business_id, '{GIVEN}', 'limit', 'seats', 30000, '2100-01-01', 'Ticket 118: a pilot', user_id, created_at
         FROM members WHERE business_id = '{business}' AND role = 'owner' LIMIT 1"
    ));
}

/// A recovery of access to this business that waits, and no other one.
fn begin_recovery(app: &TestApp, business: &str) {
    app.sql("DELETE FROM recoveries");
    app.sql(&format!(
        "INSERT INTO recoveries (business_id, id, staff_id, kind, user_id, reason, asked_at, due_at)
         SELECT business_id, gen_random_uuid(), user_id, 'owner', user_id, 'Ticket 118: locked out', created_at, created_at + interval '1 day'
         FROM members WHERE business_id = '{business}' AND role = 'owner' LIMIT 1"
    ));
}

/// Posts a form of ours with values that are right.
async fn send(browser: &Browser, route: &str) -> Shown {
    post(browser, route, route, &form(route)).await
}

/// Posts these fields to this path; the business is on top unless the form has a field of that name.
pub async fn post(browser: &Browser, route: &str, path: &str, fields: &[(String, String)]) -> Shown {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if route == "/import" {
        return browser.upload(path, &fields, "people.csv", b"email,name\n".to_vec()).await;
    }
    let names_one = form(route).iter().any(|(name, _)| name == "business");
    let mut browser = browser.clone();
    browser.business.take_if(|_| names_one);
    browser.post(path, &fields).await
}

/// What the form of this route takes, with values that were not used yet.
pub fn form(route: &str) -> Vec<(String, String)> {
    let of = FORMS.iter().find(|(path, _)| *path == route);
    let (_, fields) = of.unwrap_or_else(|| panic!("POST {route} does not say what its form takes"));
    let (number, uma) = (next().to_string(), Uma.member_id());
    let software = SOFTWARE.take();
    SOFTWARE.set(software.clone());
    let given = ids::to_text(GIVEN.parse().unwrap());
    let filled = |value: &str| {
        let value = value.replace("{n}", &number).replace("{uma}", &uma);
        value.replace("{software}", &software).replace("{override}", &given)
    };
    fields.iter().map(|(name, value)| ((*name).to_owned(), filled(value))).collect()
}

thread_local! {
    /// The newest subscription that a form without an id in its path names.
    static SOFTWARE: RefCell<String> = const { RefCell::new(String::new()) };
}

fn next() -> u32 {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

#[test]
fn every_form_that_is_told_of_here_exists() {
    let routes = posts();
    for (path, _) in FORMS {
        assert!(routes.iter().any(|route| route.path == path), "{path}");
    }
    assert!(routes.iter().filter(|route| route.audience == Audience::Member).count() > 10);
}
