//! `/dev/mail`: the letters of an installation that has no mail server, for whoever tries it out on their own machine.
//! Anywhere else there is no such page: letters hold keys.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::DateTime;

use crate::app::App;
use crate::kernel::refusal::Refusal;
use crate::mail::eml::Eml;
use crate::mail::{self, Folder};

use super::landing::locale_of;
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;

const A_PAGE: usize = 50;

/// Nothing in a letter runs, loads or navigates; only its own style applies.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

#[derive(Template)]
#[template(path = "dev_mail/index.html")]
struct MailPage {
    entrance: Entrance,
    letters: Vec<LetterRow>,
    newest: Option<String>,
    older: Option<String>,
    range: String,
}

struct LetterRow {
    file: String,
    subject: String,
    to: String,
    written: Written,
}

/// When a letter was written: for machines, and for people.
struct Written {
    iso: String,
    text: String,
}

#[derive(Template)]
#[template(path = "dev_mail/show.html")]
struct LetterPage {
    entrance: Entrance,
    file: String,
    subject: String,
    links: Vec<String>,
    headers: Vec<(String, String)>,
    text: String,
}

/// From where on to list.
#[derive(serde::Deserialize)]
pub struct Before {
    before: Option<String>,
}

/// GET `/dev/mail`, newest first.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    asked: web::Query<Before>,
) -> Result<HttpResponse, HtmlRefusal> {
    let folder = open(&app)?;
    let all = folder.names().await.map_err(Refusal::fault)?;
    let is_older = |name: &String| asked.before.as_ref().is_none_or(|before| name < before);
    let rest: Vec<String> = all.iter().filter(|name| is_older(name)).cloned().collect();
    let shown = rest.iter().take(A_PAGE);
    let older = shown.clone().next_back().filter(|_| rest.len() > A_PAGE);
    let mut letters = Vec::new();
    for name in shown.clone() {
        let eml = folder.read(name).await.map_err(Refusal::fault)?;
        letters.extend(eml.map(|eml| row(name, &eml, &request)));
    }
    let page = MailPage {
        entrance: Entrance::of(&request),
        range: format!("{} of {}", letters.len(), all.len()),
        letters,
        newest: asked.before.as_ref().map(|_| "/dev/mail".to_owned()),
        older: older.map(|last| format!("/dev/mail?before={last}")),
    };
    Ok(Page::ok(page).into_response())
}

/// GET `/dev/mail/{file}`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    file: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let eml = read(&app, &file).await?;
    let origin = app.config.base_url.origin();
    let links = eml.text.split_whitespace().filter(|word| word.starts_with(&origin));
    let page = LetterPage {
        entrance: Entrance::of(&request),
        subject: eml.header("Subject").to_owned(),
        links: links.map(str::to_owned).collect(),
        headers: eml.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        text: eml.text,
        file: file.into_inner(),
    };
    Ok(Page::ok(page).into_response())
}

/// GET `/dev/mail/{file}/html`: the HTML half alone, for the frame.
pub async fn html(app: web::Data<App>, file: web::Path<String>) -> Result<HttpResponse, HtmlRefusal> {
    let eml = read(&app, &file).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .content_type("text/html; charset=utf-8")
        .body(eml.html))
}

/// The folder, where it may be shown: without a mail server, on the very machine of whoever looks.
fn open(app: &App) -> Result<Folder, Refusal> {
    let folder = mail::folder(&app.config).filter(|_| app.config.base_url.is_loopback());
    folder.ok_or_else(Refusal::not_found)
}

async fn read(app: &App, file: &str) -> Result<Eml, Refusal> {
    let found = open(app)?.read(file).await.map_err(Refusal::fault)?;
    found.ok_or_else(Refusal::not_found)
}

fn row(file: &str, eml: &Eml, request: &HttpRequest) -> LetterRow {
    let date = eml.header("Date");
    let text = DateTime::parse_from_rfc2822(date).ok().map(|at| at.to_utc());
    let written = Written {
        iso: text.map_or_else(String::new, |at| at.to_rfc3339()),
        text: text.map_or_else(|| date.to_owned(), |at| locale_of(request).date_time(at, chrono_tz::UTC)),
    };
    LetterRow {
        file: file.to_owned(),
        subject: eml.header("Subject").to_owned(),
        to: eml.header("To").to_owned(),
        written,
    }
}
