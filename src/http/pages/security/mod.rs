//! `/settings/security`: the password, the second factor, and where one is signed in.

mod qr;
pub mod two_factor;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::browser;
use crate::domain::identity::change_password::ChangePassword;
use crate::domain::identity::devices::{self, Device, EndOtherSessions, EndSession};
use crate::domain::identity::manner::{self, Manner};
use crate::domain::identity::password::Password;
use crate::domain::identity::prove::by_password;
use crate::domain::identity::two_factor::{Standing, standing};
use crate::http::access::Person;
use crate::http::context::Context;
use crate::http::known_browser::{client_of, remember};
use crate::http::session::Signed;
use crate::kernel::access::Access;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::answer::{give, see_other};
use super::form::{FormState, OpenPost, Posted, on_form};
use super::page::Page;
use super::refusal::{HtmlRefusal, status};
use super::shell::Shell;

/// Where all of it stands.
const HERE: &str = "/settings/security";

#[derive(Template)]
#[template(path = "settings/security.html")]
struct SecurityPage {
    shell: Shell,
    form: FormState,
    standing: Standing,
    /// Since when the second factor is on: for machines and for people.
    since: (String, String),
    devices: Vec<DeviceRow>,
}

struct DeviceRow {
    id: String,
    browser: String,
    address: String,
    created: (String, String),
    seen: (String, String),
    is_this: bool,
}

impl DeviceRow {
    fn new(device: Device, manner: Manner, this: &str) -> Self {
        let written = |at: chrono::DateTime<chrono::Utc>| (at.to_rfc3339(), manner.locale.date_time(at, manner.zone));
        Self {
            browser: browser::in_words(&device.from.user_agent),
            address: device.from.address.unwrap_or_default(),
            created: written(device.created_at),
            seen: written(device.seen_at),
            is_this: device.id == this,
            id: device.id,
        }
    }
}

impl SecurityPage {
    fn has_others(&self) -> bool {
        self.devices.iter().any(|device| !device.is_this)
    }
}

/// GET `/settings/security`.
pub async fn show(app: web::Data<App>, request: HttpRequest, person: Person) -> Result<HttpResponse, HtmlRefusal> {
    Ok(draw(&app, &request, &person, FormState::default(), StatusCode::OK).await?)
}

/// POST `/settings/security/password`: every other sign-in ends, this one goes on under a new key.
pub async fn change_password(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    match set_password(&app, &request, &person, &posted).await {
        Ok(()) => {
            let signed = Signed::of(&request);
            signed.prove()?;
            signed.flash("Your password is changed. Wherever else you were signed in, you are asked for it.");
            Ok(remember(&app, &request, person.user, see_other(HERE)).await?)
        }
        Err(refusal) => {
            let code = status(refusal.kind);
            let form = FormState::default().refused(&on_form(refusal)?);
            Ok(draw(&app, &request, &person, form, code).await?)
        }
    }
}

async fn set_password(app: &App, request: &HttpRequest, person: &Person, posted: &Posted) -> Result<(), Refusal> {
    posted.only(&["business", "current", "password"])?;
    let user = access::user_of(&app.db, person.user).await?;
    let names = person.memberships.iter().map(|membership| membership.name.as_str());
    let own_words: Vec<&str> = [user.name.as_str(), user.email.as_str()].into_iter().chain(names).collect();
    let password = Password::parse(posted.raw("password"), &own_words)?;
    if posted.raw("password") == posted.raw("current") {
        return Err(Refusal::invalid("password", "Choose another password than the one you have."));
    }
    let current = posted.raw("current").to_owned();
    let client = client_of(app, request);
    let before = by_password(&app.db, &app.passwords, (user.id, &client), current, "current").await?;
    let after = app.passwords.hash(password).await?;
    let signed = Signed::of(request);
    let (keep, user_agent, businesses) = (signed.id(), signed.from().user_agent, person.businesses());
    let change = ChangePassword { user: user.id, businesses, before, after, keep, user_agent };
    app.db.perform(&own(request, person), change).await
}

/// POST `/settings/security/sessions/{id}/end`.
pub async fn end_session(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    id: web::Path<String>,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let end = EndSession { user: person.user, businesses: person.businesses(), session: id.into_inner() };
    let tell = |(): &()| Answer::go(HERE, "That sign-in has ended. If it was not you, change your password too.");
    let answer = app.db.perform_once(&own(&request, &person), posted.once(), end, tell).await?;
    Ok(give(&app, &request, answer).await?)
}

/// POST `/settings/security/sessions/end-all`: all but this one.
pub async fn end_others(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let keep = Signed::of(&request).id();
    let end = EndOtherSessions { user: person.user, businesses: person.businesses(), keep };
    app.db.perform(&own(&request, &person), end).await?;
    Signed::of(&request).flash("You are signed in here, and nowhere else.");
    Ok(see_other(HERE))
}

/// The access with which a person changes what is theirs.
pub(super) fn own(request: &HttpRequest, person: &Person) -> Access {
    access::for_user(person.user, Context::of(request).source())
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    person: &Person,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let (this, manner) = (Signed::of(request).id(), manner::of(&app.db, person.user).await?);
    let standing = standing(&app.db, person.user).await?;
    let written = |at: chrono::DateTime<chrono::Utc>| {
        (at.to_rfc3339(), manner.locale.date(at.with_timezone(&manner.zone).date_naive()))
    };
    let devices = devices::list(&app.db, person.user).await?;
    let page = SecurityPage {
        shell: Shell::of_person(app, request, person).await?,
        form,
        standing,
        since: standing.since.map(written).unwrap_or_default(),
        devices: devices.into_iter().map(|device| DeviceRow::new(device, manner, &this)).collect(),
    };
    Ok(Page::with_status(code, page).into_response())
}
