//! The one door of a support session. Before any handler it is looked up anew; while it goes on, its access is the only
//! one there is, and nothing of the staff member's own, nor a second session, is within reach. Once it is over the
//! next request leads back to the console, unless it signs out.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};

use crate::app::App;
use crate::domain::access;
use crate::domain::support::end::End;
use crate::domain::support::session::{HowEnded, SupportSession};
use crate::kernel::access::{Access, House};
use crate::kernel::ids::UserId;
use crate::kernel::permission::SupportMode;
use crate::kernel::refusal::{Kind, Refusal};

use super::access::app_of;
use super::context::Context;
use super::pages::answer::see_other;
use super::pages::refusal::HtmlRefusal;
use super::routes::{self, Audience};
use super::session::Signed;

/// The support session of a request, while it goes on.
#[derive(Clone)]
pub struct Inside {
    /// The access of the business, by the hand of the staff member.
    pub access: Access,
    /// What every page says of it.
    pub bar: Bar,
}

impl Inside {
    /// The support session of this request, if there is one.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }
}

/// The banner: who, within which business, why, until when.
#[derive(Clone)]
pub struct Bar {
    /// The staff member.
    pub staff: String,
    /// The business.
    pub business: String,
    /// Whose eyes they borrow.
    pub seen_as: Option<String>,
    /// "Read only".
    pub mode: &'static str,
    /// Why.
    pub reason: String,
    /// For machines.
    pub until_iso: String,
    /// "14:35 (Europe/Lisbon)".
    pub until: String,
    /// "12 minutes left".
    pub left: String,
    /// For the form that leaves.
    pub once: String,
}

impl Bar {
    fn new(session: &SupportSession, house: House, now: chrono::DateTime<chrono::Utc>) -> Self {
        let left = (session.ends_at - now).num_seconds().max(0) / 60 + 1;
        Self {
            staff: session.staff_name.clone(),
            business: session.business_name.clone(),
            seen_as: session.seen_as.as_ref().map(|(_, name)| name.clone()),
            mode: match session.mode {
                SupportMode::Read => "read only",
                SupportMode::Write => "may write",
            },
            reason: session.reason.clone(),
            until_iso: session.ends_at.to_rfc3339(),
            until: format!("{} ({})", house.locale.time(session.ends_at, house.zone), house.zone.name()),
            left: if left == 1 { "1 minute left".to_owned() } else { format!("{left} minutes left") },
            once: crate::kernel::secret::Key::random().to_text(),
        }
    }
}

/// What a request of a support session comes to before any handler.
enum Turn {
    /// It goes on to its handler.
    On,
    /// This is its answer.
    Answer(HttpResponse),
}

/// Keeps a support session to its business and its minutes.
pub async fn keep(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let turn = match look(request.request(), request.match_pattern().as_deref()).await {
        Ok(turn) => turn,
        Err(refusal) => Turn::Answer(HtmlRefusal::from(refusal).error_response()),
    };
    match turn {
        Turn::On => Ok(next.call(request).await?.map_into_left_body()),
        Turn::Answer(answer) => Ok(request.into_response(answer).map_into_right_body()),
    }
}

async fn look(request: &HttpRequest, pattern: Option<&str>) -> Result<Turn, Refusal> {
    let signed = Signed::of(request);
    let Some(support) = signed.support() else {
        return Ok(Turn::On);
    };
    let Some(user) = signed.user()? else {
        return Ok(Turn::On);
    };
    let app = app_of(request)?;
    match access::by_support(&app.db, user, support, Context::of(request).source()).await? {
        access::Inside::Goes(access, session) => {
            let bar = Bar::new(&session, access.house(), app.db.clock().now());
            request.extensions_mut().insert(Inside { access, bar });
            require_reach(request, pattern, &session)?;
            Ok(Turn::On)
        }
        access::Inside::Over(own, session, how) => {
            app.db.perform(&own, End { session: session.id, how }).await?;
            leave(&signed, user, &how.told(&session.business_name))?;
            Ok(led_back(pattern))
        }
        access::Inside::Never => {
            leave(&signed, user, "There is no such support session.")?;
            Ok(led_back(pattern))
        }
    }
}

/// Back to the console, whatever was asked for; but whoever signs out is signed out.
fn led_back(pattern: Option<&str>) -> Turn {
    match pattern {
        Some("/logout") => Turn::On,
        _ => Turn::Answer(see_other("/staff")),
    }
}

/// Only the business's own pages, leaving and signing out are within reach of a support session.
fn require_reach(request: &HttpRequest, pattern: Option<&str>, session: &SupportSession) -> Result<(), Refusal> {
    let business = &session.business_name;
    let routes = routes::all();
    let found = routes.iter().find(|route| route.method == request.method() && Some(route.path) == pattern);
    match found.map(|route| (route.audience, route.path)) {
        None | Some((Audience::Member, _)) => Ok(()),
        Some((_, "/" | "/logout" | "/staff/sessions/end")) => Ok(()),
        Some((Audience::Staff, _)) => Err(Refusal::conflict(
            "support_nested",
            format!("You are in a support session in {business}. Leave it first; then the console is open again."),
        )),
        Some(_) => Err(Refusal::new(
            Kind::NotAllowed,
            "own_account_in_support",
            format!(
                "You act for {business}, and nobody’s own account is within reach of that. Leave the session first."
            ),
        )),
    }
}

/// Ends the support session of this browser, if it is in one: on leaving and on signing out.
pub async fn end(app: &App, request: &HttpRequest, how: HowEnded) -> Result<(), Refusal> {
    let signed = Signed::of(request);
    let (Some(support), Some(user)) = (signed.support(), signed.user()?) else {
        return Ok(());
    };
    let source = Context::of(request).source();
    let console = match access::by_staff(&app.db, user, source).await? {
        access::Console::Open(console) => console,
        _ => return Ok(()),
    };
    let own = access::by_staff_in(&app.db, &console, support.0).await?;
    app.db.perform(&own, End { session: support.1, how }).await
}

/// Back to being nobody but oneself, under a new session key.
pub fn leave(signed: &Signed, user: UserId, said: &str) -> Result<(), Refusal> {
    signed.step_out(user)?;
    signed.flash(said);
    Ok(())
}
