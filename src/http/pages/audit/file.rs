//! `/audit.csv`: what the page shows, all of it, streamed.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream::{self, Stream, StreamExt};

use crate::app::App;
use crate::domain::audit::export::{Export, Part, goes_on, header as header_line, rows};
use crate::domain::audit::search::Filters;
use crate::http::access::SignedIn;
use crate::http::pages::refusal::HtmlRefusal;
use crate::kernel::access::Access;
use crate::kernel::ids::AuditEntryId;
use crate::kernel::refusal::Refusal;

use super::asked::Asked;
use super::draw_refused;

/// GET `/audit.csv`, with the query of `/audit`. The entry about it is written before the answer begins.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let asked = Asked::of(&request);
    let filters = match asked.filters() {
        Ok(filters) => filters,
        Err(refusals) => return draw_refused(&app, &request, &access, &asked, refusals).await,
    };
    let until = app.db.perform(&access, Export { filters: filters.clone() }).await?;
    let today = app.db.clock().now().with_timezone(&access.house().zone).date_naive();
    let name = format!("attachment; filename=\"subledger-audit-{today}.csv\"");
    let body = lines(app, access, filters, until).map(|part| part.map(web::Bytes::from).map_err(report));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .streaming(body))
}

/// The header, then part after part: a part is read only once the one before has been taken.
fn lines(
    app: web::Data<App>,
    access: Access,
    filters: Filters,
    until: AuditEntryId,
) -> impl Stream<Item = Result<Vec<u8>, Refusal>> {
    let parts = stream::try_unfold(Some(until), move |after| {
        let (app, filters) = (app.clone(), filters.clone());
        async move {
            let Some(after) = after else { return Ok(None) };
            let part = app.db.answer(&access, Part { filters, after }).await?;
            Ok(Some((rows(&part, access.house().zone)?, goes_on(&part))))
        }
    });
    stream::once(async { header_line() }).chain(parts)
}

/// The file breaks off, so that nobody takes a part of it for the whole.
fn report(refusal: Refusal) -> HtmlRefusal {
    tracing::error!(cause = refusal.cause, code = refusal.code, "an export of the trail broke off");
    refusal.into()
}
