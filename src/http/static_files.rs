//! Style, scripts and icons, built into the program. A file is kept by the browser for an hour and then asked for anew
//! by its hash.

use actix_web::http::header::{self, ETag, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rust_embed::RustEmbed;

use crate::kernel::refusal::Refusal;

use super::pages::refusal::HtmlRefusal;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The file of this name.
pub async fn file(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, HtmlRefusal> {
    let file = Files::get(&name).ok_or_else(Refusal::not_found)?;
    let tag = EntityTag::new_strong(URL_SAFE_NO_PAD.encode(file.metadata.sha256_hash()));
    let is_held = IfNoneMatch::parse(&request).is_ok_and(|held| match held {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|held| held.weak_eq(&tag)),
    });
    let mut response = if is_held { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header(ETag(tag)).insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    if is_held {
        return Ok(response.finish());
    }
    Ok(response.content_type(content_type(&name)).body(file.data))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
