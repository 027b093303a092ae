//! Whoever runs the installation: how they become staff, what they see, and how one of them steps into a business.

mod becoming;
mod console;
mod ending;
mod giving;
mod keeping;
mod reach;
mod recovering;
mod recovering_safely;
mod stepping_in;
mod suspending;
mod taking_back;
mod writing;

use crate::support::{Browser, Cast, Olivia, Sam, Shown, TestApp};

pub const REASON: &str = "Ticket 118: the seats look wrong";

/// The address of a page of the console about Acme.
pub fn acme(path: &str) -> String {
    format!("/staff/businesses/{}{path}", Olivia.business_id())
}

/// Sam asks to step into Acme for 30 minutes.
pub async fn ask(sam: &Browser, mode: &str, member: &str) -> Shown {
    let form = [("reason", REASON), ("minutes", "30"), ("mode", mode), ("member", member)];
    sam.post(&acme("/sessions"), &form).await
}

/// Sam, inside Acme.
pub async fn inside(app: &TestApp, mode: &str, member: &str) -> Browser {
    let mut sam = app.sign_in(Sam).await;
    ask(&sam, mode, member).await.goes_to("/");
    sam.business = Some(Olivia.business_id());
    sam
}

/// What the owners of Acme allow support to do.
pub fn owners_allow(app: &TestApp, consent: &str) {
    let acme = Olivia.business_uuid();
    app.sql(&format!("UPDATE businesses SET support_access = '{consent}' WHERE id = '{acme}'"));
}

/// How many entries the trail of this person's business holds of what was done.
pub fn done(app: &TestApp, of: Cast) -> i64 {
    let business = of.business_uuid();
    app.number(&format!(
        "SELECT count(*) AS number FROM audit_entries WHERE business_id = '{business}' AND outcome = 'done'"
    ))
}

/// The kinds of the letters that wait for this person, oldest first.
pub fn letters(app: &TestApp, to: Cast) -> Vec<String> {
    app.letters_to(to.email()).into_iter().map(|letter| letter.kind).collect()
}
