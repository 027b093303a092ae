//! `/settings/api-keys`: the keys of programs. The text of a new one stands on the answer that makes it, and nowhere
//! else.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::domain::api_keys::api_key::{self, ApiKey, KeyKind, KeyScope, KeyStatus};
use crate::domain::api_keys::issue::{Issue, Issued};
use crate::domain::api_keys::list::Keys;
use crate::domain::api_keys::revoke::Revoke;
use crate::http::access::SignedIn;
use crate::http::proof::require_proved;
use crate::kernel::access::{Access, House};
use crate::kernel::ids::ApiKeyId;
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::answer::carry_out;
use super::form::{self, FormErrors, FormState, MemberPost, Posted};
use super::page::Page;
use super::people::{refused, require};
use super::refusal::HtmlRefusal;
use super::shell::Shell;

const PATH: &str = "/settings/api-keys";

#[derive(Template)]
#[template(path = "api_keys/index.html")]
struct KeysPage {
    shell: Shell,
    form: FormState,
    rows: Vec<KeyView>,
    scopes: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "api_keys/made.html")]
struct MadePage {
    shell: Shell,
    name: String,
    text: String,
    until: String,
    /// The address to which usage is reported, when the key is for that.
    usage: Option<String>,
}

struct KeyView {
    id: String,
    name: String,
    /// "SDK, ends in 4f2a".
    about: String,
    may: String,
    state: (&'static str, String),
    created: String,
    created_iso: String,
    /// For machines and for people; none: never.
    used: Option<(String, String)>,
    is_live: bool,
}

impl KeyView {
    fn new(key: &ApiKey, house: House, reading: House, now: DateTime<Utc>) -> Self {
        let day = |at: DateTime<Utc>| at.with_timezone(&house.zone).date_naive();
        let status = KeyStatus::of(key.expires_on, key.revoked_at, day(now));
        let until = house.locale.date(key.expires_on);
        let state = match (status, key.revoked_at) {
            (KeyStatus::Live, _) => ("good", format!("Until {until}")),
            (KeyStatus::Revoked, Some(at)) => ("", format!("Revoked {}", house.locale.date(day(at)))),
            (KeyStatus::Expired | KeyStatus::Revoked, _) => ("warn", format!("Expired {until}")),
        };
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            about: format!("{}, ends in {}", key.kind.label(), key.last4),
            may: key.scopes.iter().map(|scope| scope.label()).collect::<Vec<_>>().join(", "),
            state,
            created: house.locale.date(day(key.created_at)),
            created_iso: day(key.created_at).to_string(),
            used: key.last_used_at.map(|at| (at.to_rfc3339(), reading.locale.date_time(at, reading.zone))),
            is_live: status == KeyStatus::Live,
        }
    }
}

/// GET `/settings/api-keys`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let form = FormState::with(&[("kind", KeyKind::Sdk.code())]);
    draw(&app, &request, &access, form, StatusCode::OK).await
}

/// POST `/settings/api-keys`: not kept for a second click, because the text of a key is kept nowhere; a second click
/// makes another key.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    require(&access, Permission::ManageKeys)?;
    require_proved(&request, PATH)?;
    let done = match parse(&posted) {
        Ok(issue) => app.db.perform(&access, issue).await.map_err(|refusal| vec![refusal]),
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(issued) => Ok(made(&app, &request, &access, &issued).await?),
        Err(refusals) => {
            let (form, code) = refused(&posted, refusals)?;
            draw(&app, &request, &access, form, code).await
        }
    }
}

/// POST `/settings/api-keys/{id}/revoke`.
pub async fn revoke(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let revoke = Revoke { key: ApiKeyId::parse(&id).ok_or_else(Refusal::not_found)? };
    let tell = |name: &String| Answer::go(PATH, format!("The key {name} is revoked. It opens nothing any more."));
    carry_out(&app, &request, (&access, &posted), revoke, tell).await
}

fn parse(posted: &Posted) -> Result<Issue, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["name", "kind", "scopes", "expires_on"]));
    let name = errors.take(api_key::parse_name(posted.get("name")));
    let kind = KeyKind::parse(posted.get("kind"));
    let kind = errors.take(kind.ok_or_else(|| Refusal::invalid("kind", "Choose one of the two kinds.")));
    let scopes = errors.take(scopes(posted));
    // What the kind may do is decided with the key; said here, it stands beside whatever else is wrong.
    if let (Some(kind), Some(scopes)) = (kind, &scopes) {
        errors.take(api_key::scopes_of(kind, scopes));
    }
    let expires_on = errors.take(form::day("expires_on", posted.get("expires_on")));
    let read = name.zip(kind).zip(scopes).zip(expires_on);
    errors.or(read.map(|(((name, kind), scopes), expires_on)| Issue { name, kind, scopes, expires_on }))
}

/// Several boxes, or several codes in one field.
fn scopes(posted: &Posted) -> Result<Vec<KeyScope>, Refusal> {
    let codes = posted.all("scopes").flat_map(|value| value.split([',', ' '])).filter(|code| !code.is_empty());
    codes.map(|code| KeyScope::parse(code).ok_or_else(|| Refusal::invalid("scopes", "Choose from the list."))).collect()
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let keys = app.db.answer(access, Keys).await?;
    let (now, house, reading) = (app.db.clock().now(), access.house(), access.reading());
    let page = KeysPage {
        shell: Shell::load(app, request, access, "api-keys").await?,
        form,
        rows: keys.iter().map(|key| KeyView::new(key, house, reading, now)).collect(),
        scopes: KeyScope::OF_SERVICES.map(|scope| (scope.code().to_owned(), scope.label().to_owned())).to_vec(),
    };
    Ok(Page::with_status(code, page).into_response())
}

async fn made(app: &App, request: &HttpRequest, access: &Access, issued: &Issued) -> Result<HttpResponse, Refusal> {
    let page = MadePage {
        shell: Shell::load(app, request, access, "api-keys").await?,
        name: issued.about.name.clone(),
        text: api_key::to_text(&issued.key),
        until: access.house().locale.date(issued.about.expires_on),
        usage: (issued.about.kind == KeyKind::Sdk).then(|| app.config.base_url.join(crate::http::rest::USAGE)),
    };
    Ok(Page::ok(page).into_response())
}
