//! `/licenses/assign`: many people get a seat of one subscription, or one person gets many.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::licenses::assign_many::GivenMany;
use crate::domain::licenses::license::Holder;
use crate::domain::licenses::offer::{Givable, ToGive};
use crate::http::access::SignedIn;
use crate::http::pages::answer::give;
use crate::http::pages::form::{FormState, MemberPost, all_on_form};
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Shell;
use crate::kernel::access::Access;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::once::Answer;

use super::many_form::{names, read};

const PLACE: &str = "seats";
const LONGEST_SEARCH: usize = 100;

#[derive(Template)]
#[template(path = "licenses/many.html")]
struct ManyPage {
    shell: Shell,
    form: FormState,
    /// Whether one person gets many seats.
    to_one: bool,
    words: String,
    subscriptions: Vec<Choice>,
    people: Vec<Person>,
    has_more: bool,
    /// Those who are named but not offered, one per line.
    pasted: String,
    /// Held and bought of the one that is chosen.
    chosen: Option<(String, String)>,
}

/// A subscription to choose.
struct Choice {
    id: String,
    name: String,
    /// "3 of 30 free".
    room: String,
    /// How many are free; none when seats are not counted.
    free: Option<i64>,
    is_chosen: bool,
}

/// A person to choose.
struct Person {
    id: String,
    name: String,
    email: String,
    department: String,
    is_chosen: bool,
}

/// What the page begins with.
#[derive(Default)]
struct Asked {
    subscriptions: BTreeSet<SubscriptionId>,
    names: Vec<String>,
    words: String,
    to_one: bool,
}

impl Asked {
    /// Of the address: `subscription`, `members` (or `emails`, as lists of people name them), `q`, `by=person`.
    fn of_address(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "subscription" => asked.subscriptions.extend(SubscriptionId::parse(&value)),
                "members" | "emails" => asked.names.extend(names(std::iter::once(value.as_ref())).map(str::to_owned)),
                "q" => asked.words = value.trim().chars().filter(|c| !c.is_control()).take(LONGEST_SEARCH).collect(),
                "by" => asked.to_one = value == "person",
                _ => {}
            }
        }
        asked
    }

    /// The one person who is named by id.
    fn person(&self) -> Option<MemberId> {
        self.names.first().filter(|_| self.to_one).and_then(|name| MemberId::parse(name))
    }

    fn has(&self, person: &Holder) -> bool {
        let id = person.id.to_string();
        self.names.iter().any(|name| *name == id || is_address(name, &person.email))
    }
}

fn is_address(name: &str, email: &str) -> bool {
    EmailAddress::parse(name).is_ok_and(|address| address.folded() == email.to_lowercase())
}

/// GET `/licenses/assign`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let asked = Asked::of_address(request.query_string());
    draw(&app, &request, &access, asked, FormState::default(), StatusCode::OK).await
}

/// POST `/licenses/assign`.
pub async fn assign(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let done = match read(&posted) {
        Ok(asked) => app.db.perform_once(&access, posted.once(), asked, told).await.map_err(|refusal| vec![refusal]),
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let (shown, code) = all_on_form(refusals)?;
            let subscriptions: BTreeSet<_> = posted.all("subscription").filter_map(SubscriptionId::parse).collect();
            let names: Vec<String> = names(posted.all("members")).map(str::to_owned).collect();
            let to_one = subscriptions.len() > 1;
            let asked = Asked { subscriptions, names, words: String::new(), to_one };
            draw(&app, &request, &access, asked, FormState::kept(&posted).refused(&shown), code).await
        }
    }
}

fn told(done: &GivenMany) -> Answer {
    let location = match (done.subscription, &done.person) {
        (Some(subscription), _) => format!("/subscriptions/{subscription}/licenses"),
        (None, Some((person, _))) => format!("/people/{person}"),
        (None, None) => "/licenses".to_owned(),
    };
    Answer::go(location, said(done))
}

fn said(done: &GivenMany) -> String {
    let of = done.names.join(", ");
    let seats = if done.given == 1 { "1 seat".to_owned() } else { format!("{} seats", done.given) };
    let mut said = match (&done.person, done.given) {
        (_, 0) => format!("Everybody named has a seat of {of} already. Nothing was changed."),
        (Some((_, person)), _) if done.subscription.is_none() => format!("{person} got {seats}."),
        _ => format!("{seats} of {of} given."),
    };
    match done.had {
        0 => {}
        _ if done.given == 0 => {}
        1 => said.push_str(" 1 was there already."),
        had => said.push_str(&format!(" {had} were there already.")),
    }
    match done.told {
        0 => {}
        1 => said.push_str(" 1 letter tells of it."),
        told => said.push_str(&format!(" {told} letters tell of it.")),
    }
    said
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    asked: Asked,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let one = asked.subscriptions.iter().next().copied().filter(|_| asked.subscriptions.len() == 1);
    let question = ToGive { subscription: one, person: asked.person(), words: asked.words.clone() };
    let found = app.db.answer(access, question).await?;
    let is_offered = |name: &String| {
        found.people.iter().any(|person| person.id.to_string() == *name || is_address(name, &person.email))
    };
    let pasted: Vec<String> = asked.names.iter().filter(|name| !is_offered(name)).cloned().collect();
    let chosen = one.and_then(|id| found.subscriptions.iter().find(|choice| choice.id == id));
    let chosen = chosen.map(|choice| (choice.id.to_string(), choice.name.clone()));
    let people = found.people.iter().map(|person| Person {
        id: person.id.to_string(),
        is_chosen: asked.has(person),
        name: person.name.clone(),
        email: person.email.clone(),
        department: person.department.clone(),
    });
    let page = ManyPage {
        shell: Shell::load(app, request, access, PLACE).await?,
        to_one: asked.to_one,
        subscriptions: found.subscriptions.iter().map(|choice| choice_of(choice, &asked)).collect(),
        people: people.collect(),
        has_more: found.has_more,
        pasted: pasted.join("\n"),
        chosen,
        words: asked.words,
        form,
    };
    Ok(Page::with_status(code, page).into_response())
}

fn choice_of(givable: &Givable, asked: &Asked) -> Choice {
    let room = match (givable.free(), givable.seats) {
        (Some(free), Some(seats)) => format!("{free} of {seats} free"),
        _ => "not counted".to_owned(),
    };
    Choice {
        id: givable.id.to_string(),
        name: givable.name.clone(),
        room,
        free: givable.free(),
        is_chosen: asked.subscriptions.contains(&givable.id),
    }
}

impl ManyPage {
    /// The person who gets many seats, as typed: by address when they are known.
    fn person(&self) -> String {
        let known = self.people.iter().find(|person| person.is_chosen).map(|person| person.email.clone());
        known.unwrap_or_else(|| self.pasted.clone())
    }

    /// The address of the other way of giving, with what is chosen.
    fn other_way(&self) -> String {
        match (self.to_one, &self.chosen) {
            (true, _) => "/licenses/assign".to_owned(),
            (false, Some((id, _))) => format!("/licenses/assign?by=person&subscription={id}"),
            (false, None) => "/licenses/assign?by=person".to_owned(),
        }
    }
}
