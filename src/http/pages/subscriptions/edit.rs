//! `/subscriptions/{id}/edit` and `POST /subscriptions/{id}`.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::subscriptions::change::{ChangeSubscription, Changed};
use crate::domain::subscriptions::price::Priced;
use crate::domain::subscriptions::read;
use crate::domain::subscriptions::show::{Shown, ToChange};
use crate::domain::subscriptions::written;
use crate::http::access::SignedIn;
use crate::http::pages::answer::give;
use crate::http::pages::choosing;
use crate::http::pages::form::{FormErrors, FormState, MemberPost, Posted};
use crate::http::pages::refusal::HtmlRefusal;
use crate::kernel::access::Access;
use crate::kernel::ids::SubscriptionId;
use crate::kernel::locale::Locale;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::page::{FormPage, only};
use super::{fields, today};

/// GET `/subscriptions/{id}/edit`.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let shown = to_change(&app, &access, &id).await?;
    let mut values = standing(&app, &access, &shown);
    let is_fresh = shown.prices.on(today(&app, &access)).is_some_and(|line| line.is_correctable(app.db.clock().now()));
    values.push(("change".to_owned(), if is_fresh { "correct" } else { "new" }.to_owned()));
    FormPage::draw(&app, &request, &access, (FormState::of(values), Some(&shown)), Vec::new()).await
}

/// POST `/subscriptions/{id}`.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, mut posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let unnamed = choosing::name(&app, &access, &mut posted, "owner").await;
    let shown = to_change(&app, &access, &id).await?;
    let form = FormState::of(standing(&app, &access, &shown)).with_posted(&posted);
    if !posted.get("preview").is_empty() {
        return FormPage::draw(&app, &request, &access, (form, Some(&shown)), Vec::new()).await;
    }
    match perform(&app, &access, &posted, &form, shown.subscription.id).await {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let refusals = choosing::told(refusals, unnamed);
            FormPage::draw(&app, &request, &access, (form, Some(&shown)), refusals).await
        }
    }
}

async fn to_change(app: &App, access: &Access, id: &str) -> Result<Shown, Refusal> {
    let id = SubscriptionId::parse(id).ok_or_else(Refusal::not_found)?;
    app.db.answer(access, ToChange { id }).await
}

fn standing(app: &App, access: &Access, shown: &Shown) -> Vec<(String, String)> {
    let today = today(app, access);
    let price = shown.prices.on(today).map(|line| line.price);
    let texts = written::of(&shown.subscription, price);
    let fields = texts.into_iter().map(|(field, text)| (field.to_owned(), text));
    fields.chain([("from".to_owned(), today.to_string())]).collect()
}

async fn perform(
    app: &App,
    access: &Access,
    posted: &Posted,
    form: &FormState,
    id: SubscriptionId,
) -> Result<Answer, Vec<Refusal>> {
    let today = today(app, access);
    let mut errors = FormErrors::default();
    errors.take(only(posted, &fields::CHANGE));
    let how = errors.take(read::how_priced(form, today));
    let subscription = read::subscription(form, today, &mut errors);
    let ((details, price), how) = errors.or(subscription.zip(how))?;
    let operation = ChangeSubscription { id, details, price, how, twins: read::twins(form) };
    let locale = access.reading().locale;
    let told = move |changed: &Changed| Answer::go(format!("/subscriptions/{id}"), said(changed, locale));
    app.db.perform_once(access, posted.once(), operation, told).await.map_err(|refusal| vec![refusal])
}

fn said(changed: &Changed, locale: Locale) -> String {
    match changed.priced {
        Priced::SeatsAtRenewal(date) => {
            format!(
                "Saved {}. People hold more seats than that, so the new number counts from {}.",
                changed.name,
                locale.date(date)
            )
        }
        Priced::From(_) | Priced::AsBefore => format!("Saved {}.", changed.name),
    }
}
