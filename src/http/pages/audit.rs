//! `/audit`: the trail, one entry of it, and notes.

mod asked;
mod choices;
pub mod file;
pub mod note;
pub mod rows;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::audit::one::One;
use crate::domain::audit::search::{Filters, Found, Place, Search};
use crate::domain::audit::words::Action;
use crate::http::access::SignedIn;
use crate::kernel::access::{Access, Origin};
use crate::kernel::ids::{self, AuditEntryId};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::form::{FormState, all_on_form};
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Shell;
use asked::Asked;
use choices::{AboutView, Choice, listed, object_of, people, range};
use rows::{DayOfTrail, EntryRow, by_day};

#[derive(Template)]
#[template(path = "audit/index.html")]
struct AuditPage {
    shell: Shell,
    asked: Asked,
    /// The filters.
    form: FormState,
    people: Vec<Choice>,
    actions: Vec<Choice>,
    origins: Vec<Choice>,
    days: Vec<DayOfTrail>,
    newer: Option<String>,
    older: Option<String>,
    range: String,
    object: Option<AboutView>,
    csv: Option<String>,
    /// The note, for those who may add one.
    note: Option<FormState>,
}

impl AuditPage {
    /// What a note would be about, as its form sends it.
    fn object_id(&self) -> &str {
        self.object.as_ref().map_or("", |about| about.id.as_str())
    }

    /// The same in words.
    fn note_about(&self) -> String {
        let named = self.object.as_ref().filter(|about| !about.id.is_empty());
        format!("About {}", named.map_or(self.shell.business.as_str(), |about| about.words.as_str()))
    }
}

#[derive(Template)]
#[template(path = "audit/show.html")]
struct EntryPage {
    shell: Shell,
    row: EntryRow,
    object_id: String,
    note: Option<FormState>,
}

impl EntryPage {
    /// What a note would be about.
    fn note_about(&self) -> String {
        match self.row.label.as_str() {
            "" => "About this".to_owned(),
            label => format!("About {label}"),
        }
    }
}

/// GET `/audit`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let asked = Asked::of(&request);
    match find(&app, &access, &asked).await {
        Ok(found) => {
            let (form, note) = (asked.form(), FormState::default());
            draw(&app, &request, &access, Drawn { asked: &asked, form, found, note, code: StatusCode::OK }).await
        }
        Err(refusals) => draw_refused(&app, &request, &access, &asked, refusals).await,
    }
}

async fn find(app: &App, access: &Access, asked: &Asked) -> Result<Found, Vec<Refusal>> {
    let filters = asked.filters()?;
    let place = asked.place().map_err(|refusal| vec![refusal])?;
    let found = app.db.answer(access, Search { filters, place });
    found.await.map_err(|refusal| vec![refusal])
}

/// GET `/audit/{id}`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let id = AuditEntryId::parse(&id).ok_or_else(Refusal::not_found)?;
    let entry = app.db.answer(&access, One(id)).await?;
    let page = EntryPage {
        shell: Shell::load(&app, &request, &access, "audit").await?,
        row: EntryRow::whole(&entry, access.house()),
        object_id: ids::to_text(entry.object.id),
        note: note_form(&access, FormState::default()),
    };
    Ok(Page::ok(page).into_response())
}

/// The page around filters that cannot be taken, with what was typed and nothing found.
async fn draw_refused(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    asked: &Asked,
    refusals: Vec<Refusal>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (mut shown, _) = all_on_form(refusals)?;
    // Only the dates have a label of their own to lead to.
    for refusal in &mut shown {
        refusal.field = refusal.field.filter(|field| matches!(*field, "from" | "to"));
    }
    let filters = Filters::default();
    let all = app.db.answer(access, Search { filters, place: Place::Newest }).await?;
    let found = Found { entries: Vec::new(), newer: None, older: None, ..all };
    let form = asked.form().refused(&shown);
    let note = FormState::default();
    draw(app, request, access, Drawn { asked, form, found, note, code: StatusCode::OK }).await
}

struct Drawn<'a> {
    asked: &'a Asked,
    form: FormState,
    found: Found,
    note: FormState,
    /// What a note that was not taken answers.
    code: StatusCode,
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    drawn: Drawn<'_>,
) -> Result<HttpResponse, HtmlRefusal> {
    let Drawn { asked, form, found, note, code } = drawn;
    let house = access.house();
    let today = app.db.clock().now().with_timezone(&house.zone).date_naive();
    let code = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { code };
    let turn = |name: &str, id: Option<AuditEntryId>| id.map(|id| asked.path_with("/audit", name, &id.to_string()));
    let page = AuditPage {
        shell: Shell::load(app, request, access, "audit").await?,
        people: people(asked, &found),
        actions: listed("Any action", Action::all().map(|action| (action.code(), action.label()))),
        origins: listed("Any origin", Origin::ALL.into_iter().map(|origin| (origin.code(), origin.label()))),
        days: by_day(&found.entries, house, today),
        newer: turn("before", found.newer),
        older: turn("after", found.older),
        range: range(&found, access),
        object: object_of(asked, &found),
        csv: access.may(Permission::ExportTrail).then(|| asked.path("/audit.csv")),
        note: note_form(access, note),
        asked: asked.clone(),
        form,
    };
    Ok(Page::with_status(code, page).into_response())
}

/// The form for a note, for those who may add one.
fn note_form(access: &Access, form: FormState) -> Option<FormState> {
    access.may(Permission::AddNote).then_some(form)
}
