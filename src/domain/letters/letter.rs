//! A letter on its way out, and the pure rule of what follows a try.

use chrono::{DateTime, TimeDelta, Utc};

use crate::kernel::ids::LetterId;
use crate::kernel::outbox::Recipient;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::{Key, Keyring, Purpose};

/// How long a claimed letter is left alone: longer than any conversation with a mail server.
pub const LEASE: TimeDelta = TimeDelta::minutes(10);
/// So often may a mail server put a letter off.
const MOST_ATTEMPTS: i32 = 10;
/// So long may a letter wait, whatever the reason.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(3);
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(1);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// A letter claimed for sending; nobody else tries before its lease is over.
pub struct ClaimedLetter {
    /// The id, of which its Message-ID is made: the same at every try.
    pub id: LetterId,
    /// Which of our letters it is.
    pub kind: String,
    /// To whom it goes.
    pub to: Recipient,
    /// What it says.
    pub details: serde_json::Value,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    pub(super) key_sealed: Option<Vec<u8>>,
    pub(super) attempts: i32,
    pub(super) leased_until: DateTime<Utc>,
}

impl ClaimedLetter {
    /// The key its link carries, if it carries one.
    pub fn key(&self, keyring: &Keyring) -> Result<Option<Key>, Refusal> {
        let Some(sealed) = &self.key_sealed else {
            return Ok(None);
        };
        let opened = keyring.open(Purpose::Letter, self.id.0.as_bytes(), sealed)?;
        let key = std::str::from_utf8(&opened).ok().and_then(Key::parse);
        key.map(Some).ok_or_else(|| Refusal::fault("a letter's key is not a key"))
    }
}

/// How a try ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The mail server took it.
    Sent,
    /// Put off, for this reason; it may work later.
    PutOff(String),
    /// Refused for good, for this reason.
    Refused(String),
    /// There was nobody to give it to. This says nothing about the letter, so no try is counted.
    NobodyThere(String),
}

/// Where a letter stands after a try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    Sent,
    Waiting { attempts: i32, due_at: DateTime<Utc> },
    Failed { attempts: i32 },
}

/// What becomes of a letter that was tried `before` times, and now once more.
pub(super) fn after_try(before: i32, created_at: DateTime<Utc>, now: DateTime<Utc>, outcome: &Outcome) -> Standing {
    let attempts = match outcome {
        Outcome::NobodyThere(_) => before,
        _ => before.saturating_add(1),
    };
    let has_waited_enough = now - created_at >= LONGEST_WAIT;
    match outcome {
        Outcome::Sent => Standing::Sent,
        Outcome::Refused(_) => Standing::Failed { attempts },
        Outcome::PutOff(_) if attempts >= MOST_ATTEMPTS => Standing::Failed { attempts },
        _ if has_waited_enough => Standing::Failed { attempts },
        Outcome::PutOff(_) => Standing::Waiting { attempts, due_at: now + pause_after(attempts) },
        Outcome::NobodyThere(_) => Standing::Waiting { attempts, due_at: now + FIRST_PAUSE },
    }
}

/// A minute, then twice as long each time, an hour at most.
fn pause_after(attempts: i32) -> TimeDelta {
    let doublings = attempts.clamp(1, MOST_ATTEMPTS) - 1;
    (FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_off() -> Outcome {
        Outcome::PutOff("451 later".to_owned())
    }

    fn nobody_there() -> Outcome {
        Outcome::NobodyThere("connection refused".to_owned())
    }

    #[test]
    fn pauses_grow_from_a_minute_to_an_hour() {
        let start = DateTime::UNIX_EPOCH;
        let minutes = (0..9).map(|before| match after_try(before, start, start, &put_off()) {
            Standing::Waiting { due_at, .. } => (due_at - start).num_minutes(),
            other => panic!("{other:?}"),
        });
        assert_eq!(minutes.collect::<Vec<_>>(), [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn ten_tries_or_three_days_are_enough() {
        let start = DateTime::UNIX_EPOCH;
        let late = start + LONGEST_WAIT;
        let early = late - TimeDelta::seconds(1);
        assert_eq!(after_try(9, start, start, &put_off()), Standing::Failed { attempts: 10 });
        assert_eq!(after_try(0, start, late, &put_off()), Standing::Failed { attempts: 1 });
        assert!(matches!(after_try(0, start, early, &put_off()), Standing::Waiting { attempts: 1, .. }));
        assert_eq!(after_try(0, start, late, &nobody_there()), Standing::Failed { attempts: 0 });
    }

    #[test]
    fn a_server_that_is_away_costs_no_try() {
        let (start, minute) = (DateTime::UNIX_EPOCH, TimeDelta::minutes(1));
        let standing = after_try(9, start, start, &nobody_there());
        assert_eq!(standing, Standing::Waiting { attempts: 9, due_at: start + minute });
    }

    #[test]
    fn what_is_refused_for_good_is_not_tried_again_and_what_is_sent_is_sent() {
        let start = DateTime::UNIX_EPOCH;
        let refused = Outcome::Refused("550 no such person".to_owned());
        assert_eq!(after_try(0, start, start, &refused), Standing::Failed { attempts: 1 });
        assert_eq!(after_try(9, start, start + LONGEST_WAIT, &Outcome::Sent), Standing::Sent);
    }
}
