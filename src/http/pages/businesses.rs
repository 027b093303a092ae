//! `/businesses`: the ones a person may enter or is invited to, and entering one.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::team::accept::{Accept, Joined, Joiner, Proof};
use crate::http::access::Person;
use crate::http::context::Context;
use crate::http::session::Signed;
use crate::kernel::ids::BusinessId;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::answer::{carry_out, safe_next, see_other};
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
    invitations: Vec<InvitationRow>,
    /// Whether the address must be confirmed before invitations are shown.
    is_unconfirmed: bool,
}

struct InvitationRow {
    id: String,
    name: String,
    inviter: String,
    role: &'static str,
}

#[derive(Template)]
#[template(path = "businesses/enter.html")]
struct EnterPage {
    entrance: Entrance,
    id: String,
    name: String,
    current: String,
    next: String,
}

/// Where to go on to.
#[derive(serde::Deserialize)]
pub struct Next {
    next: Option<String>,
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
    let invitations = access::invitations_of(&app.db, person.user).await?;
    let invitations = invitations.into_iter().map(|open| InvitationRow {
        id: open.business.to_string(),
        name: open.name,
        inviter: open.inviter,
        role: open.role.code(),
    });
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
        invitations: invitations.collect(),
        is_unconfirmed: !user.is_verified,
        can_found: may_found(&app, Some(person.user)).await?,
    };
    Ok(Page::ok(page).into_response())
}

/// GET `/businesses/{id}/enter?next=`: where the links of letters lead. Whoever is in that business already goes on;
/// whoever is in another one is asked first, because looking at a link changes nothing.
pub async fn ask_enter(
    request: HttpRequest,
    person: Person,
    id: web::Path<String>,
    asked: web::Query<Next>,
) -> Result<HttpResponse, HtmlRefusal> {
    let membership = person.membership_of(&id)?;
    let next = safe_next(asked.next.as_deref().unwrap_or("/"));
    let current = Signed::of(&request).member().map(|(business, _)| business);
    let current = person.memberships.iter().find(|other| Some(other.business) == current);
    if current.or(person.memberships.first()).is_some_and(|current| current.business == membership.business) {
        return Ok(see_other(next));
    }
    let page = EnterPage {
        entrance: Entrance::of(&request),
        id: membership.business.to_string(),
        name: membership.name.clone(),
        current: current.map(|current| current.name.clone()).unwrap_or_default(),
        next: next.to_owned(),
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
    let membership = person.membership_of(&id)?;
    let signed = Signed::of(&request);
    signed.enter(membership)?;
    signed.flash(format!("You are now in {}.", membership.name));
    Ok(see_other(safe_next(posted.get("next"))))
}

/// POST `/businesses/{id}/accept`: the invitation that waits there for the confirmed address of whoever is signed in.
pub async fn accept(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    id: web::Path<String>,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let business = BusinessId::parse(&id).ok_or_else(Refusal::not_found)?;
    if let Some(already) = person.memberships.iter().find(|membership| membership.business == business) {
        Signed::of(&request).enter(already)?;
        return Ok(see_other("/"));
    }
    let source = Context::of(&request).source();
    let access = access::by_invited_address(&app.db, person.user, business, source).await?;
    let accept = Accept { proof: Proof::Address, joiner: Joiner::SignedIn };
    let tell = |joined: &Joined| Answer::go("/", format!("You are in {} now.", joined.name)).entering(joined.business);
    carry_out(&app, &request, (&access, &posted), accept, tell).await
}
