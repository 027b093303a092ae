//! `/requests`: asking for a seat, and the requests that wait for an answer.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::licenses::requests::ask::Ask;
use crate::domain::licenses::requests::decide::{Approve, Decided, Decline};
use crate::domain::licenses::requests::list::{OFFERED, Offer, Offers, Waiting};
use crate::domain::licenses::requests::request::{SeatRequest, text};
use crate::domain::licenses::requests::withdraw::Withdraw;
use crate::http::access::SignedIn;
use crate::kernel::access::{Access, Sees};
use crate::kernel::ids::{SeatRequestId, SubscriptionId};
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::answer::{carry_out, give};
use super::form::{FormState, MemberPost, Posted, on_form};
use super::licenses::Day;
use super::page::Page;
use super::refusal::{HtmlRefusal, status};
use super::shell::Shell;

const PATH: &str = "/requests";
const PLACE: &str = "seats";
const LONGEST_SEARCH: usize = 100;

#[derive(Template)]
#[template(path = "requests/index.html")]
struct RequestsPage {
    shell: Shell,
    form: FormState,
    /// What the ids of the refused form's fields begin with.
    of: String,
    requests: Vec<RequestRow>,
    /// What can be asked for; none for whoever cannot ask.
    offers: Option<Vec<OfferRow>>,
    has_more: bool,
    words: String,
}

/// A request that waits, as its templates print it.
pub struct RequestRow {
    /// The id.
    pub id: String,
    /// The subscription's id.
    pub subscription: String,
    /// Its name.
    pub subscription_name: String,
    /// The id of whoever asks.
    pub member: String,
    /// Their name.
    pub asker: String,
    /// Why, or empty.
    pub note: String,
    /// Since when.
    pub since: Day,
    /// Whether the reader decides it.
    pub can_decide: bool,
    /// Whether it is the reader's own.
    pub is_own: bool,
    /// Whether whoever asked is gone.
    pub is_gone: bool,
    /// What was typed to decline it, when that was refused.
    pub refused: Option<Declining>,
}

/// Words that cannot be taken, and why.
pub struct Declining {
    /// As typed.
    pub words: String,
    /// What is wrong with them.
    pub wrong: String,
}

impl RequestRow {
    /// As this reader sees it.
    pub fn new(request: SeatRequest, access: &Access) -> Self {
        let decides = match access.sees() {
            Sees::All => true,
            Sees::OnlyOf(member) => member == request.owner,
            Sees::Nothing => false,
        };
        Self {
            id: request.id.to_string(),
            subscription: request.subscription.to_string(),
            subscription_name: request.subscription_name,
            member: request.asker.id.to_string(),
            can_decide: decides && access.may(Permission::ChangeSubscriptions),
            is_own: access.member() == Some(request.asker.id),
            is_gone: request.asker.is_gone(),
            asker: request.asker.name,
            note: request.note,
            since: Day::of(request.created_at, access.reading()),
            refused: None,
        }
    }
}

/// Something to ask for.
struct OfferRow {
    id: String,
    name: String,
    category: String,
    owner: String,
    /// Whether the form that was refused is this one's.
    is_asked: bool,
}

/// What the address asks for.
#[derive(serde::Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// The requests that wait for this reader, or that are theirs.
pub async fn waiting(app: &App, access: &Access) -> Result<Vec<RequestRow>, Refusal> {
    let waiting = app.db.answer(access, Waiting { of: None }).await?;
    Ok(waiting.into_iter().map(|request| RequestRow::new(request, access)).collect())
}

/// GET `/requests`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let words = asked.q.trim().chars().filter(|c| !c.is_control()).take(LONGEST_SEARCH).collect();
    draw(&app, &request, &access, words, (Form::None, FormState::default()), StatusCode::OK).await
}

