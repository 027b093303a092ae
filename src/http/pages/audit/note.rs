//! POST `/audit`: a note.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::audit::note::{AddNote, Note};
use crate::domain::audit::search::{Filters, Object, Place, Search};
use crate::http::pages::answer::give;
use crate::http::pages::form::{FormErrors, FormState, MemberPost, Posted, all_on_form};
use crate::http::pages::refusal::HtmlRefusal;
use crate::kernel::access::Access;
use crate::kernel::ids;
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::asked::Asked;
use super::{Drawn, draw};

/// Adds it, and leads to where it stands.
pub async fn add(app: web::Data<App>, request: HttpRequest, post: MemberPost) -> Result<HttpResponse, HtmlRefusal> {
    let MemberPost { access, posted } = post;
    if !access.may(Permission::AddNote) {
        return Err(Refusal::not_allowed().into());
    }
    let refusals = match parse_note(&posted) {
        Ok(note) => match add_once(&app, &access, &posted, note).await {
            Ok(answer) => return Ok(give(&app, &request, answer).await?),
            Err(refusal) => vec![refusal],
        },
        Err(refusals) => refusals,
    };
    draw_note(&app, &request, &access, &posted, refusals).await
}

async fn add_once(app: &App, access: &Access, posted: &Posted, note: AddNote) -> Result<Answer, Refusal> {
    let place = Asked::about(posted.get("object")).path("/audit");
    let perform = app
        .db
        .perform_once(access, posted.once(), note, move |_| Answer::go(place.clone(), "The note stands in the trail."));
    perform.await
}

fn parse_note(posted: &Posted) -> Result<AddNote, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["note", "object"]));
    let note = errors.take(Note::parse(posted.raw("note")));
    let object = match posted.get("object") {
        "" => Some(None),
        id => errors.take(ids::from_text(id).map(Some).ok_or_else(Refusal::not_found)),
    };
    errors.or(note.zip(object).map(|(note, object)| AddNote { note, object }))
}

/// The trail around a note that was not taken, with what was typed.
async fn draw_note(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    posted: &Posted,
    refusals: Vec<Refusal>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (shown, code) = all_on_form(refusals)?;
    let object = ids::from_text(posted.get("object")).map(Object::One);
    let filters = Filters { object, ..Filters::default() };
    let found = app.db.answer(access, Search { filters, place: Place::Newest }).await?;
    let asked = Asked::about(posted.get("object"));
    let note = FormState::kept(posted).refused(&shown);
    let form = asked.form();
    draw(app, request, access, Drawn { asked: &asked, form, found, note, code }).await
}
