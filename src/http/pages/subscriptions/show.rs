//! `/subscriptions/{id}`: one of them, its prices, removing and restoring it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::audit::latest::Latest;
use crate::domain::renewals::of::{Renewal, WithRenewal};
use crate::domain::subscriptions::keep_seats::KeepSeats;
use crate::domain::subscriptions::price::{Priced, SetPrice};
use crate::domain::subscriptions::remove::Remove;
use crate::domain::subscriptions::restore::Restore;
use crate::domain::subscriptions::show::{Show, Shown, ToChange};
use crate::http::access::SignedIn;
use crate::http::pages::answer::{carry_out, give};
use crate::http::pages::audit::rows::{DayOfTrail, by_day};
use crate::http::pages::form::{FormErrors, FormState, MemberPost, Posted, all_on_form};
use crate::http::pages::licenses::{SeatsSection, section};
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::renewals::{RenewalView, fresh};
use crate::http::pages::shell::Shell;
use crate::http::pages::views::SeatsView;
use crate::kernel::access::Access;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::locale::Locale;
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::detail::Detail;
use super::{PLACE, read, today};

/// How many entries of the trail the page shows.
const ACTIVITY: usize = 5;

#[derive(Template)]
#[template(path = "subscriptions/show.html")]
struct ShowPage {
    shell: Shell,
    subscription: Detail,
    /// Who holds its seats; none once it was removed.
    seats: Option<SeatsSection>,
    /// What happened to it last, for whoever may read the trail.
    activity: Vec<DayOfTrail>,
    /// What comes of its next renewal, and its form.
    renewal: Option<RenewalView>,
    deciding: FormState,
    /// The form of a new price.
    form: FormState,
    can_change: bool,
    can_restore: bool,
}

impl ShowPage {
    fn has_errors(&self) -> bool {
        self.form.has_errors() || self.deciding.has_errors()
    }

    fn can_assign(&self) -> bool {
        self.seats.as_ref().is_some_and(|seats| seats.can_assign)
    }

    /// Held and bought, for whoever may see more of it than the seat they hold.
    fn meter(&self) -> Option<SeatsView> {
        self.seats.as_ref().and_then(|seats| seats.meter)
    }
}

/// GET `/subscriptions/{id}`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let shown = app.db.answer(&access, WithRenewal(Show { id: parse_id(&id)? })).await?;
    draw(&app, &request, &access, shown, Forms::default(), StatusCode::OK).await
}

/// POST `/subscriptions/{id}/prices`.
pub async fn price(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let shown = app.db.answer(&access, WithRenewal(ToChange { id: parse_id(&id)? })).await?;
    match set_price(&app, &access, &posted, &shown.0).await {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let (told, code) = all_on_form(refusals)?;
            let forms = Forms { price: Some(FormState::kept(&posted).refused(&told)), ..Forms::default() };
            draw(&app, &request, &access, shown, forms, code).await
        }
    }
}

/// POST `/subscriptions/{id}/keep`.
pub async fn keep(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let id = parse_id(&id)?;
    let told = move |name: &String| Answer::go(format!("/subscriptions/{id}"), format!("The seats of {name} stay."));
    carry_out(&app, &request, (&access, &posted), KeepSeats { id }, told).await
}

/// POST `/subscriptions/{id}/remove`.
pub async fn remove(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let id = parse_id(&id)?;
    let told = move |name: &String| {
        Answer::go(format!("/subscriptions/{id}"), format!("Removed {name}. It can be restored at any time."))
            .undone_at(format!("/subscriptions/{id}/restore"))
    };
    carry_out(&app, &request, (&access, &posted), Remove { id }, told).await
}

/// POST `/subscriptions/{id}/restore`.
pub async fn restore(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let id = parse_id(&id)?;
    let told = move |name: &String| Answer::go(format!("/subscriptions/{id}"), format!("Restored {name}."));
    carry_out(&app, &request, (&access, &posted), Restore { id }, told).await
}

fn parse_id(text: &str) -> Result<SubscriptionId, Refusal> {
    SubscriptionId::parse(text).ok_or_else(Refusal::not_found)
}

