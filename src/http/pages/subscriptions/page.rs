//! The page of the form, for a new one and a change alike.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDate;

use crate::app::App;
use crate::domain::subscriptions::show::{FormOptions, Shown, TwinOf};
use crate::domain::subscriptions::written;
use crate::http::pages::choosing::{self, Beside};
use crate::http::pages::form::{FormState, Posted, all_on_form};
use crate::http::pages::page::Page;
use crate::http::pages::refusal::{HtmlRefusal, status};
use crate::http::pages::shell::Shell;
use crate::kernel::access::Access;
use crate::kernel::refusal::Refusal;

use super::fields::{self, Options, currencies};
use super::preview::Preview;
use super::views::DayView;
use super::{PLACE, today};

/// Its form.
#[derive(Template)]
#[template(path = "subscriptions/form.html")]
pub struct FormPage {
    shell: Shell,
    form: FormState,
    /// The subscription that is changed; none: a new one.
    editing: Option<Editing>,
    owners: choosing::People,
    currencies: Options,
    services: Vec<String>,
    categories: Vec<String>,
    departments: Vec<String>,
    preview: Preview,
    twin: Option<TwinView>,
}

/// The subscription that is changed.
struct Editing {
    id: String,
    name: String,
    /// Whether its price can still be corrected.
    can_correct: bool,
}

/// The one that is there already.
struct TwinView {
    /// Where it is, for whoever may see it.
    seen: Option<(String, String)>,
    renews: Option<DayView>,
    /// Whether a second one can be had by confirming.
    can_confirm: bool,
}

impl FormPage {
    /// Draws the form as it stands: fresh, as a preview, or refused.
    pub async fn draw(
        app: &App,
        request: &HttpRequest,
        access: &Access,
        (form, of): (FormState, Option<&Shown>),
        refusals: Vec<Refusal>,
    ) -> Result<HttpResponse, HtmlRefusal> {
        let code = refusals.first().map_or(StatusCode::OK, |first| status(first.kind));
        let asks = refusals.iter().any(|refusal| refusal.code == "confirm_duplicate");
        let (shown, _) = all_on_form(refusals)?;
        let offered = app.db.answer(access, FormOptions).await?;
        let (day, locale) = (today(app, access), access.reading().locale);
        let (owners, form) = choosing::offer_owners(app, access, (form, "owner"), beside(of)).await?;
        let page = Self {
            owners,
            currencies: currencies(&form, access),
            preview: Preview::of(&form, day, locale),
            twin: twin(app, access, &form, of, asks).await?,
            editing: of.map(|of| Editing::new(of, app, day)),
            services: offered.services,
            categories: offered.categories,
            departments: offered.departments,
            form: form.refused(&shown),
            shell: Shell::load(app, request, access, PLACE).await?,
        };
        Ok(Page::with_status(code, page).into_response())
    }

    fn action(&self) -> String {
        self.editing
            .as_ref()
            .map_or_else(|| "/subscriptions".to_owned(), |editing| format!("/subscriptions/{}", editing.id))
    }

    fn is_editing(&self) -> bool {
        self.editing.is_some()
    }

    /// A folded part is open on a change, and when something in it needs another look.
    fn is_open(&self, fields: &[&str]) -> bool {
        self.is_editing() || fields.iter().any(|field| self.form.error(field).is_some())
    }
}

impl Editing {
    fn new(of: &Shown, app: &App, today: NaiveDate) -> Self {
        let now = app.db.clock().now();
        Self {
            id: of.subscription.id.to_string(),
            name: of.subscription.details.name.clone(),
            can_correct: of.prices.on(today).is_some_and(|line| line.is_correctable(now)),
        }
    }
}

/// Refuses a field that neither this form nor `more` has.
pub fn only(posted: &Posted, more: &[&str]) -> Result<(), Refusal> {
    let known: Vec<&str> = written::FIELDS.iter().chain(&fields::BESIDE).chain(more).copied().collect();
    posted.only(&known)
}

/// Who answers for it now stays, also after leaving.
fn beside(of: Option<&Shown>) -> Beside {
    let owner = of.map(|of| &of.subscription.owner);
    Beside { present: owner.map(|owner| (owner.id, format!("{} (has left)", owner.name))), ..Beside::default() }
}

async fn twin(
    app: &App,
    access: &Access,
    form: &FormState,
    of: Option<&Shown>,
    asks: bool,
) -> Result<Option<TwinView>, Refusal> {
    let (service, name) = (form.value("service"), form.value("name"));
    let is_settled = of.is_some() && !asks;
    if service.is_empty() || is_settled {
        return Ok(None);
    }
    let name = if name.is_empty() { service } else { name };
    let except = of.map(|of| of.subscription.id);
    let question = TwinOf { service: service.to_owned(), name: name.to_owned(), except };
    let found = app.db.answer(access, question).await?;
    let locale = access.reading().locale;
    Ok(match found {
        Some(twin) => Some(TwinView {
            seen: Some((twin.id.to_string(), twin.name)),
            renews: twin.renews_on.map(|day| DayView::new(day, locale)),
            can_confirm: !twin.is_same_name,
        }),
        None if asks => Some(TwinView { seen: None, renews: None, can_confirm: true }),
        None => None,
    })
}
