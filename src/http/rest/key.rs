//! Who comes in: `Authorization: Bearer slk_…`.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::domain::access::{self, Program};
use crate::domain::api_keys::api_key::KeyKind;
use crate::domain::api_keys::note_use::NoteUse;
use crate::domain::identity::limits::{Asked, ask};
use crate::http::access::app_of;
use crate::http::context::Context;
use crate::kernel::access::{Origin, Source};
use crate::kernel::refusal::{Kind, Refusal};

/// What stands after `Bearer`, if the request has that.
pub fn shown(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// The program behind this request: known, not too fast, and noted.
pub async fn prove(request: &HttpRequest) -> Result<Program, Refusal> {
    let app = app_of(request)?;
    let text = shown(request).ok_or_else(no_key)?;
    let source = Source { origin: Origin::Rest, ..Context::of(request).source() };
    let program = access::by_api_key(&app.db, text, source).await?;
    ask(&app.db, Asked::Requests(program.key)).await?.keep();
    if program.is_stale {
        app.db.perform(&program.access, NoteUse).await?;
    }
    Ok(program)
}

/// This address takes the other kind of key.
pub fn other_kind(given: KeyKind) -> Refusal {
    let message = match given {
        KeyKind::Sdk => "An SDK key reports usage with POST /api/v1/usage, and does nothing else.",
        KeyKind::Service => "Usage is reported with an SDK key. This is a service key.",
    };
    Refusal::new(Kind::NotAllowed, "other_kind_of_key", message)
}

fn no_key() -> Refusal {
    Refusal::new(Kind::SignIn, "no_key", "Send a key of the business: Authorization: Bearer slk_…")
}