/// POST `/subscriptions/{id}/requests`.
pub async fn ask(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let subscription = SubscriptionId::parse(&id).ok_or_else(Refusal::not_found)?;
    let note = posted.only(&["note"]).and_then(|()| text("note", posted.get("note")));
    let told =
        |name: &String| Answer::go(PATH, format!("Asked for a seat of {name}. You are told what becomes of it."));
    let done = match note {
        Ok(note) => app.db.perform_once(&access, posted.once(), Ask { subscription, note }, told).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusal) => {
            let code = status(refusal.kind);
            if !access.may(Permission::AskForSeats) {
                return Err(Refusal::not_allowed().into());
            }
            let form = FormState::kept(&posted).refused(&on_form(refusal)?);
            draw(&app, &request, &access, String::new(), (Form::Asking(subscription), form), code).await
        }
    }
}

/// POST `/requests/{id}/approve`.
pub async fn approve(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let told =
        |done: &Decided| decided(done, format!("{} has a seat of {} now. They are told.", done.asker, done.name));
    carry_out(&app, &request, (&access, &posted), Approve { request: parse(&id)? }, told).await
}

/// POST `/requests/{id}/decline`.
pub async fn decline(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["words"])?;
    let id = parse(&id)?;
    let words = match text("words", posted.get("words")) {
        Ok(words) => words,
        Err(refusal) => return refused_words(&app, &request, &access, id, (&posted, refusal)).await,
    };
    let told = |done: &Decided| decided(done, format!("Declined what {} asked for. They are told.", done.asker));
    carry_out(&app, &request, (&access, &posted), Decline { request: id, words }, told).await
}

/// The page again, with the words that cannot be taken. Whoever does not see the request learns nothing of it.
async fn refused_words(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    id: SeatRequestId,
    (posted, refusal): (&Posted, Refusal),
) -> Result<HttpResponse, HtmlRefusal> {
    let seen = waiting(app, access).await?;
    let row = seen.iter().find(|row| row.id == id.to_string()).ok_or_else(Refusal::not_found)?;
    if !row.can_decide {
        return Err(Refusal::not_allowed().into());
    }
    let code = status(refusal.kind);
    let form = FormState::kept(posted).refused(&on_form(refusal)?);
    draw(app, request, access, String::new(), (Form::Declining(id), form), code).await
}

/// POST `/requests/{id}/withdraw`.
pub async fn withdraw(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let told = |name: &String| Answer::go(PATH, format!("You no longer ask for a seat of {name}."));
    carry_out(&app, &request, (&access, &posted), Withdraw { request: parse(&id)? }, told).await
}

fn decided(done: &Decided, flash: String) -> Answer {
    Answer::go(format!("/subscriptions/{}", done.subscription), flash)
}

fn parse(id: &str) -> Result<SeatRequestId, Refusal> {
    SeatRequestId::parse(id).ok_or_else(Refusal::not_found)
}

/// Which form of the page was refused.
enum Form {
    None,
    Asking(SubscriptionId),
    Declining(SeatRequestId),
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    words: String,
    (refused, form): (Form, FormState),
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let mut offers = match access.may(Permission::AskForSeats) {
        true => Some(app.db.answer(access, Offers { words: words.clone() }).await?),
        false => None,
    };
    let has_more = offers.as_ref().is_some_and(|offers| offers.len() > OFFERED);
    if let Some(offers) = &mut offers {
        offers.truncate(OFFERED);
    }
    let row = |offer: Offer| OfferRow {
        id: offer.id.to_string(),
        is_asked: matches!(refused, Form::Asking(asked) if asked == offer.id),
        name: offer.name,
        category: offer.category,
        owner: offer.owner,
    };
    let mut requests = waiting(app, access).await?;
    let mut of = String::new();
    if let Form::Declining(id) = refused {
        of = format!("{id}-");
        for row in requests.iter_mut().filter(|row| row.id == id.to_string()) {
            let wrong = form.error("words").unwrap_or_default().to_owned();
            row.refused = Some(Declining { words: form.value("words").to_owned(), wrong });
        }
    }
    let page = RequestsPage {
        requests,
        of,
        shell: Shell::load(app, request, access, PLACE).await?,
        offers: offers.map(|offers| offers.into_iter().map(row).collect()),
        has_more,
        words,
        form,
    };
    Ok(Page::with_status(code, page).into_response())
}
