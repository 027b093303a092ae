//! `/signup` and `/businesses/new`: founding a business.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::config::SignUp as Mode;
use crate::domain::access;
use crate::domain::businesses::business::{new_house, parse_name as parse_business};
use crate::domain::businesses::sign_up::{Founder, SignUp, SignUpMode};
use crate::domain::identity::limits::{self, Asked};
use crate::domain::identity::password::Password;
use crate::domain::identity::user::{NewUser, parse_name};
use crate::domain::plans::choose::PlanChanges;
use crate::domain::plans::plan::Plan;
use crate::http::access::Person;
use crate::http::context::Context;
use crate::http::known_browser::client_of;
use crate::http::session::Signed;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::answer::give;
use super::form::{FormErrors, FormState, OpenPost, Posted, all_on_form};
use super::landing::{locale_of, offered_plans};
use super::page::Page;
use super::plans::plan_changes;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;
use super::views::{PlanOffer, per};

/// Code, title and one sentence of a plan that can be chosen.
type Choice = (String, String, String);

#[derive(Template)]
#[template(path = "sign_up/new.html")]
struct SignUpPage {
    entrance: Entrance,
    form: FormState,
    choices: Vec<Choice>,
    signed_in: Option<String>,
}

#[derive(Template)]
#[template(path = "businesses/new.html")]
struct NewBusinessPage {
    entrance: Entrance,
    form: FormState,
    choices: Vec<Choice>,
}

/// What can be asked for in the address of the form.
#[derive(serde::Deserialize)]
pub struct PlanAsked {
    plan: Option<String>,
}

/// GET `/signup`, with the plan that was asked for.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    asked: web::Query<PlanAsked>,
) -> Result<HttpResponse, HtmlRefusal> {
    require_open(&app, Signed::of(&request).user()?).await?;
    let form = FormState::with(&[("plan", asked.plan.as_deref().unwrap_or("trial"))]);
    draw(&app, &request, form, StatusCode::OK).await
}

/// GET `/businesses/new`.
pub async fn show_new(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    asked: web::Query<PlanAsked>,
) -> Result<HttpResponse, HtmlRefusal> {
    require_open(&app, Some(person.user)).await?;
    let form = FormState::with(&[("plan", asked.plan.as_deref().unwrap_or("trial"))]);
    draw(&app, &request, form, StatusCode::OK).await
}

/// POST of both.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let user = Signed::of(&request).user()?;
    require_open(&app, user).await?;
    let done = match parse(&posted, user) {
        Ok(asked) => found(&app, &request, asked, &posted).await,
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let (shown, code) = all_on_form(refusals)?;
            draw(&app, &request, FormState::kept(&posted).refused(&shown), code).await
        }
    }
}

/// What was asked for, the password not hashed yet.
struct Draft {
    business: String,
    founder: Drafted,
    plan: String,
}

enum Drafted {
    New(String, EmailAddress, Password),
    Known(UserId),
}

fn parse(posted: &Posted, user: Option<UserId>) -> Result<Draft, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    let known: &[&str] = match user {
        Some(_) => &["business", "plan"],
        None => &["business", "name", "email", "password", "plan"],
    };
    errors.take(posted.only(known));
    let business = errors.take(parse_business(posted.get("business")));
    let founder = match user {
        Some(user) => Some(Drafted::Known(user)),
        None => new_user(posted, &mut errors),
    };
    let plan = Some(posted.get("plan")).filter(|code| !code.is_empty()).unwrap_or("trial").to_owned();
    errors.or(business.zip(founder).map(|(business, founder)| Draft { business, founder, plan }))
}

fn new_user(posted: &Posted, errors: &mut FormErrors) -> Option<Drafted> {
    let name = errors.take(parse_name(posted.get("name")));
    let email = errors.take(EmailAddress::parse(posted.get("email")));
    let own = [posted.get("name"), posted.get("email"), posted.get("business")];
    let password = errors.take(Password::parse(posted.raw("password"), &own));
    Some(Drafted::New(name?, email?, password?))
}

async fn found(app: &App, request: &HttpRequest, draft: Draft, posted: &Posted) -> Result<Answer, Vec<Refusal>> {
    let founded = match draft.founder {
        Drafted::Known(user) => perform(app, request, (draft.business, draft.plan), Founder::Known(user), posted).await,
        Drafted::New(name, email, password) => {
            let (business, new) = ((draft.business, draft.plan), (name, email, password));
            found_as_new(app, request, business, new, posted).await
        }
    };
    founded.map_err(|refusal| vec![refusal])
}

