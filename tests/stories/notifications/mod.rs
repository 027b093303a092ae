//! The inbox and its preferences: what one is told, once, and nobody else's.

mod inbox;
mod plans;
mod preferences;

use crate::support::{Browser, Cast, TestApp};

/// Enters software of so many seats; where its page is.
async fn software(browser: &Browser, name: &str, seats: &str) -> String {
    let fields = [
        ("service", name),
        ("cost", "12"),
        ("currency", "EUR"),
        ("cycle_unit", "year"),
        ("renews_on", "2199-06-15"),
        ("seats", seats),
    ];
    let answer = browser.post("/subscriptions", &fields).await;
    answer.is(303);
    answer.location().to_owned()
}

async fn give(browser: &Browser, path: &str, person: Cast) {
    browser.post(&format!("{path}/licenses"), &[("member", &person.member_id())]).await.is(303);
}

/// Puts messages into somebody's inbox, the first the oldest; the names of what they are about have numbers.
fn tell(app: &TestApp, person: Cast, count: usize) {
    let (business, member) = (person.business_uuid(), person.member_uuid());
    app.sql(&format!(
        "INSERT INTO notifications (business_id, id, parse_id, member_id, kind, told, created_at)
         SELECT '{business}', ('01900000-0000-7000-9002-' || lpad(n::text, 12, '0'))::uuid, 'tell' || lpad(n::text, 6, '0'), '{member}',
           'seat_taken', jsonb_build_object('about', 'Software ' || n), '{}' FROM generate_series(1, {count}) AS n",
        app.clock.now().to_rfc3339()
    ));
}

/// What the bell says: "Inbox, 3 unread".
async fn bell(browser: &Browser) -> String {
    browser.get("/").await.texts(".topbar a[href='/notifications']").pop().unwrap_or_default()
}

/// The id of somebody's newest message, as forms write it.
fn newest(app: &TestApp, person: Cast) -> String {
    let sql = format!(
        "SELECT id::text AS text FROM notifications WHERE member_id = '{}' ORDER BY id DESC LIMIT 1",
        person.member_uuid()
    );
    subledger::kernel::ids::to_text(app.text(&sql).parse().unwrap())
}
