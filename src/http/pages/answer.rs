//! After a change: 303 to where its result can be seen, with a flash.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use crate::app::App;
use crate::domain::access;
use crate::http::known_browser::remember;
use crate::http::session::Signed;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

/// Goes there.
pub fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
}

/// Says it and goes there; signs in first when the answer says so.
pub async fn give(app: &App, request: &HttpRequest, answer: Answer) -> Result<HttpResponse, Refusal> {
    let signed = Signed::of(request);
    if let Some(user) = answer.signs_in {
        signed.sign_in(user)?;
    }
    if let Some(business) = answer.enters
        && let Some(user) = signed.user()?
    {
        let memberships = access::memberships(&app.db, user).await?;
        let entered = memberships.iter().find(|membership| membership.business == business);
        entered.map(|membership| signed.enter(membership)).transpose()?;
    }
    signed.flash_undoable(answer.flash, answer.undo);
    let there = see_other(&answer.location);
    match answer.signs_in {
        Some(user) => remember(app, request, user, there).await,
        None => Ok(there),
    }
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