/// The forms of the page that were sent and refused; the others begin anew.
#[derive(Default)]
pub struct Forms {
    /// A new price.
    pub price: Option<FormState>,
    /// A decision about the renewal.
    pub deciding: Option<FormState>,
}

/// The page, with what was sent and refused.
pub async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    (shown, renewal): (Shown, Renewal),
    forms: Forms,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let is_removed = shown.subscription.removed_at.is_some();
    let may = access.may(Permission::ChangeSubscriptions) && shown.subscription.is_changeable(access.sees());
    let seats = match is_removed {
        true => None,
        false => Some(section(app, access, shown.subscription.id).await?),
    };
    let (id, today) = (shown.subscription.id, today(app, access));
    let seats_paid = shown.prices.on(today).and_then(|line| line.price.seats);
    let held = seats.as_ref().and_then(|seats| seats.meter).map_or(0, |meter| meter.held);
    let page = ShowPage {
        shell: Shell::load(app, request, access, PLACE).await?,
        renewal: match is_removed {
            true => None,
            false => RenewalView::new(&shown.subscription, &renewal, (today, held), access.reading()),
        },
        deciding: forms.deciding.unwrap_or_else(|| fresh(&renewal, seats_paid)),
        form: forms.price.unwrap_or_else(|| FormState::of(fresh_price(app, access, &shown))),
        subscription: Detail::new(shown, (today, held), access),
        activity: activity(app, access, id).await?,
        seats,
        can_change: may && !is_removed,
        can_restore: may && is_removed,
    };
    Ok(Page::with_status(code, page).into_response())
}

async fn activity(app: &App, access: &Access, id: SubscriptionId) -> Result<Vec<DayOfTrail>, Refusal> {
    if !access.may(Permission::ReadTrail) {
        return Ok(Vec::new());
    }
    let entries = app.db.answer(access, Latest { object: id.0, count: ACTIVITY }).await?;
    Ok(by_day(&entries, access.house(), today(app, access)))
}

/// The form of a new price begins with the one that counts today.
fn fresh_price(app: &App, access: &Access, shown: &Shown) -> Vec<(String, String)> {
    let today = today(app, access);
    let price = shown.prices.on(today).map(|line| line.price);
    let seats = price.and_then(|price| price.seats).map(|seats| seats.to_string());
    vec![
        ("from".to_owned(), today.to_string()),
        ("cost".to_owned(), price.map(|price| price.cost.to_decimal_string()).unwrap_or_default()),
        ("seats".to_owned(), seats.unwrap_or_default()),
    ]
}

async fn set_price(app: &App, access: &Access, posted: &Posted, shown: &Shown) -> Result<Answer, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["from", "cost", "seats"]));
    let from_on = errors.take(read::date("from", posted.get("from")));
    let details = &shown.subscription.details;
    // Left out is not emptied: a price without seats keeps the seats that count today.
    let form = FormState::of(fresh_price(app, access, shown)).with_posted(posted);
    let price = read::price(&form, details.currency, &mut errors);
    let (from_on, price) = errors.or(from_on.zip(price))?;
    let from_on = from_on.unwrap_or_else(|| today(app, access));
    let (id, name, locale) = (shown.subscription.id, details.name.clone(), access.reading().locale);
    let operation = SetPrice { subscription: id, from_on, price };
    let told = move |priced: &Priced| Answer::go(format!("/subscriptions/{id}"), said(&name, *priced, locale));
    app.db.perform_once(access, posted.once(), operation, told).await.map_err(|refusal| vec![refusal])
}

fn said(name: &str, priced: Priced, locale: Locale) -> String {
    match priced {
        Priced::From(date) => format!("The new price of {name} counts from {}.", locale.date(date)),
        Priced::SeatsAtRenewal(date) => {
            format!(
                "People hold more seats of {name} than that, so the new number counts from the renewal on {}.",
                locale.date(date)
            )
        }
        Priced::AsBefore => format!("{name} costs that already. Nothing was changed."),
    }
}
