//! `/settings/security/two-factor`: setting the second factor up, turning it off, new recovery codes.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::enrol::{NewCodes, TurnOff, TurnOn};
use crate::domain::identity::two_factor::{RecoveryCodes, Setup, standing};
use crate::http::access::Person;
use crate::http::proof::require_proved;
use crate::http::session::Signed;
use crate::kernel::refusal::{Kind, Refusal};

use super::qr::Square;
use super::{HERE, own};
use crate::http::pages::answer::see_other;
use crate::http::pages::form::{FormState, OpenPost};
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Entrance;

/// Where it is set up.
const SETUP: &str = "/settings/security/two-factor";

#[derive(Template)]
#[template(path = "settings/two_factor.html")]
struct SetupPage {
    entrance: Entrance,
    form: FormState,
    square: Square,
    secret: String,
    /// Whether nothing else is open before it is done.
    is_led: bool,
}

#[derive(Template)]
#[template(path = "settings/recovery_codes.html")]
struct CodesPage {
    entrance: Entrance,
    codes: Vec<String>,
    /// Whether the second factor was just turned on with them.
    is_first: bool,
}

/// GET `/settings/security/two-factor`.
pub async fn show(app: web::Data<App>, request: HttpRequest, person: Person) -> Result<HttpResponse, HtmlRefusal> {
    if standing(&app.db, person.user).await?.since.is_some() {
        return Ok(see_other(HERE));
    }
    require_proved(&request, SETUP)?;
    let setup = setup(&app, &request, &person)?;
    Ok(draw(&app, &request, &setup, FormState::default(), StatusCode::OK, &person).await?)
}

/// POST `/settings/security/two-factor`: a code shows that an app holds the secret. The recovery codes are on this one
/// answer, and nowhere at rest but as hashes.
pub async fn turn_on(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business", "code"])?;
    require_proved(&request, SETUP)?;
    let (codes, businesses) = (RecoveryCodes::random(), person.businesses());
    let setup = setup(&app, &request, &person)?;
    let typed = posted.get("code").to_owned();
    let keep = Signed::of(&request).id();
    let on = TurnOn { setup, typed, codes: codes.clone(), businesses, keep };
    match app.db.perform(&own(&request, &person), on).await {
        Ok(()) => {
            Signed::of(&request).end_setup()?;
            let page = CodesPage { entrance: Entrance::of(&request), codes: codes.shown(), is_first: true };
            Ok(Page::ok(page).into_response())
        }
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let form = FormState::default().refused(&[refusal]);
            let setup = self::setup(&app, &request, &person)?;
            Ok(draw(&app, &request, &setup, form, StatusCode::UNPROCESSABLE_ENTITY, &person).await?)
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// POST `/settings/security/two-factor/off`.
pub async fn turn_off(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    require_proved(&request, HERE)?;
    let off = TurnOff { user: person.user, businesses: person.businesses() };
    app.db.perform(&own(&request, &person), off).await?;
    let signed = Signed::of(&request);
    signed.renew()?;
    signed.flash("Two-factor sign-in is off. Your password alone signs you in.");
    Ok(see_other(HERE))
}

/// POST `/settings/security/two-factor/codes`: ten new ones, on this one answer.
pub async fn new_codes(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    require_proved(&request, HERE)?;
    let codes = RecoveryCodes::random();
    let made = NewCodes { user: person.user, businesses: person.businesses(), codes: codes.clone() };
    app.db.perform(&own(&request, &person), made).await?;
    let page = CodesPage { entrance: Entrance::of(&request), codes: codes.shown(), is_first: false };
    Ok(Page::ok(page).into_response())
}

/// The setup of this session: the one that was begun, or a new one.
fn setup(app: &App, request: &HttpRequest, person: &Person) -> Result<Setup, Refusal> {
    let signed = Signed::of(request);
    let begun = signed.setup().and_then(|sealed| Setup::resume(&app.keyring, person.user, &sealed));
    if let Some(setup) = begun {
        return Ok(setup);
    }
    let setup = Setup::begin(&app.keyring, person.user)?;
    signed.set_up(setup.to_text())?;
    Ok(setup)
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    setup: &Setup,
    form: FormState,
    code: StatusCode,
    person: &Person,
) -> Result<HttpResponse, Refusal> {
    let email = access::user_of(&app.db, person.user).await?.email;
    let page = SetupPage {
        entrance: Entrance::of(request),
        form,
        square: Square::of(&setup.address(&email)?)?,
        secret: setup.in_groups(),
        is_led: Signed::of(request).must_enrol(),
    };
    Ok(Page::with_status(code, page).into_response())
}
