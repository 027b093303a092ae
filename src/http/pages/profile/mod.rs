//! `/settings/profile`: what a person says of themselves.

pub mod delete;
pub mod email;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::change_email::AskForAddress;
use crate::domain::identity::limits::{self, Asked};
use crate::domain::identity::look::{Look, Theme};
use crate::domain::identity::profile::{self, ChangeProfile, Profile, parse_locale, parse_zone};
use crate::domain::identity::user::parse_name;
use crate::http::access::Person;
use crate::http::proof::require_proved;
use crate::http::session::Signed;
use crate::kernel::email_address::EmailAddress;
use crate::kernel::locale::Locale;
use crate::kernel::refusal::Refusal;

use super::answer::see_other;
use super::form::{FormErrors, FormState, OpenPost, Posted, all_on_form};
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::security::own;
use super::shell::Shell;

const HERE: &str = "/settings/profile";
const SAVED: &str = "Your profile is saved.";

#[derive(Template)]
#[template(path = "settings/profile.html")]
struct ProfilePage {
    shell: Shell,
    form: FormState,
    zones: Vec<(String, String)>,
    locales: Vec<(String, String)>,
    themes: Vec<(String, String)>,
    /// Whether letters to the address are known to arrive.
    is_verified: bool,
}

/// What a person wants to be changed.
struct Wanted {
    profile: Profile,
    email: Option<EmailAddress>,
}

/// GET `/settings/profile`.
pub async fn show(app: web::Data<App>, request: HttpRequest, person: Person) -> Result<HttpResponse, HtmlRefusal> {
    let (profile, email) = profile::of(&app.db, person.user).await?;
    let zone = profile.zone.map_or("", |zone| zone.name());
    let locale = profile.locale.map_or("", Locale::code);
    let form = FormState::with(&[
        ("name", &profile.name),
        ("email", &email),
        ("zone", zone),
        ("locale", locale),
        ("theme", profile.look.theme.map_or("", Theme::code)),
        ("shortcuts", if profile.look.has_shortcuts { "1" } else { "0" }),
    ]);
    Ok(draw(&app, &request, &person, form, StatusCode::OK).await?)
}

/// POST `/settings/profile`. Another address is asked for, and not there before its own letter was answered.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let (before, email) = profile::of(&app.db, person.user).await?;
    let done = match parse(&posted, before, &email) {
        Ok(wanted) => save(&app, &request, &person, wanted).await.map_err(|refusal| vec![refusal]),
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(said) => {
            Signed::of(&request).flash(said);
            Ok(see_other(HERE))
        }
        Err(refusals) => {
            let (shown, code) = all_on_form(refusals)?;
            let form = FormState::kept(&posted).refused(&shown);
            Ok(draw(&app, &request, &person, form, code).await?)
        }
    }
}

/// Fields that were not sent stay as they are.
fn parse(posted: &Posted, before: Profile, email: &str) -> Result<Wanted, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["business", "name", "email", "zone", "locale", "theme", "shortcuts"]));
    let given = |name: &str| posted.all(name).next().map(str::trim);
    let name = errors.take(given("name").map_or(Ok(before.name), parse_name));
    let zone = errors.take(given("zone").map_or(Ok(before.zone), parse_zone));
    let locale = errors.take(given("locale").map_or(Ok(before.locale), parse_locale));
    let theme = errors.take(given("theme").map_or(Ok(before.look.theme), Theme::choose));
    let has_shortcuts = errors.take(posted.tick("shortcuts")).map(|ticked| ticked.unwrap_or(before.look.has_shortcuts));
    let look = theme.zip(has_shortcuts).map(|(theme, has_shortcuts)| Look { theme, has_shortcuts });
    let other = given("email").filter(|typed| *typed != email);
    let email = errors.take(other.map(EmailAddress::parse).transpose());
    let profile = name.zip(zone).zip(locale).zip(look);
    let profile = profile.map(|(((name, zone), locale), look)| Profile { name, zone, locale, look });
    errors.or(profile.zip(email).map(|(profile, email)| Wanted { profile, email }))
}

async fn save(app: &App, request: &HttpRequest, person: &Person, wanted: Wanted) -> Result<String, Refusal> {
    let (user, own) = (person.user, own(request, person));
    let Some(email) = wanted.email else {
        app.db.perform(&own, ChangeProfile { user, profile: wanted.profile }).await?;
        return Ok(SAVED.to_owned());
    };
    require_proved(request, HERE)?;
    let present = access::user_of(&app.db, user).await?.email.to_lowercase();
    // It stays counted, whether or not a letter can be written.
    drop(limits::ask(&app.db, Asked::NewAddress(&present, email.folded())).await?);
    app.db.perform(&own, ChangeProfile { user, profile: wanted.profile }).await?;
    let said = format!(
        "We wrote to {email}. It becomes your address once you open the link in that letter, within 30 minutes."
    );
    app.db.perform(&own, AskForAddress { user, email }).await?;
    Ok(said)
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    person: &Person,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let as_there = (String::new(), "As in the business".to_owned());
    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| (zone.name().to_owned(), zone.name().replace('_', " ")));
    let locales = Locale::all().map(|locale| (locale.code().to_owned(), locale.name().to_owned()));
    let themes = [Theme::Light, Theme::Dark].map(|theme| (theme.code().to_owned(), theme.label().to_owned()));
    let page = ProfilePage {
        shell: Shell::of_person(app, request, person).await?,
        form,
        zones: std::iter::once(as_there.clone()).chain(zones).collect(),
        locales: std::iter::once(as_there).chain(locales).collect(),
        themes: std::iter::once((String::new(), "As your system does".to_owned())).chain(themes).collect(),
        is_verified: access::user_of(&app.db, person.user).await?.is_verified,
    };
    Ok(Page::with_status(code, page).into_response())
}
