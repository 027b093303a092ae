//! `/services/{id}`: what the business writes of a vendor's product, and its subscriptions to it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::services::change::ChangeService;
use crate::domain::services::service::About;
use crate::domain::services::show::{ShowService, Shown};
use crate::domain::subscriptions::text;
use crate::http::access::SignedIn;
use crate::http::pages::answer::give;
use crate::http::pages::form::{FormErrors, FormState, MemberPost, Posted, all_on_form};
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Shell;
use crate::kernel::access::Access;
use crate::kernel::ids::ServiceId;
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

#[derive(Template)]
#[template(path = "services/show.html")]
struct ServicePage {
    shell: Shell,
    form: FormState,
    id: String,
    name: String,
    /// Its site, for a link.
    website: String,
    /// Rows of (what, words) for whoever only looks.
    facts: Vec<(&'static str, String)>,
    /// Id and name of each subscription to it.
    subscriptions: Vec<(String, String)>,
    can_change: bool,
}

/// GET `/services/{id}`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let shown = find(&app, &access, &id).await?;
    let form = FormState::of(standing(&shown));
    draw(&app, &request, &access, shown, form, StatusCode::OK).await
}

/// POST `/services/{id}`.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let shown = find(&app, &access, &id).await?;
    let form = FormState::of(standing(&shown)).with_posted(&posted);
    match perform(&app, &access, &posted, &form, &shown).await {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let (told, code) = all_on_form(refusals)?;
            draw(&app, &request, &access, shown, form.refused(&told), code).await
        }
    }
}

async fn find(app: &App, access: &Access, id: &str) -> Result<Shown, Refusal> {
    let id = ServiceId::parse(id).ok_or_else(Refusal::not_found)?;
    app.db.answer(access, ShowService { id }).await
}

async fn perform(
    app: &App,
    access: &Access,
    posted: &Posted,
    form: &FormState,
    shown: &Shown,
) -> Result<Answer, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["name", "vendor", "category", "website"]));
    let name = errors.take(text::required_line("name", form.value("name"), "Write the name of the service."));
    let vendor = errors.take(text::line("vendor", form.value("vendor")));
    let category = errors.take(text::line("category", form.value("category")));
    let website = errors.take(text::web_address("website", form.value("website")));
    let about = vendor.zip(category).zip(website);
    let (name, ((vendor, category), website)) = errors.or(name.zip(about))?;
    let id = shown.service.id;
    let operation = ChangeService { id, name, about: About { vendor, category, website } };
    let told = move |name: &String| Answer::go(format!("/services/{id}"), format!("Saved {name}."));
    app.db.perform_once(access, posted.once(), operation, told).await.map_err(|refusal| vec![refusal])
}

fn standing(Shown { service, .. }: &Shown) -> Vec<(String, String)> {
    let about = &service.about;
    [("name", &service.name), ("vendor", &about.vendor), ("category", &about.category), ("website", &about.website)]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    shown: Shown,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let Shown { service, subscriptions, is_changeable } = shown;
    let facts = [("Vendor", service.about.vendor), ("Category", service.about.category)];
    let page = ServicePage {
        shell: Shell::load(app, request, access, "subscriptions").await?,
        form,
        id: service.id.to_string(),
        name: service.name,
        website: service.about.website,
        facts: facts.into_iter().filter(|(_, words)| !words.is_empty()).collect(),
        subscriptions: subscriptions.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        can_change: is_changeable && access.may(Permission::ChangeSubscriptions),
    };
    Ok(Page::with_status(code, page).into_response())
}
