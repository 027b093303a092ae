//! From a request to an access: one extractor for looking, one for changing.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use crate::app::App;
use crate::domain::access::{self, Console, Membership};
use crate::kernel::access::Access;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::refusal::{Kind, Refusal};

use super::context::Context;
use super::inside::Inside;
use super::pages::refusal::HtmlRefusal;
use super::session::Signed;

/// Somebody who is signed in and acts in a business. Without a sign-in the page of it is shown; with a sign-in and no
/// business that may be entered, the list of businesses.
pub struct SignedIn(pub Access);

impl FromRequest for SignedIn {
    type Error = HtmlRefusal;
    type Future = LocalBoxFuture<'static, Result<Self, HtmlRefusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(prove(&request).await?)) })
    }
}

/// The access of this request's session.
pub async fn prove(request: &HttpRequest) -> Result<Access, Refusal> {
    if let Some(inside) = Inside::of(request) {
        return Ok(inside.access);
    }
    let app = app_of(request)?;
    let signed = Signed::of(request);
    let user = signed.user()?.ok_or_else(Refusal::sign_in)?;
    let source = Context::of(request).source();
    let current = match signed.member() {
        Some(current) => access::by_session(&app.db, user, current, source).await?,
        None => None,
    };
    match current {
        Some(access) => Ok(access),
        None => enter_first(&app, &signed, user, source).await,
    }
}

/// Whoever has no current business, or lost it, enters the first of theirs; whoever has none is told where to look.
async fn enter_first(
    app: &App,
    signed: &Signed,
    user: UserId,
    source: crate::kernel::access::Source,
) -> Result<Access, Refusal> {
    let memberships = access::memberships(&app.db, user).await?;
    let first = memberships.first().ok_or_else(no_business)?;
    signed.enter(first)?;
    access::by_session(&app.db, user, (first.business, first.member), source).await?.ok_or_else(no_business)
}

fn no_business() -> Refusal {
    Refusal::new(
        Kind::NotAllowed,
        "no_business",
        "You are signed in, but belong to no business just now. Create one, or ask for an invitation.",
    )
    .mended_at("/businesses")
}

/// The signed-in person, who need not be in a business.
pub struct Person {
    /// Who.
    pub user: UserId,
    /// The businesses they may enter.
    pub memberships: Vec<Membership>,
}

impl Person {
    /// The business of this id, when it is one of theirs; somebody else's is not there.
    pub fn membership_of(&self, id: &str) -> Result<&Membership, Refusal> {
        let wanted = BusinessId::parse(id).ok_or_else(Refusal::not_found)?;
        self.memberships.iter().find(|membership| membership.business == wanted).ok_or_else(Refusal::not_found)
    }

    /// The ids of those.
    pub fn businesses(&self) -> Vec<BusinessId> {
        self.memberships.iter().map(|membership| membership.business).collect()
    }
}

impl FromRequest for Person {
    type Error = HtmlRefusal;
    type Future = LocalBoxFuture<'static, Result<Self, HtmlRefusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = app_of(&request)?;
            let user = Signed::of(&request).user()?.ok_or_else(Refusal::sign_in)?;
            Ok(Self { user, memberships: access::memberships(&app.db, user).await? })
        })
    }
}

/// Somebody who runs the installation, at its console. For everybody else, signed in or not, there is nothing there.
pub struct StaffIn(pub Access);

impl FromRequest for StaffIn {
    type Error = HtmlRefusal;
    type Future = LocalBoxFuture<'static, Result<Self, HtmlRefusal>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self(prove_staff(&request).await?)) })
    }
}

/// The access of this request's staff member.
pub async fn prove_staff(request: &HttpRequest) -> Result<Access, Refusal> {
    let app = app_of(request)?;
    let user = Signed::of(request).user()?.ok_or_else(Refusal::not_found)?;
    match access::by_staff(&app.db, user, Context::of(request).source()).await? {
        Console::None => Err(Refusal::not_found()),
        Console::Open(access) => Ok(access),
        Console::Locked => Err(Refusal::new(
            Kind::NotAllowed,
            "second_factor_needed",
            "Whoever runs the installation signs in with a second factor. Set yours up, then come back.",
        )
        .mended_at("/settings/security")),
    }
}

/// The application of this request.
pub fn app_of(request: &HttpRequest) -> Result<web::Data<App>, Refusal> {
    request.app_data::<web::Data<App>>().cloned().ok_or_else(|| Refusal::fault("the server has no application"))
}