/// Strangers are counted before anything is hashed, and also while they only hear that an address is known.
async fn found_as_new(
    app: &App,
    request: &HttpRequest,
    business: (String, String),
    (name, email, password): (String, EmailAddress, Password),
    posted: &Posted,
) -> Result<Answer, Refusal> {
    let client = client_of(app, request);
    let hearing = limits::ask(&app.db, Asked::KnownAddress(&client)).await?;
    let founding = match limits::ask(&app.db, Asked::SignUp(&client)).await {
        Ok(founding) => founding,
        Err(refusal) => {
            hearing.give_back(&app.db).await?;
            return Err(refusal);
        }
    };
    let password_hash = app.passwords.hash(password).await?;
    let founder = Founder::New(NewUser { name, email, password_hash });
    let done = perform(app, request, business, founder, posted).await;
    match &done {
        Ok(_) => hearing.give_back(&app.db).await?,
        Err(refusal) if refusal.field == Some("email") => founding.give_back(&app.db).await?,
        Err(_) => {
            hearing.give_back(&app.db).await?;
            founding.give_back(&app.db).await?;
        }
    }
    done
}

async fn perform(
    app: &App,
    request: &HttpRequest,
    (business, plan): (String, String),
    founder: Founder,
    posted: &Posted,
) -> Result<Answer, Refusal> {
    let house = new_house(BusinessId::mint(app.db.clock().now()), locale_of(request));
    let user = match &founder {
        Founder::Known(user) => Some(*user),
        Founder::New(_) => None,
    };
    let access = access::for_sign_up(user, house, Context::of(request).source());
    let name = business.clone();
    let asked = SignUp { mode: mode_of(app), business, founder, plan, changes: plan_changes(app) };
    app.db
        .perform_once(&access, posted.once(), asked, move |founded| {
            Answer::go("/", stands(&name, founded.on_request.as_deref()))
                .signing_in(founded.user)
                .entering(founded.business)
        })
        .await
}

fn stands(business: &str, on_request: Option<&str>) -> String {
    match on_request {
        None => format!("{business} stands. Add a first subscription, or the people who use one."),
        Some(plan) => format!("{business} stands, on trial: {plan} is given on request here, and was asked for."),
    }
}

/// Whether this person, or a stranger, may found a business here.
pub async fn may_found(app: &App, user: Option<UserId>) -> Result<bool, Refusal> {
    Ok(mode_of(app).admits(user.is_none()) || (user.is_none() && !access::anybody(&app.db).await?))
}

async fn require_open(app: &App, user: Option<UserId>) -> Result<(), Refusal> {
    match may_found(app, user).await? {
        true => Ok(()),
        false => Err(mode_of(app).refusal()),
    }
}

fn mode_of(app: &App) -> SignUpMode {
    match app.config.sign_up {
        Mode::Open => SignUpMode::Open,
        Mode::Invite => SignUpMode::Invite,
        Mode::Closed => SignUpMode::Closed,
    }
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let plans = offered_plans(app, request).await?;
    let choices = plans.iter().map(|plan| choice(plan, plan_changes(app), request)).collect();
    let user = Signed::of(request).user()?;
    let entrance = Entrance::of(request);
    if request.path() == "/businesses/new" {
        return Ok(Page::with_status(code, NewBusinessPage { entrance, form, choices }).into_response());
    }
    let signed_in = match user {
        Some(user) => Some(access::user_of(&app.db, user).await?.email),
        None => None,
    };
    Ok(Page::with_status(code, SignUpPage { entrance, form, choices, signed_in }).into_response())
}

fn choice(plan: &Plan, changes: PlanChanges, request: &HttpRequest) -> Choice {
    let offer = PlanOffer::new(plan, locale_of(request));
    let text = match plan.renews {
        false => format!("Everything {}, then you choose. Nothing is due.", per(plan)),
        true => {
            let limits: Vec<String> =
                offer.limits.iter().take(2).map(|(figure, what)| format!("{figure} {what}")).collect();
            let on_request = match changes.is_given_on_request(plan) {
                true => " Given on request; until then the business is on trial.",
                false => "",
            };
            format!("{} {}: {}.{on_request}", offer.price, offer.per, limits.join(", "))
        }
    };
    (offer.code, offer.name, text)
}
