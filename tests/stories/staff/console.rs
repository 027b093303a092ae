//! The console: for staff, and for nobody else.

use reqwest::Method;
use subledger::http::{Audience, all_routes};

use super::{acme, ask, done};
use crate::support::{Adam, Audrey, Gus, Olivia, Sam, Shown, TestApp, Uma};

#[actix_web::test]
async fn staff_pages_are_not_there_for_owners_users_and_visitors() {
    let app = TestApp::start().await;

    let mut others = vec![app.visitor()];
    for person in [Olivia, Adam, Audrey, Uma, Gus] {
        others.push(app.sign_in(person).await);
    }
    let signed_in = done(&app, Olivia);
    let routes: Vec<_> = all_routes().into_iter().filter(|route| route.path.starts_with("/staff")).collect();
    assert!(routes.len() > 8);
    for route in routes {
        assert_eq!(route.audience, Audience::Staff, "{}", route.path);
        let path = route.path.replace("{id}", &Olivia.business_id());
        for other in &others {
            let shown = match route.method.as_str() {
                "GET" => other.get(&path).await,
                _ => other.post(&path, &[("reason", "Ten characters"), ("minutes", "15"), ("mode", "read")]).await,
            };
            shown.is(404).hides("Console");
        }
    }
    assert_eq!(done(&app, Olivia), signed_in, "nothing was changed");
    assert_eq!(app.number("SELECT count(*) AS number FROM support_sessions"), 0);
}

#[actix_web::test]
async fn however_somebody_else_asks_there_is_no_console() {
    let app = TestApp::start().await;
    let large = "x".repeat(300_000);
    for other in [app.visitor(), app.sign_in(Olivia).await] {
        for place in ["/staff", "/staff/sessions", &acme("")] {
            for query in ["?q=a&q=b", "?after=%ff&after", "?form=a&form=b", "?letters=%00", "?q=%00"] {
                other.get(&format!("{place}{query}")).await.is(404).hides("Console");
            }
            for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
                let request = other.request(method, place).header("sec-fetch-site", "same-origin");
                Shown::of(request).await.is(404);
            }
            other.post(place, &[("reason", &large)]).await.is(404);
        }
        other.post(&acme("/suspend"), &[("reason", &large)]).await.is(404);
        other.upload(&acme("/suspend"), &[("reason", "x")], "people.csv", b"a".to_vec()).await.is(404);
        other.get("/staff/nothing").await.is(404);
    }
    let sam = app.sign_in(Sam).await;
    for query in ["q=%00", "q=acme%00", "after=%00", "after=nothing"] {
        sam.get(&format!("/staff?{query}")).await.is(200);
    }
}

#[actix_web::test]
async fn somebody_among_hundreds_is_seen_as_by_their_address_and_every_letter_is_found() {
    let app = TestApp::start().await;
    app.sql(&format!(
        "INSERT INTO letters (id, business_id, kind, to_email, to_name, details, state, due_at, created_at)
         SELECT ('01910000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{}', 'seat_taken', 'uma' || n || '@acme.example', 'Uma', '{{}}', 'sent', now(), now()
         FROM generate_series(1, 45) n",
        Olivia.business_uuid()
    ));
    let sam = app.sign_in(Sam).await;
    let first = sam.get(&acme("")).await;
    let older = "nav[aria-label=Letters] a:last-child";
    let second = sam.get(&first.attribute(older, "href").unwrap()).await;
    let third = sam.get(&second.attribute(older, "href").unwrap()).await;
    first.shows("uma45@acme.example").hides("uma25@acme.example");
    second.shows("uma25@acme.example").shows("uma6@acme.example").hides("uma5@acme.example");
    third.shows("uma5@acme.example").shows("uma1@acme.example");

    ask(&sam, "read", "nobody@acme.example").await.is(422).shows("Choose somebody who signs in");
    ask(&sam, "read", Gus.email()).await.is(422).shows("Choose somebody who signs in");
    ask(&sam, "read", "UMA@acme.example").await.goes_to("/");
    sam.get("/").await.shows("seeing what Uma Usher sees");
}

#[actix_web::test]
async fn a_letter_is_sent_again_three_times_an_hour_and_only_to_who_is_there() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    ask(&sam, "read", "").await.goes_to("/");
    sam.post("/staff/sessions/end", &[]).await.goes_to(&acme(""));
    app.work_until_idle().await;
    let page = sam.get(&acme("")).await;
    let resend = page.attribute("section[aria-labelledby=letters] form", "action").unwrap();
    for _ in 0..3 {
        sam.post(&resend, &[]).await.is(303);
    }
    let refused = sam.post(&resend, &[]).await;
    refused.is(429).shows("sent again several times in the last hour");
    assert!(refused.headers.contains_key("retry-after"));
    assert_eq!(super::letters(&app, Olivia).len(), 3);

    app.clock.advance(chrono::TimeDelta::hours(1));
    for standing in
        ["status = 'deactivated'", "status = 'active', email = 'new@acme.example', email_folded = 'new@acme.example'"]
    {
        app.sql(&format!("UPDATE members SET {standing} WHERE name = 'Olivia Owens'"));
        sam.post(&resend, &[]).await.is(409).shows("has that address any more");
    }
    assert_eq!(super::letters(&app, Olivia).len(), 3);
}

