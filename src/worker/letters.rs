//! Sending letters. At least once: a crash between sending and settling sends one letter again, with the same
//! Message-ID.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream;

use crate::domain::access;
use crate::domain::letters::claim::Claim;
use crate::domain::letters::letter::{ClaimedLetter, Outcome};
use crate::domain::letters::settle::Settle;
use crate::kernel::refusal::Refusal;

use super::Bench;

const BATCH: i64 = 20;
const AT_ONCE: usize = 10;

/// Sends a batch of what is due; says how many letters were tried. When there is nobody to give them to, all of them
/// go on waiting and the job rests.
pub(super) async fn send_due(bench: Bench) -> Result<usize, Refusal> {
    let claimed = bench.app.db.sweep(&access::for_rounds(), Claim { batch: BATCH }).await?;
    if claimed.is_empty() {
        return Ok(0);
    }
    let (count, greeted) = (claimed.len(), bench.mailer.greet().await);
    let nobody_there = Arc::new(greeted.err());
    let ends: Vec<Result<Option<String>, Refusal>> = stream::iter(claimed)
        .map(|letter| finish(bench.clone(), letter, Arc::clone(&nobody_there)))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    for end in ends {
        if let Some(reason) = end? {
            return Err(Refusal::busy(format!("no mail can be delivered: {reason}")));
        }
    }
    Ok(count)
}

/// Tries one letter and writes down how that ended; says why, if there was nobody to give it to.
async fn finish(
    bench: Bench,
    letter: ClaimedLetter,
    nobody_there: Arc<Option<String>>,
) -> Result<Option<String>, Refusal> {
    let outcome = match nobody_there.as_ref() {
        Some(reason) => Outcome::NobodyThere(reason.clone()),
        None => attempt(&bench, &letter).await,
    };
    // Never the address, and not what the server said: it may hold the address.
    match &outcome {
        Outcome::Sent => tracing::debug!(letter = %letter.id, kind = letter.kind, "sent a letter"),
        Outcome::PutOff(_) => tracing::warn!(letter = %letter.id, kind = letter.kind, "a letter was put off"),
        Outcome::Refused(_) => {
            tracing::error!(letter = %letter.id, kind = letter.kind, "a letter was refused")
        }
        Outcome::NobodyThere(_) => {}
    }
    let reason = match &outcome {
        Outcome::NobodyThere(reason) => Some(reason.clone()),
        _ => None,
    };
    bench.app.db.sweep(&access::for_rounds(), Settle::new(&letter, outcome)).await?;
    Ok(reason)
}

async fn attempt(bench: &Bench, letter: &ClaimedLetter) -> Outcome {
    match letter.key(&bench.app.keyring) {
        Ok(key) => bench.mailer.deliver(letter, key.as_ref()).await,
        // A wrong SUBLEDGER_SECRET can be put right, and until then the key must not be lost.
        Err(refusal) => Outcome::PutOff(refusal.cause.unwrap_or_default()),
    }
}
