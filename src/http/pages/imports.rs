//! `/import`: uploading a file of people, subscriptions or seats, choosing its columns, checking its rows, importing
//! and undoing it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::imports::choices::{Chosen, Newcomers};
use crate::domain::imports::commit::{Came, Commit, Committed};
use crate::domain::imports::dry_run::{DryRun, RowsPage};
use crate::domain::imports::kind::Kind;
use crate::domain::imports::list::Imports;
use crate::domain::imports::map::Map;
use crate::domain::imports::undo::{Undo, Undone};
use crate::http::access::SignedIn;
use crate::kernel::access::Access;
use crate::kernel::ids::ImportId;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::answer::give;
use super::form::{FormState, MemberPost, all_on_form};
use super::import::draw;
use super::import_forms::{RowsAsked, parse_chosen, parse_upload};
use super::import_rows::ImportRow;
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Shell;
use super::upload::MemberUpload;

#[derive(Template)]
#[template(path = "imports/index.html")]
struct ImportsPage {
    shell: Shell,
    form: FormState,
    holds: Kind,
    imports: Vec<ImportRow>,
    newest: Option<String>,
    older: Option<String>,
}

/// Where the list of imports goes on.
#[derive(serde::Deserialize)]
pub struct ListAsked {
    after: Option<String>,
    kind: Option<String>,
}

/// GET `/import`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    asked: web::Query<ListAsked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let after = asked.after.as_deref().and_then(ImportId::parse);
    let kind = asked.kind.as_deref().and_then(Kind::parse).unwrap_or(Kind::People);
    draw_index(&app, &request, &access, (kind, after), FormState::default(), StatusCode::OK).await
}

/// POST `/import`: the file waits, and nobody is changed.
pub async fn upload(
    app: web::Data<App>,
    request: HttpRequest,
    MemberUpload { access, posted, file }: MemberUpload,
) -> Result<HttpResponse, HtmlRefusal> {
    let kind = Kind::parse(posted.get("kind")).unwrap_or(Kind::People);
    let done = match parse_upload(&posted, file) {
        Ok(upload) => {
            let flash = format!("{} is uploaded, and {} is changed yet.", upload.file_name, upload.kind.none());
            let tell = move |import: &ImportId| Answer::go(format!("/import/{import}"), flash.clone());
            app.db.perform_once(&access, posted.once(), upload, tell).await.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let (shown, code) = all_on_form(refusals)?;
            draw_index(&app, &request, &access, (kind, None), FormState::default().refused(&shown), code).await
        }
    }
}

/// GET `/import/{id}`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
    asked: web::Query<RowsAsked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let import = import_id(&id)?;
    let dry_run = DryRun { import, chosen: Chosen::default(), outcome: asked.outcome(), page: asked.page() };
    draw(&app, &request, &access, dry_run, FormState::default(), StatusCode::OK).await
}

/// POST `/import/{id}`: chooses the columns, or imports.
pub async fn update(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let import = import_id(&id)?;
    let path = format!("/import/{import}");
    let chosen = parse_chosen(&posted);
    let done = match (chosen.clone(), posted.get("commit")) {
        (Err(refusal), _) => Err(refusal),
        (Ok(chosen), "1") => {
            let tell = move |came: &Came| Answer::go(path.clone(), said_of(came));
            app.db.perform_once(&access, posted.once(), Commit { import, chosen }, tell).await
        }
        (Ok(mut chosen), _) => {
            // A form that chooses nothing chooses no columns.
            if chosen.newcomers.is_none() {
                chosen.mapping.get_or_insert_default();
            }
            let flash = said_chosen(&chosen);
            let tell = move |(): &()| Answer::go(path.clone(), flash);
            app.db.perform_once(&access, posted.once(), Map { import, chosen }, tell).await
        }
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusal) => {
            let (shown, code) = all_on_form(vec![refusal])?;
            let dry_run = DryRun { import, chosen: chosen.unwrap_or_default(), outcome: None, page: RowsPage::First };
            draw(&app, &request, &access, dry_run, FormState::default().refused(&shown), code).await
        }
    }
}

/// POST `/import/{id}/undo`.
pub async fn undo(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let import = import_id(&id)?;
    let tell = move |done: &Undone| {
        let (removed, restored) = (done.taken.removed, done.taken.restored);
        let kept = match done.taken.kept.len() {
            0 => String::new(),
            kept => format!(" {kept} stayed as they are, because they are in use or were changed since."),
        };
        let flash =
            format!("The import of {} is undone: {removed} taken out, {restored} put back.{kept}", done.file_name);
        Answer::go(format!("/import/{import}"), flash)
    };
    match app.db.perform_once(&access, posted.once(), Undo { import }, tell).await {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusal) => {
            let (shown, code) = all_on_form(vec![refusal])?;
            let dry_run = DryRun { import, chosen: Chosen::default(), outcome: None, page: RowsPage::First };
            draw(&app, &request, &access, dry_run, FormState::default().refused(&shown), code).await
        }
    }
}

fn import_id(text: &str) -> Result<ImportId, Refusal> {
    ImportId::parse(text).ok_or_else(Refusal::not_found)
}

async fn draw_index(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    (kind, after): (Kind, Option<ImportId>),
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let page = app.db.answer(access, Imports { after }).await?;
    let shell = Shell::load(app, request, access, "import").await?;
    let page = ImportsPage {
        imports: page.rows.iter().map(|import| ImportRow::new(import, access.reading())).collect(),
        newest: after.map(|_| format!("/import?kind={}", kind.code())),
        older: page.next.map(|last| format!("/import?kind={}&after={last}", kind.code())),
        shell,
        form,
        holds: kind,
    };
    Ok(Page::with_status(code, page).into_response())
}

fn said_chosen(chosen: &Chosen) -> &'static str {
    match (&chosen.mapping, chosen.newcomers) {
        (None, Some(Newcomers::Added)) => {
            "The people who are not in People will be added. Check the rows, then import them."
        }
        (None, Some(Newcomers::LeftOut)) => "Rows of people who are not in People are left out.",
        _ => "The columns are chosen. Check the rows, then import them.",
    }
}

/// The page of an import that has only begun says so by itself.
fn said_of(came: &Came) -> String {
    match came {
        Came::Done(done) => said(done),
        Came::Started => String::new(),
    }
}

fn said(done: &Committed) -> String {
    let counts = done.counts;
    format!(
        "{} is imported: {} created, {} updated, {} unchanged, {} refused.",
        done.file_name, counts.created, counts.updated, counts.unchanged, counts.refused
    )
}
