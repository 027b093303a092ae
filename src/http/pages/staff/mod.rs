//! `/staff`: the console of whoever runs the installation. For everybody else there is nothing at these addresses.

pub mod business;
pub mod give;
pub mod letters;
pub mod plans;
pub mod recover;
pub mod sessions;
mod views;
pub mod worker;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use askama::Template;
use futures_util::future::LocalBoxFuture;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::look::Look;
use crate::domain::plans::requests::{Open, Requests};
use crate::domain::support::console::{Businesses, Row};
use crate::domain::support::sessions::OwnOpen;
use crate::http::access::{StaffIn, app_of, prove_staff};
use crate::http::context::Context;
use crate::http::look;
use crate::http::session::{Flash, Signed};
use crate::kernel::access::{Access, House};
use crate::kernel::ids::BusinessId;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

use super::address;
use super::form::{OpenPost, Posted};
use super::page::Page;
use super::refusal::HtmlRefusal;

/// What stands around every page of the console.
pub struct StaffShell {
    /// Who is signed in.
    pub person: String,
    /// Their address.
    pub email: String,
    /// The current place of the menu.
    pub place: &'static str,
    /// In which business they have a support session open elsewhere, such as in another browser.
    pub open: Option<String>,
    /// What the last page left to say.
    pub flash: Option<Flash>,
    /// How pages look for them.
    pub look: Look,
    /// For scripts.
    pub nonce: String,
    /// For forms.
    pub once: String,
}

impl StaffShell {
    /// The shell of this request, at this place.
    pub(super) async fn load(
        app: &App,
        request: &HttpRequest,
        console: &Access,
        place: &'static str,
    ) -> Result<Self, Refusal> {
        let user = console.user().ok_or_else(Refusal::not_found)?;
        let user = access::user_of(&app.db, user).await?;
        let open = app.db.answer(console, OwnOpen).await?;
        Ok(Self {
            person: user.name,
            email: user.email,
            place,
            open: open.map(|session| session.business_name),
            flash: Signed::of(request).take_flash(),
            look: look::of(request),
            nonce: Context::of(request).nonce,
            once: Key::random().to_text(),
        })
    }
}

/// A form posted at the console. Whoever does not run the installation is told that there is nothing here, before a
/// word of it is read.
pub struct StaffPost {
    /// Who posts.
    pub console: Access,
    /// What.
    pub posted: Posted,
}

impl FromRequest for StaffPost {
    type Error = HtmlRefusal;
    type Future = LocalBoxFuture<'static, Result<Self, HtmlRefusal>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let posted = OpenPost::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let console = prove_staff(&request).await?;
            let OpenPost(posted) = posted.await?;
            Ok(Self { console, posted })
        })
    }
}

/// The access of this staff member about the business of this id.
pub(super) async fn about(app: &App, console: &Access, id: &str) -> Result<Access, Refusal> {
    let business = BusinessId::parse(id).ok_or_else(Refusal::not_found)?;
    access::by_staff_in(&app.db, console, business).await
}

#[derive(Template)]
#[template(path = "staff/index.html")]
struct ConsolePage {
    shell: StaffShell,
    q: String,
    rows: Vec<BusinessRow>,
    is_first: bool,
    asked: Vec<AskedView>,
    older: Option<String>,
}

struct BusinessRow {
    id: String,
    name: String,
    application_id: String,
    since_iso: String,
    since: String,
    plan: String,
    used: String,
    health: (&'static str, &'static str),
}

impl BusinessRow {
    fn new(row: Row, house: House) -> Self {
        let day = row.created_at.with_timezone(&house.zone).date_naive();
        let used = row.used;
        Self {
            id: row.id.to_string(),
            name: row.name,
            application_id: row.application_id,
            since_iso: day.to_string(),
            since: house.locale.date(day),
            plan: match row.lent {
                Some((lent, until)) => format!("{}, with {lent} until {}", row.plan, house.locale.date(until)),
                None => row.plan,
            },
            used: format!(
                "{} sign-ins, {} subscriptions, {} seats",
                house.locale.number(used.sign_ins),
                house.locale.number(used.subscriptions),
                house.locale.number(used.seats)
            ),
            health: views::health(row.health),
        }
    }
}

/// A business that waits for a plan.
struct AskedView {
    id: String,
    name: String,
    plan: String,
    since: String,
}

impl AskedView {
    fn new(open: Open, house: House) -> Self {
        let since = house.locale.date(open.at.with_timezone(&house.zone).date_naive());
        Self { id: open.business.to_string(), name: open.name, plan: open.plan, since }
    }
}

/// What can be asked for in the address of the console.
#[derive(serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    after: Option<String>,
}

/// GET `/staff`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    StaffIn(console): StaffIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let Asked { q, after } = asked.into_inner();
    // What no name and no address holds is no text that the database takes either.
    let q: String = q.chars().filter(|c| !c.is_control()).collect();
    let before = after.as_deref().and_then(BusinessId::parse);
    let found = app.db.answer(&console, Businesses { words: q.clone(), before }).await?;
    let asked = app.db.answer(&console, Requests).await?;
    let older = found.older.map(|id| address::asked("/staff", &[("q", &q)], &[("after", &id.to_string())]));
    let page = ConsolePage {
        shell: StaffShell::load(&app, &request, &console, "businesses").await?,
        q,
        rows: found.rows.into_iter().map(|row| BusinessRow::new(row, console.house())).collect(),
        is_first: before.is_none(),
        asked: asked.into_iter().map(|open| AskedView::new(open, console.house())).collect(),
        older,
    };
    Ok(Page::ok(page).into_response())
}

/// Whether the signed-in person runs the installation, with or without a second factor yet.
pub async fn is_staff(request: &HttpRequest) -> Result<bool, Refusal> {
    let app = app_of(request)?;
    let Some(user) = Signed::of(request).user()? else {
        return Ok(false);
    };
    let console = access::by_staff(&app.db, user, Context::of(request).source()).await?;
    Ok(!matches!(console, access::Console::None))
}
