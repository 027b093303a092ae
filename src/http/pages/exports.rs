//! `/people.csv`, `/subscriptions.csv`, `/licenses.csv`: what the page of the same query shows, all of it, streamed.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use futures_util::stream::{self, Stream, StreamExt};

use crate::app::App;
use crate::domain::exports::part::Part;
use crate::domain::exports::taken::{List, Take};
use crate::domain::exports::{licenses, people, subscriptions};
use crate::http::access::SignedIn;
use crate::kernel::access::Access;
use crate::kernel::operation::Question;
use crate::kernel::refusal::Refusal;

use super::licenses::all;
use super::people as people_page;
use super::refusal::HtmlRefusal;
use super::subscriptions::index;

/// GET `/people.csv`, with the query of `/people`.
pub async fn people(
    app: web::Data<App>,
    SignedIn(access): SignedIn,
    asked: web::Query<people_page::Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let filter = asked.filter();
    app.db.perform(&access, Take(List::People(filter.clone()))).await?;
    let parts = parts(app.clone(), access, move |after| people::PeoplePart { filter: filter.clone(), after });
    Ok(file(&app, &access, "people", people::header()?, parts))
}

/// GET `/subscriptions.csv`, with the query of `/subscriptions`.
pub async fn subscriptions(
    app: web::Data<App>,
    SignedIn(access): SignedIn,
    asked: web::Query<index::Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let filters = asked.filters()?;
    app.db.perform(&access, Take(List::Subscriptions(filters.clone()))).await?;
    let parts =
        parts(app.clone(), access, move |after| subscriptions::SubscriptionsPart { filters: filters.clone(), after });
    Ok(file(&app, &access, "subscriptions", subscriptions::header()?, parts))
}

/// GET `/licenses.csv`, with the query of `/licenses`.
pub async fn licenses(
    app: web::Data<App>,
    SignedIn(access): SignedIn,
    asked: web::Query<all::Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (filter, on) = (asked.filter(), asked.day());
    if on.is_none() && asked.names_a_day() {
        return Err(Refusal::invalid("on", "Write the day as year, month and day, such as 2026-11-27.").into());
    }
    app.db.perform(&access, Take(List::Licenses(filter.clone(), on))).await?;
    let parts = parts(app.clone(), access, move |after| licenses::LicensesPart { filter: filter.clone(), on, after });
    Ok(file(&app, &access, "seats", licenses::header()?, parts))
}

/// Part after part: one is read only once the one before has been taken.
fn parts<Q, C>(
    app: web::Data<App>,
    access: Access,
    part: impl Fn(Option<C>) -> Q + Clone + 'static,
) -> impl Stream<Item = Result<Vec<u8>, Refusal>>
where
    Q: Question<Output = Part<C>>,
    C: Send + 'static,
{
    stream::try_unfold(Some(None), move |place| {
        let (app, part) = (app.clone(), part.clone());
        async move {
            let Some(after) = place else { return Ok(None) };
            let Part { lines, next } = app.db.answer(&access, part(after)).await?;
            Ok(Some((lines, next.map(Some))))
        }
    })
}

fn file(
    app: &App,
    access: &Access,
    list: &str,
    header_line: Vec<u8>,
    parts: impl Stream<Item = Result<Vec<u8>, Refusal>> + 'static,
) -> HttpResponse {
    let today = app.db.clock().now().with_timezone(&access.house().zone).date_naive();
    let name = format!("attachment; filename=\"subledger-{list}-{today}.csv\"");
    let body = stream::once(async { Ok(header_line) }).chain(parts);
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(body.map(|part| part.map(web::Bytes::from).map_err(report)))
}

/// The file breaks off, so that nobody takes a part of it for the whole.
fn report(refusal: Refusal) -> HtmlRefusal {
    tracing::error!(cause = refusal.cause, code = refusal.code, "an export of a list broke off");
    refusal.into()
}
