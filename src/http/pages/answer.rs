//! After a change: 303 to where its result can be seen, with a flash.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::sessions::Epoch;
use crate::domain::identity::sign_in_code::is_asked;
use crate::http::known_browser::remember;
use crate::http::session::Signed;
use crate::kernel::access::Access;
use crate::kernel::ids::UserId;
use crate::kernel::once::Answer;
use crate::kernel::operation::Operation;
use crate::kernel::refusal::Refusal;

use super::form::Posted;
use super::refusal::HtmlRefusal;

/// Makes a change once, and says so where its result can be seen.
pub async fn carry_out<O: Operation>(
    app: &App,
    request: &HttpRequest,
    (access, posted): (&Access, &Posted),
    operation: O,
    tell: impl Fn(&O::Output) -> Answer + Send + Sync + 'static,
) -> Result<HttpResponse, HtmlRefusal> {
    let answer = app.db.perform_once(access, posted.once(), operation, tell).await?;
    Ok(give(app, request, answer).await?)
}

/// So long do two of the same count as one press of a button.
const TWICE: TimeDelta = TimeDelta::minutes(1);

/// Goes there.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

/// Says it and goes there. Somebody new is signed in first, with the password they have just chosen; whoever is signed in
/// already goes on under a new session key, and has proved nothing by it.
pub async fn give(app: &App, request: &HttpRequest, answer: Answer) -> Result<HttpResponse, Refusal> {
    let signed = Signed::of(request);
    let is_new = signed.user()?.is_none();
    match answer.signs_in {
        Some(user) if is_new && !may_sign_in(app, user, &answer).await? => return Ok(see_other("/login")),
        Some(user) if is_new => signed.sign_in(user, Epoch::FIRST)?,
        Some(_) => signed.renew()?,
        None => {}
    }
    if let Some(business) = answer.enters
        && let Some(user) = signed.user()?
    {
        let memberships = access::memberships(&app.db, user).await?;
        let entered = memberships.iter().find(|membership| membership.business == business);
        entered.map(|membership| signed.enter(membership)).transpose()?;
    }
    // A page that says by itself what happened needs nothing said above it.
    if !answer.flash.is_empty() {
        signed.flash_undoable(answer.flash, answer.undo);
    }
    let there = see_other(&answer.location);
    match answer.signs_in {
        Some(user) if is_new => remember(app, request, user, there).await,
        _ => Ok(there),
    }
}

/// Whether an answer may sign in: one that is given again only for a short while, as when a button is pressed twice, and
/// only somebody whose password alone does.
async fn may_sign_in(app: &App, user: UserId, answer: &Answer) -> Result<bool, Refusal> {
    let Some(first) = answer.first_given else {
        return Ok(true);
    };
    Ok(app.db.clock().now() - first < TWICE && !is_asked(&app.db, user).await?)
}

/// A path of ours to go on to, from a hidden field or a query; anything else is the front page.
pub fn safe_next(given: &str) -> &str {
    let is_ours = given.starts_with('/')
        && !given.starts_with("//")
        && !given.starts_with("/\\")
        && given.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_ours { given } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        assert_eq!(safe_next("/people?q=a"), "/people?q=a");
        for wrong in
            ["//evil.example", "/\\evil.example", "https:evil", "javascript:alert(1)", "/a\r\nb", "/ä", "", "evil"]
        {
            assert_eq!(safe_next(wrong), "/", "{wrong}");
        }
    }
}
