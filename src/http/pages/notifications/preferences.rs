//! `/settings/notifications`: each kind, and whether it comes to the inbox and by letter.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::notifications::kind::{Kind, Way};
use crate::domain::notifications::preferences::{ChangePreferences, Chosen, Preferences, PreferencesOf, Ways};
use crate::http::access::SignedIn;
use crate::http::pages::answer::give;
use crate::http::pages::form::{FormState, MemberPost, Posted, on_form};
use crate::http::pages::page::Page;
use crate::http::pages::refusal::{HtmlRefusal, status};
use crate::http::pages::shell::Shell;
use crate::kernel::access::Access;
use crate::kernel::once::Answer;
use crate::kernel::refusal::{Kind as Refused, Refusal};

const PATH: &str = "/settings/notifications";

#[derive(Template)]
#[template(path = "settings/notifications.html")]
struct PreferencesPage {
    shell: Shell,
    form: FormState,
    groups: Vec<Group>,
}

struct Group {
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    label: &'static str,
    inbox: Cell,
    letter: Cell,
}

/// One box of the matrix.
struct Cell {
    name: String,
    words: &'static str,
    is_on: bool,
    way: Way,
}

impl Cell {
    fn is_choice(&self) -> bool {
        self.way == Way::Chosen
    }

    fn is_always(&self) -> bool {
        self.way == Way::Always
    }
}

/// GET `/settings/notifications`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let preferences = app.db.answer(&access, PreferencesOf).await?;
    draw(&app, &request, &access, &preferences, FormState::default(), StatusCode::OK).await
}

/// POST `/settings/notifications`: what the form leaves out stays as it was.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let done = match read(&posted) {
        Ok(chosen) => {
            let tell = |(): &()| Answer::go(PATH, "Saved: you are told as you have chosen.");
            app.db.perform_once(&access, posted.once(), ChangePreferences { chosen }, tell).await
        }
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusal) if refusal.kind == Refused::Invalid => {
            let code = status(refusal.kind);
            let mut preferences = app.db.answer(&access, PreferencesOf).await?;
            let chosen = read(&posted).unwrap_or_default();
            for (kind, chosen) in chosen.into_iter().filter(|(kind, _)| !kind.is_fixed()) {
                let ways = preferences.entry(kind).or_insert_with(|| Ways::usual(kind));
                ways.inbox = chosen.inbox.unwrap_or(ways.inbox);
                ways.letter = chosen.letter.unwrap_or(ways.letter);
            }
            let form = FormState::default().refused(&on_form(refusal)?);
            draw(&app, &request, &access, &preferences, form, code).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Boxes are called `inbox_` or `letter_` and the code of their kind; a hidden 0 stands before each, so that leaving one
/// out is not taking the tick off.
fn read(posted: &Posted) -> Result<BTreeMap<Kind, Chosen>, Refusal> {
    let mut chosen: BTreeMap<Kind, Chosen> = BTreeMap::new();
    let mut known = Vec::new();
    for kind in Kind::all() {
        for way in ["inbox", "letter"] {
            let name = format!("{way}_{}", kind.code());
            let ticked = match posted.all(&name).last() {
                None => None,
                Some("1") => Some(true),
                Some("0") => Some(false),
                Some(_) => {
                    let message = "Tick the box, or leave it empty. Nothing was changed.";
                    return Err(Refusal::new(Refused::Invalid, "not_a_tick", message));
                }
            };
            if ticked.is_some() {
                let of_kind = chosen.entry(kind).or_default();
                let place = if way == "inbox" { &mut of_kind.inbox } else { &mut of_kind.letter };
                *place = ticked;
            }
            known.push(name);
        }
    }
    posted.only(&known.iter().map(String::as_str).collect::<Vec<_>>())?;
    Ok(chosen)
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    preferences: &Preferences,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let shell = Shell::load(app, request, access, "").await?;
    let page = PreferencesPage { shell, form, groups: groups(access, preferences) };
    Ok(Page::with_status(code, page).into_response())
}

fn groups(access: &Access, preferences: &Preferences) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for kind in Kind::that_reach(access) {
        let ways = preferences.get(&kind).copied().unwrap_or_else(|| Ways::usual(kind));
        let cell =
            |way_name: &str, words, is_on, way| Cell { name: format!("{way_name}_{}", kind.code()), words, is_on, way };
        let row = Row {
            label: kind.label(),
            inbox: cell("inbox", "Inbox", ways.inbox, kind.inbox()),
            letter: cell("letter", "E-mail", ways.letter, kind.letter()),
        };
        match groups.last_mut() {
            Some(group) if group.title == kind.group() => group.rows.push(row),
            _ => groups.push(Group { title: kind.group(), rows: vec![row] }),
        }
    }
    groups
}
