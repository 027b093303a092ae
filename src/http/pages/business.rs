//! `/settings/business`: what a business has set about itself, and closing it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::domain::businesses::business::parse_name;
use crate::domain::businesses::change_settings::ChangeSettings;
use crate::domain::businesses::close::Close;
use crate::domain::businesses::keep::Keep;
use crate::domain::businesses::settings::{Settings, SettingsOf, Steps, SupportAccess, parse_zone, zones};
use crate::http::access::SignedIn;
use crate::http::proof::require_proved;
use crate::kernel::access::{Access, House};
use crate::kernel::currency::Currency;
use crate::kernel::locale::Locale;
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};

use super::answer::{carry_out, give};
use super::form::{FormErrors, FormState, MemberPost, Posted};
use super::page::Page;
use super::people::refused;
use super::refusal::HtmlRefusal;
use super::shell::Shell;
use super::subscriptions::fields::{Options, currencies};

const PATH: &str = "/settings/business";
const FIELDS: [&str; 9] = [
    "name",
    "currency",
    "zone",
    "locale",
    "support_access",
    "require_two_factor",
    "client_sign_up",
    "cancel_by_reminders",
    "renewal_reminders",
];

#[derive(Template)]
#[template(path = "businesses/settings.html")]
struct SettingsPage {
    shell: Shell,
    form: FormState,
    closing: FormState,
    currencies: Options,
    zones: Vec<&'static str>,
    locales: Options,
    consents: Vec<(&'static str, &'static str)>,
    consent: &'static str,
    may_consent: bool,
    may_close: bool,
    name: String,
    application_id: String,
    /// The day it will be gone; none while it is not being closed.
    gone_on: Option<String>,
}

/// GET `/settings/business`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let settings = app.db.answer(&access, SettingsOf).await?;
    let form = filled(&settings);
    draw(&app, &request, &access, settings, (form, FormState::default()), StatusCode::OK).await
}

/// POST `/settings/business`: what the form leaves out stays as it was.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let done = match read(&posted) {
        Ok(change) => {
            if consents_anew(&app, &access, &change).await? {
                require_proved(&request, PATH)?;
            }
            let tell = |(): &()| Answer::go(PATH, "The settings are saved.");
            app.db.perform_once(&access, posted.once(), change, tell).await.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let settings = app.db.answer(&access, SettingsOf).await?;
            let (form, code) = refused(&posted, refusals)?;
            let form = form.over(filled(&settings));
            draw(&app, &request, &access, settings, (form, FormState::default()), code).await
        }
    }
}

/// Whether an owner changes what support may do.
async fn consents_anew(app: &App, access: &Access, change: &ChangeSettings) -> Result<bool, Refusal> {
    let Some(wanted) = change.support_access.filter(|_| access.may(Permission::ConsentToSupport)) else {
        return Ok(false);
    };
    Ok(wanted != app.db.answer(access, SettingsOf).await?.support_access)
}

/// POST `/settings/business/close`.
pub async fn close(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["confirm"])?;
    // Whoever may not close it is refused below, where the attempt is recorded.
    if access.may(Permission::CloseBusiness) {
        require_proved(&request, PATH)?;
    }
    let house = access.house();
    let tell = move |gone_at: &DateTime<Utc>| {
        Answer::go(PATH, format!("Closed. Until {} any owner can keep the business.", day(house, *gone_at)))
    };
    let close = Close { confirm: posted.get("confirm").to_owned() };
    match app.db.perform_once(&access, posted.once(), close, tell).await {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let (closing, code) = refused(&posted, vec![refusal])?;
            let settings = app.db.answer(&access, SettingsOf).await?;
            let form = filled(&settings);
            draw(&app, &request, &access, settings, (form, closing), code).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// POST `/settings/business/keep`.
pub async fn keep(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let tell = |name: &String| Answer::go(PATH, format!("{name} stays, and everything in it is as it was."));
    carry_out(&app, &request, (&access, &posted), Keep, tell).await
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    settings: Settings,
    (form, closing): (FormState, FormState),
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let locales = Locale::all().map(|locale| (locale.code().to_owned(), locale.name().to_owned()));
    let page = SettingsPage {
        shell: Shell::load(app, request, access, "business").await?,
        currencies: currencies(&form, access),
        zones: zones().collect(),
        locales: locales.collect(),
        consents: SupportAccess::ALL.map(|consent| (consent.code(), consent.label())).to_vec(),
        consent: settings.support_access.label(),
        may_consent: access.may(Permission::ConsentToSupport),
        may_close: access.may(Permission::CloseBusiness),
        name: settings.name,
        application_id: settings.application_id,
        gone_on: settings.closes_at.map(|at| day(access.house(), at)),
        form,
        closing,
    };
    Ok(Page::with_status(code, page).into_response())
}

fn day(house: House, at: DateTime<Utc>) -> String {
    house.locale.date(at.with_timezone(&house.zone).date_naive())
}

fn filled(settings: &Settings) -> FormState {
    let tick = |is: bool| if is { "1" } else { "0" };
    FormState::with(&[
        ("name", &settings.name),
        ("currency", settings.currency.code()),
        ("zone", settings.zone.name()),
        ("locale", settings.locale.code()),
        ("support_access", settings.support_access.code()),
        ("require_two_factor", tick(settings.require_two_factor)),
        ("client_sign_up", tick(settings.client_sign_up)),
        ("cancel_by_reminders", &settings.cancel_by_reminders.to_string()),
        ("renewal_reminders", &settings.renewal_reminders.to_string()),
    ])
}

fn read(posted: &Posted) -> Result<ChangeSettings, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&FIELDS));
    let name = given(posted, "name").map(|text| parse_name(text).map_err(|refusal| refusal.at("name")));
    let currency = given(posted, "currency")
        .map(|text| Currency::parse(text).map_err(|error| Refusal::invalid("currency", error.to_string())));
    let locale = given(posted, "locale")
        .map(|text| Locale::parse(text).map_err(|error| Refusal::invalid("locale", error.to_string())));
    let change = ChangeSettings {
        name: name.and_then(|read| errors.take(read)),
        currency: currency.and_then(|read| errors.take(read)),
        zone: given(posted, "zone").and_then(|text| errors.take(parse_zone(text))),
        locale: locale.and_then(|read| errors.take(read)),
        support_access: given(posted, "support_access").and_then(|code| errors.take(SupportAccess::parse(code))),
        require_two_factor: errors.take(posted.tick("require_two_factor")).flatten(),
        client_sign_up: errors.take(posted.tick("client_sign_up")).flatten(),
        cancel_by_reminders: steps(posted, "cancel_by_reminders", &mut errors),
        renewal_reminders: steps(posted, "renewal_reminders", &mut errors),
    };
    errors.or(Some(change))
}

/// The value of a field that the form has, also when it is empty.
fn given<'p>(posted: &'p Posted, field: &str) -> Option<&'p str> {
    posted.all(field).next().map(str::trim)
}

fn steps(posted: &Posted, field: &'static str, errors: &mut FormErrors) -> Option<Steps> {
    given(posted, field).and_then(|text| errors.take(Steps::parse(field, text)))
}
