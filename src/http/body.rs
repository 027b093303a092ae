//! The bodies of requests: they come in good time, and a form is read before anything is proved, so that whoever sends
//! its last byte late acts with what they may do then.

use std::io;
use std::time::Duration;

use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::ResponseError;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use crate::kernel::refusal::{Kind, Refusal};

use super::FORM_LIMIT;
use super::access::app_of;
use super::pages::refusal::HtmlRefusal;

/// So long a file may take.
const UPLOAD: Duration = Duration::from_secs(120);
/// Where files are sent; their form proves again who sent it once they are there.
const UPLOADS: [&str; 1] = ["/import"];

/// Reads a form whole, or lets a file through piece by piece, and gives up on what does not arrive.
pub async fn arrive(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    if request.method().is_safe() {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let arrival = app_of(request.request()).map_err(HtmlRefusal::from)?.arrival;
    let payload = request.take_payload();
    if UPLOADS.contains(&request.path()) {
        request.set_payload(in_time(payload, UPLOAD));
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let read = match says_too_much(&request) {
        true => Err(PayloadError::Overflow),
        false => whole(in_time(payload, arrival)).await,
    };
    if let Err(PayloadError::Io(error)) = &read
        && error.kind() == io::ErrorKind::TimedOut
    {
        return Ok(request.into_response(HtmlRefusal::from(too_slow(arrival)).error_response()).map_into_right_body());
    }
    // What is too large is refused by whoever would have read it, in the words that fit.
    request.set_payload(Payload::Stream { payload: Box::pin(stream::once(std::future::ready(read))) });
    Ok(next.call(request).await?.map_into_left_body())
}

fn says_too_much(request: &ServiceRequest) -> bool {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > FORM_LIMIT)
}

async fn whole(mut payload: Payload) -> Result<Bytes, PayloadError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        body.extend_from_slice(&chunk?);
        if body.len() > FORM_LIMIT {
            return Err(PayloadError::Overflow);
        }
    }
    Ok(body.freeze())
}

/// The same, which fails once the time is over, however much is still to come.
fn in_time(payload: Payload, limit: Duration) -> Payload {
    let deadline = Instant::now() + limit;
    let timed = stream::unfold(Some(payload), move |rest| async move {
        let mut payload = rest?;
        match timeout_at(deadline, payload.next()).await {
            Ok(chunk) => chunk.map(|chunk| (chunk, Some(payload))),
            Err(_) => Some((Err(PayloadError::Io(io::ErrorKind::TimedOut.into())), None)),
        }
    });
    // Whoever reads may ask once more after the end.
    Payload::Stream { payload: Box::pin(timed.fuse()) }
}

fn too_slow(arrival: Duration) -> Refusal {
    let seconds = arrival.as_secs().max(1);
    let message =
        format!("The form did not arrive within {seconds} seconds, so nothing was changed. Send it once more.");
    Refusal::new(Kind::Invalid, "too_slow", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(chunks: Vec<&'static [u8]>, ends: bool) -> Payload {
        let sent = stream::iter(chunks.into_iter().map(|chunk| Ok(Bytes::from_static(chunk))));
        match ends {
            true => Payload::Stream { payload: Box::pin(sent) },
            false => Payload::Stream { payload: Box::pin(sent.chain(stream::pending())) },
        }
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_given_up() {
        let read = whole(in_time(payload(vec![b"a="], false), Duration::from_millis(1))).await;
        assert!(matches!(read, Err(PayloadError::Io(error)) if error.kind() == io::ErrorKind::TimedOut));
    }

    #[tokio::test]
    async fn a_body_in_pieces_is_whole_and_a_large_one_is_none() {
        let read = whole(in_time(payload(vec![b"a=", b"1&b", b"=2"], true), UPLOAD)).await;
        assert_eq!(read.unwrap(), Bytes::from_static(b"a=1&b=2"));
        let piece: &[u8] = Box::leak(vec![b'a'; FORM_LIMIT / 2 + 1].into_boxed_slice());
        assert!(matches!(whole(payload(vec![piece, piece], false)).await, Err(PayloadError::Overflow)));
    }
}
