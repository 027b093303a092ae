//! A key that works once, used fifty times in the same moment, for every kind of key, again and again with a new one.
//! `SUBLEDGER_TEST_ROUNDS` says how often; a few times when it says nothing.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use subledger::domain::access;
use subledger::domain::identity::change_email::ConfirmAddress;
use subledger::domain::identity::reset_password::ResetPassword;
use subledger::domain::identity::verify::Verify;
use subledger::domain::support::staff::Activate;
use subledger::domain::team::accept::{Accept, Joiner, Proof};
use subledger::kernel::access::{Access, Origin, Source};
use subledger::kernel::ids::UserId;
use subledger::kernel::operation::Operation;
use subledger::kernel::refusal::Refusal;
use subledger::kernel::secret::Key;

use crate::support::{Cast, Olivia, Sam, TestApp, Uma};

const AT_ONCE: usize = 50;

fn rounds() -> u32 {
    std::env::var("SUBLEDGER_TEST_ROUNDS").map_or(4, |rounds| rounds.parse().unwrap())
}

fn source() -> Source {
    Source::inside(Origin::Page)
}

fn id_of(person: Cast) -> UserId {
    UserId(person.user_uuid().parse().unwrap())
}

/// The hash of a new key, as SQL, and the key.
fn new_key() -> (String, Key) {
    let key = Key::random();
    let hex: String = key.hash().iter().map(|byte| format!("{byte:02x}")).collect();
    (format!("'\\x{hex}'::bytea"), key)
}

/// Makes the same change so often at once; exactly one may be made.
async fn exactly_one<O: Operation>(app: &TestApp, uses: Vec<(Access, O)>) {
    let done = join_all(
        uses.into_iter().map(|(access, operation)| async move { app.app.db.perform(&access, operation).await }),
    )
    .await;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &done {
        *counts.entry(one.as_ref().map_or_else(|refusal: &Refusal| refusal.code, |_| "done")).or_default() += 1;
    }
    assert_eq!(counts.get("done"), Some(&1), "{counts:?}");
}

fn prepare(app: &TestApp, sql: &str) {
    app.owner().batch_execute(sql).unwrap();
}

fn fifty<O>(one: impl Fn() -> (Access, O)) -> Vec<(Access, O)> {
    (0..AT_ONCE).map(|_| one()).collect()
}

#[actix_web::test]
async fn an_invitation_makes_one_membership() {
    let app = TestApp::start().await;
    app.sign_in(Olivia)
        .await
        .post(
            "/team/invitations",
            &[("emails", "leo@acme.example"), ("role", "user"), ("department", ""), ("message", "")],
        )
        .await
        .is(303);
    for round in 0..rounds() {
        let (hash, key) = new_key();
        prepare(
            &app,
            &format!(
                "UPDATE invitations SET state = 'pending', ended_at = NULL, key_hash = {hash};
             UPDATE members SET status = 'invited', user_id = NULL WHERE email = 'leo@acme.example';
             DELETE FROM users WHERE email = 'leo@acme.example'"
            ),
        );
        let text = key.to_text();
        let access = access::by_invitation_key(&app.app.db, &text, None, source()).await.unwrap();
        let joiner = || Joiner::New { name: format!("Leo {round}"), password_hash: "none".to_owned() };
        let accept = || Accept { proof: Proof::Key(Key::parse(&text).unwrap()), joiner: joiner() };
        exactly_one(&app, fifty(|| (access, accept()))).await;
        let members = "SELECT count(*) AS number FROM members WHERE email = 'leo@acme.example' AND status = 'active'";
        assert_eq!(app.number(members), 1);
    }
}

#[actix_web::test]
async fn an_address_is_confirmed_once() {
    let app = TestApp::start().await;
    let user = id_of(Uma);
    for _ in 0..rounds() {
        let (hash, key) = new_key();
        prepare(
            &app,
            &format!(
                "UPDATE users SET email_verified_at = NULL WHERE id = '{user}';
             INSERT INTO verification_keys VALUES ({hash}, '{user}', 'uma@acme.example', '2026-01-01', '2099-01-01')",
                user = Uma.user_uuid(),
            ),
        );
        let verify = || Verify { key: key.clone(), user, businesses: Vec::new() };
        exactly_one(&app, fifty(|| (access::for_user(user, source()), verify()))).await;
    }
}

#[actix_web::test]
async fn a_password_is_reset_once() {
    let app = TestApp::start().await;
    let user = id_of(Uma);
    for round in 0..rounds() {
        let (hash, key) = new_key();
        app.sql(&format!(
            "INSERT INTO password_resets VALUES ({hash}, '{}', '2026-01-01', '2099-01-01')",
            Uma.user_uuid()
        ));
        let (key, user_agent) = (key.to_text(), String::new());
        let reset = |nth: usize| ResetPassword {
            key: Key::parse(&key).unwrap(),
            user,
            businesses: Vec::new(),
            password_hash: format!("{round} {nth}"),
            user_agent: user_agent.clone(),
        };
        exactly_one(&app, (0..AT_ONCE).map(|nth| (access::for_user(user, source()), reset(nth))).collect()).await;
    }
}

#[actix_web::test]
async fn an_address_is_changed_once() {
    let app = TestApp::start().await;
    let user = id_of(Uma);
    for round in 0..rounds() {
        let (hash, key) = new_key();
        app.sql(&format!(
            "INSERT INTO email_changes SELECT {hash}, id, email_folded, 'uma{round}@acme.example', '2026-01-01', '2099-01-01'
             FROM users WHERE id = '{}'",
            Uma.user_uuid()
        ));
        let confirm = || ConfirmAddress { key: key.clone(), user, keep: None };
        exactly_one(&app, fifty(|| (access::for_user(user, source()), confirm()))).await;
    }
}

#[actix_web::test]
async fn a_member_of_staff_is_activated_once() {
    let app = TestApp::start().await;
    let user = id_of(Sam);
    for round in 0..rounds() {
        let (hash, key) = new_key();
        app.sql(&format!("INSERT INTO staff_keys VALUES ({hash}, '{}', '2026-01-01', '2099-01-01')", Sam.user_uuid()));
        let activate =
            || Activate { key: key.clone(), user, name: format!("Sam {round}"), password_hash: "none".to_owned() };
        exactly_one(&app, fifty(|| (access::for_user(user, source()), activate()))).await;
    }
}
