//! What a program sends: JSON of a bounded size, and the key under which it may be sent twice.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use serde_json::{Map, Value};

use crate::domain::access::Program;
use crate::http::pages::refusal::HtmlRefusal;
use crate::kernel::once::Once;
use crate::kernel::refusal::{Kind, Refusal};

use super::key;
use super::problem::malformed;

/// The largest body, in bytes: a thousand events, generously.
pub const LIMIT: usize = 1024 * 1024;
const LONGEST_KEY: usize = 200;

/// A JSON object sent by a program. Nothing of the body is read before the key is known.
pub struct Sent {
    /// Who sends it.
    pub program: Program,
    /// The object.
    pub fields: Map<String, Value>,
    /// Which act it is, when the program named it.
    pub once: Option<Once>,
}

impl FromRequest for Sent {
    type Error = HtmlRefusal;
    type Future = LocalBoxFuture<'static, Result<Self, HtmlRefusal>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let program = key::prove(&request).await?;
            require_json(&request)?;
            let named = named(&request)?;
            let body = body.await.map_err(|_| too_large())?;
            let once = named.map(|name| Once::of(&program.key.to_string(), request.path(), &name, &body));
            match serde_json::from_slice(&body) {
                Ok(Value::Object(fields)) => Ok(Self { program, fields, once }),
                Ok(_) => Err(malformed("Send a JSON object.").into()),
                Err(_) => Err(malformed("The body is not JSON that can be read.").into()),
            }
        })
    }
}

fn require_json(request: &HttpRequest) -> Result<(), Refusal> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    match essence.eq_ignore_ascii_case("application/json") {
        true => Ok(()),
        false => Err(Refusal::new(Kind::Invalid, "not_json", "Send JSON: Content-Type: application/json.")),
    }
}

/// What the program calls this act.
fn named(request: &HttpRequest) -> Result<Option<String>, Refusal> {
    let Some(value) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let name = value.to_str().ok().map(str::trim).filter(|name| !name.is_empty() && name.len() <= LONGEST_KEY);
    match name {
        Some(name) => Ok(Some(name.to_owned())),
        None => Err(malformed("An Idempotency-Key has 1 to 200 letters, digits and signs.")),
    }
}

fn too_large() -> Refusal {
    Refusal::new(Kind::Invalid, "too_large", "That is more than one request takes: 1 MiB. Send less at once.")
}
