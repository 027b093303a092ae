//! How the REST door says no: problem details (RFC 9457), with a stable code for programs and a sentence for people.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde_json::{Map, Value, json};

use crate::http::context::Context;
use crate::http::pages::refusal::status;
use crate::kernel::refusal::{Kind, Refusal};

/// The answer to what was refused.
pub fn of(refusal: &Refusal, context: &Context) -> HttpResponse {
    let status = status_of(refusal);
    let mut fields = Map::new();
    fields.insert("type".to_owned(), json!("about:blank"));
    fields.insert("title".to_owned(), json!(status.canonical_reason().unwrap_or("Refused")));
    fields.insert("status".to_owned(), json!(status.as_u16()));
    fields.insert("detail".to_owned(), json!(refusal.message));
    fields.insert("code".to_owned(), json!(refusal.code));
    fields.insert("request_id".to_owned(), json!(context.id.to_string()));
    if let Some(field) = refusal.field {
        fields.insert("field".to_owned(), json!(field));
    }
    if let Some(Value::Object(more)) = refusal.more.as_deref() {
        fields.extend(more.clone());
    }
    let mut response = HttpResponse::build(status);
    if let Some(seconds) = refusal.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    match status {
        StatusCode::UNAUTHORIZED => response.insert_header((header::WWW_AUTHENTICATE, "Bearer")),
        StatusCode::METHOD_NOT_ALLOWED => response.insert_header((header::ALLOW, "POST")),
        _ => &mut response,
    };
    response.content_type("application/problem+json").body(Value::Object(fields).to_string())
}

/// Requests that could not be read have statuses of their own; everything else has that of its kind.
fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal.code {
        "malformed" => StatusCode::BAD_REQUEST,
        "method" => StatusCode::METHOD_NOT_ALLOWED,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "not_json" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        _ => status(refusal.kind),
    }
}

/// A body that is no JSON, or not what this address takes.
pub fn malformed(message: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new(Kind::Invalid, "malformed", message)
}
