//! `/calendar/{key}.ics`: a member's renewals for calendar programs. No session: the key in the address is all there is,
//! and it stands in no log, because logs hold patterns and not paths.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::limits::{self, Asked};
use crate::domain::renewals::feed_events::FeedEvents;
use crate::kernel::secret::sha256;

use super::context::Context;
use super::icalendar::calendar;
use super::known_browser::client_of;
use super::pages::refusal::HtmlRefusal;

/// GET `/calendar/{key}.ics`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    key: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    limits::ask(&app.db, Asked::Feed(&client_of(&app, &request), &key)).await?.keep();
    let access = access::by_feed_key(&app.db, &key, Context::of(&request).source()).await?;
    let events = app.db.answer(&access, FeedEvents).await?;
    let text = calendar(&events, &app.config.base_url, access.reading().locale);
    let tag = format!("W/\"{}\"", STANDARD_NO_PAD.encode(sha256(&[text.as_bytes()])));
    let is_known = request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| matches!(known.trim(), "*") || known.trim() == tag);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    // Kept by nobody but the calendar that holds the key, and asked for anew each time.
    answer.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if is_known {
        return Ok(answer.finish());
    }
    Ok(answer
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"renewals.ics\""))
        .body(text))
}
