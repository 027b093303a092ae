//! For what cannot be undone: only by whoever has shown a short while ago that it is them.

use actix_web::HttpRequest;

use crate::kernel::refusal::Refusal;

use super::session::Signed;

/// Refuses whoever did not write their password a short while ago: they are asked for it, and then led back to the
/// page of the form. Nothing of what they sent is done.
pub fn require_proved(request: &HttpRequest, page: &'static str) -> Result<(), Refusal> {
    let signed = Signed::of(request);
    signed.user()?.ok_or_else(Refusal::sign_in)?;
    match signed.is_proved()? {
        true => Ok(()),
        false => Err(Refusal::prove_again().mended_at(page)),
    }
}
