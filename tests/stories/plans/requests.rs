//! Where paid plans are given on request: an owner asks, staff answer.

use crate::support::{Adam, Gus, Olivia, Sam, TestApp};

const ASK: [(&str, &str); 2] = [("plan", "business"), ("confirm", "1")];
const TEAM: &str = "00000000-0000-7000-8000-000000000103";

/// Acme is on Team, and a larger plan is given on request.
async fn start() -> TestApp {
    let app = TestApp::start_with(&[("SUBLEDGER_PLAN_CHANGES", "request")]).await;
    let acme = Olivia.business_uuid();
    app.sql(&format!("UPDATE plan_subscriptions SET plan_id = '{TEAM}' WHERE business_id = '{acme}'"));
    app
}

fn acme(path: &str) -> String {
    format!("/staff/businesses/{}{path}", Olivia.business_id())
}

#[actix_web::test]
async fn olivia_asks_staff_agree_and_the_plan_begins_then() {
    let app = start().await;
    let (olivia, sam) = (app.sign_in(Olivia).await, app.sign_in(Sam).await);
    olivia.post("/settings/plan", &ASK).await.goes_to("/settings/plan");
    olivia.get("/settings/plan").await.shows("Business was asked for on").shows("Ask for it no more").shows("Team");
    olivia.post("/settings/plan", &ASK).await.goes_to("/settings/plan");
    app.trail_holds(Olivia, "Olivia Owens asked for the plan Business");
    sam.get("/staff").await.shows("asks for the plan Business since");
    sam.get(&acme("")).await.shows("An owner of Acme asked for the plan Business");
    sam.get(&acme("?form=answer")).await.is(200).shows("Business for Acme");
    sam.post(&acme("/answer"), &[("answer", "approve"), ("reason", "")]).await.goes_to(&acme(""));
    olivia.get("/settings/plan").await.shows("Business").hides("was asked for on");
    app.trail_holds(Olivia, "Sam Staff agreed to the plan Business for Acme");
    app.trail_holds(Sam, "Sam Staff agreed to the plan Business for Acme");
    app.trail_holds(Olivia, "Sam Staff chose the plan Business");
    assert!(app.letters_to(Olivia.email()).iter().any(|letter| letter.kind == "plan_changed"));
    sam.post(&acme("/answer"), &[("answer", "approve")]).await.is(409).shows("Nothing is asked for any more");
    sam.get("/staff").await.hides("asks for the plan");
}

#[actix_web::test]
async fn everybody_who_can_answer_gets_one_letter_for_each_request() {
    let app = start().await;
    let (olivia, sam) = (app.sign_in(Olivia).await, app.sign_in(Sam).await);
    app.sql(
        "INSERT INTO users (id, email, email_folded, name, password_hash, is_staff, created_at, last_sign_in_at) VALUES
         (gen_random_uuid(), 'sue@staff.example', 'sue@staff.example', 'Sue', '', true, '2026-01-01Z', '2026-01-02Z'),
         ('01900000-0000-7000-8000-0000000000fe', 'new@staff.example', 'new@staff.example', 'New', '', true, '2026-01-01Z', NULL)",
    );
    app.sql(
        "INSERT INTO staff_keys (key_hash, user_id, created_at, expires_at)
         VALUES (sha256('new'), '01900000-0000-7000-8000-0000000000fe', '2026-01-01Z', '2026-01-08Z')",
    );
    for _ in 0..2 {
        olivia.post("/settings/plan", &ASK).await.goes_to("/settings/plan");
    }
    let letters = |email: &str| app.letters_to(email).iter().filter(|letter| letter.kind == "plan_asked").count();
    let everybody = [Sam.email(), "sue@staff.example", "new@staff.example", Olivia.email(), Gus.email()];
    assert_eq!(everybody.map(letters), [1, 1, 0, 0, 0]);
    app.work_until_idle().await;
    let mail = app.mailbox(Sam.email());
    let letter = mail.iter().find(|letter| letter.header("Subject") == "Acme asks for the plan Business").unwrap();
    let page = acme("");
    for words in [&letter.text, &letter.html] {
        assert!(words.contains("Olivia Owens of Acme asks for the plan Business.") && words.contains(&page), "{words}");
    }
    sam.get(&page).await.is(200).shows("An owner of Acme asked for the plan Business");
    sam.post(&acme("/answer"), &[("answer", "decline"), ("reason", "Ticket 77: after the audit")]).await.goes_to(&page);
    olivia.post("/settings/plan", &ASK).await.goes_to("/settings/plan");
    assert_eq!(letters(Sam.email()), 1, "a new request is a new letter");
}

#[actix_web::test]
async fn what_is_declined_changes_nothing_and_the_owners_read_why() {
    let app = start().await;
    let (olivia, sam) = (app.sign_in(Olivia).await, app.sign_in(Sam).await);
    olivia.post("/settings/plan", &ASK).await.goes_to("/settings/plan");
    for wrong in [&[("answer", "decline")][..], &[("answer", "decline"), ("reason", "no")], &[("answer", "")], &[]] {
        sam.post(&acme("/answer"), wrong).await.is(422);
    }
    let why = "Ticket 77: after the audit";
    sam.post(&acme("/answer"), &[("answer", "decline"), ("reason", why)]).await.goes_to(&acme(""));
    olivia.get("/settings/plan").await.shows("Team").hides("was asked for on");
    app.trail_holds(Olivia, &format!("Sam Staff declined the plan Business for Acme: “{why}”"));
    app.work_until_idle().await;
    let letter = app.mailbox(Olivia.email()).into_iter().find(|letter| letter.header("Subject").contains("not given"));
    assert!(letter.is_some());
    assert!(
        app.letters_to(Adam.email()).iter().chain(&app.letters_to(Gus.email())).all(|one| one.kind != "plan_declined")
    );
}

#[actix_web::test]
async fn an_owner_asks_no_more_or_chooses_something_else() {
    let app = start().await;
    let olivia = app.sign_in(Olivia).await;
    let asked = || app.number("SELECT count(*) AS number FROM plan_requests");
    olivia.post("/settings/plan", &ASK).await.goes_to("/settings/plan");
    olivia.post("/settings/plan", &[("plan", "team"), ("confirm", "1")]).await.goes_to("/settings/plan");
    app.trail_holds(Olivia, "Olivia Owens asked for the plan Business no more");
    assert_eq!(asked(), 0);
    olivia.post("/settings/plan", &ASK).await.goes_to("/settings/plan");
    assert_eq!(asked(), 1);
    olivia.post("/settings/plan", &[("plan", "free"), ("confirm", "1")]).await.goes_to("/settings/plan");
    assert_eq!(asked(), 0, "a smaller plan waits for nobody");
}

#[actix_web::test]
async fn an_ended_trial_is_not_chosen_once_more() {
    let app = start().await;
    let trial = "00000000-0000-7000-8000-000000000101";
    app.sql(&format!("UPDATE plan_subscriptions SET plan_id = '{trial}'"));
    app.days_pass(40);
    let olivia = app.sign_in(Olivia).await;
    olivia.post("/settings/plan", &[("plan", "trial"), ("confirm", "1")]).await.is(422).shows("for the beginning only");
    olivia.post("/settings/plan", &[("plan", "free"), ("confirm", "1")]).await.goes_to("/settings/plan");
}
