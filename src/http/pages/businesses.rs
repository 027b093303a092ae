//! `/businesses`: the ones a person may enter, and entering one.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::http::access::Person;
use crate::http::session::Signed;
use crate::kernel::ids::BusinessId;
use crate::kernel::refusal::Refusal;

use super::answer::{safe_next, see_other};
use super::form::OpenPost;
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;
use super::sign_up::may_found;

#[derive(Template)]
#[template(path = "businesses/index.html")]
struct BusinessesPage {
    entrance: Entrance,
    email: String,
    business_id: String,
    memberships: Vec<MembershipRow>,
    can_found: bool,
}

struct MembershipRow {
    id: String,
    name: String,
    role: &'static str,
    is_current: bool,
}

/// GET `/businesses`.
pub async fn index(app: web::Data<App>, request: HttpRequest, person: Person) -> Result<HttpResponse, HtmlRefusal> {
    let current = Signed::of(&request).member().map(|(business, _)| business);
    let user = access::user_of(&app.db, person.user).await?;
    let rows = person.memberships.into_iter().map(|membership| MembershipRow {
        id: membership.business.to_string(),
        name: membership.name,
        role: membership.role.label(),
        is_current: Some(membership.business) == current,
    });
    let page = BusinessesPage {
        entrance: Entrance::of(&request),
        email: user.email,
        business_id: current.map(|business| business.to_string()).unwrap_or_default(),
        memberships: rows.collect(),
        can_found: may_found(&app, Some(person.user)).await?,
    };
    Ok(Page::ok(page).into_response())
}

/// POST `/businesses/{id}/enter`: makes it the current one. Somebody else's business is not there.
pub async fn enter(
    request: HttpRequest,
    person: Person,
    id: web::Path<String>,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business", "next"])?;
    let wanted = BusinessId::parse(&id).ok_or_else(Refusal::not_found)?;
    let membership =
        person.memberships.iter().find(|membership| membership.business == wanted).ok_or_else(Refusal::not_found)?;
    let signed = Signed::of(&request);
    signed.enter(membership)?;
    signed.flash(format!("You are now in {}.", membership.name));
    Ok(see_other(safe_next(posted.get("next"))))
}