#[actix_web::test]
async fn staff_find_a_business_by_name_owner_or_application() {
    let app = TestApp::start().await;
    let sam = app.sign_in(Sam).await;
    sam.get("/").await.goes_to("/staff");
    let all = sam.get("/staff").await;
    all.is(200).shows("Acme").shows("Globex").shows("Business").shows("4 sign-ins, 0 subscriptions, 0 seats");
    all.hides("This installation");
    for words in ["acm", "OLIVIA@acme", "acmeApplication", &Olivia.business_id()] {
        let found = sam.get(&format!("/staff?q={words}")).await;
        assert_eq!(found.texts("tbody th a"), ["Acme"], "{words}");
    }
    for words in ["uma@acme", "100%25", "_", "installation"] {
        sam.get(&format!("/staff?q={words}")).await.shows("None fits");
    }
    sam.get(&acme("")).await.is(200).shows("Olivia Owens").shows("olivia@").shows("Owner").shows("Step in");
    sam.get("/staff/businesses/00000000000000000000000000").await.is(404);
    sam.get(&format!("/staff/businesses/{}", Sam.business_id())).await.is(404);
}

#[actix_web::test]
async fn health_says_what_is_wrong() {
    let app = TestApp::start().await;
    let acme_id = Olivia.business_uuid();
    let sam = app.sign_in(Sam).await;
    let health = async || {
        let page = sam.get("/staff?q=acme").await;
        page.texts("tbody td .state").pop().unwrap()
    };
    assert_eq!(health().await, "Well");
    app.sql(&format!("UPDATE plan_subscriptions SET ended_at = period_starts_at WHERE business_id = '{acme_id}'"));
    assert_eq!(health().await, "Plan ended");
    app.sql(&format!(
        "INSERT INTO worker_failures VALUES ('plan periods', '{acme_id}', 3, '2026-11-01T00:00Z', '2026-11-02T00:00Z', 'the plan is gone')"
    ));
    assert_eq!(health().await, "Worker failing");
    sam.get(&acme("")).await.shows("plan periods").shows("Failed 3 times").shows("the plan is gone");
}

#[actix_web::test]
async fn many_businesses_are_paged_by_key() {
    let app = TestApp::start().await;
    app.sql(
        "INSERT INTO businesses (id, name, currency, zone, locale, application_id, status, created_at)
         SELECT ('01910000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Firm ' || n, 'EUR', 'UTC', 'en-GB', 'firm' || n, 'active', '2026-11-20Z'
         FROM generate_series(1, 120) n",
    );
    let sam = app.sign_in(Sam).await;
    let first = sam.get("/staff?q=firm").await;
    assert_eq!(first.texts("tbody th a").len(), 50);
    let second = sam.get(&first.attribute(".foot a:last-child", "href").unwrap()).await;
    assert_eq!(second.texts("tbody th a").first().unwrap(), "Firm 70");
    let third = sam.get(&second.attribute(".foot a:last-child", "href").unwrap()).await;
    assert_eq!(third.texts("tbody th a").len(), 20);
}

#[actix_web::test]
async fn a_letter_is_sent_again_unless_it_carried_a_key() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.post("/team/invitations", &[("emails", "zoe@acme.example"), ("role", "user")]).await;
    let sam = app.sign_in(Sam).await;
    ask(&sam, "read", "").await.goes_to("/");
    sam.post("/staff/sessions/end", &[]).await.goes_to(&acme(""));
    app.work_until_idle().await;
    assert_eq!(app.mailbox(Olivia.email()).len(), 2);

    let page = sam.get(&acme("")).await;
    page.shows("Invitation").shows("Carries a key").shows("Support ended");
    let resend = page.attribute("section[aria-labelledby=letters] form", "action").unwrap();
    let once = "the same button twice in a row, pressed too fast";
    sam.post_once(&resend, once, &[]).await.is(303);
    sam.post_once(&resend, once, &[]).await.is(303);
    assert_eq!(super::letters(&app, Olivia), ["support_ended"]);
    app.work_until_idle().await;
    let sent = app.mailbox(Olivia.email());
    assert_eq!(sent.len(), 3);
    assert_ne!(sent[1].header("Message-ID"), sent[2].header("Message-ID"));
    app.trail_holds(Olivia, "Sam Staff sent the letter Support ended to olivia@acme.example again");

    let key = subledger::kernel::ids::to_text(app.uuid("SELECT id AS uuid FROM letters WHERE kind = 'invitation'"));
    sam.post(&format!("/staff/letters/{key}/resend"), &[]).await.is(409).shows("carries a key");
    sam.post("/staff/letters/00000000000000000000000000/resend", &[]).await.is(404);
}
