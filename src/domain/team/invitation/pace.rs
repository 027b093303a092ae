//! How fast people may be invited, so that nobody's mailbox is flooded from here.

pub mod store;

use chrono::{DateTime, TimeDelta, Utc};

use crate::kernel::refusal::Refusal;

/// How many people somebody may invite before their own address is confirmed.
pub const UNVERIFIED: i64 = 10;
/// How many people somebody may invite in a day.
pub const A_DAY: i64 = 250;
/// How many letters one address gets in a day: the first, and five more.
pub const LETTERS_A_DAY: i64 = 6;

const HOUR: u32 = 3_600;

/// How many invitations somebody has sent.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// In all.
    pub ever: i64,
    /// In the last 24 hours.
    pub today: i64,
    /// When the first of those was sent.
    pub oldest_today: Option<DateTime<Utc>>,
}

impl Pace {
    /// Refuses so many more from somebody whose address is confirmed.
    pub fn check(&self, adding: i64, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.today + adding <= A_DAY {
            true => Ok(()),
            false => {
                let message = format!("You can invite {A_DAY} people in 24 hours. Nobody was invited; go on later.");
                Err(Refusal::too_many(self.wait(now), message))
            }
        }
    }

    /// Refuses so many more from somebody who has not confirmed their address yet.
    pub fn check_unverified(&self, adding: i64) -> Result<(), Refusal> {
        match self.ever + adding <= UNVERIFIED {
            true => Ok(()),
            false => {
                let message = format!(
                    "Confirm your own address first: open the letter we sent you when you signed up. Until then you can \
                     invite {UNVERIFIED} people. Nobody was invited."
                );
                Err(Refusal::too_many(HOUR, message).mended_at("/verify/resend"))
            }
        }
    }

    /// Seconds until the first of the last 24 hours' invitations no longer counts.
    fn wait(&self, now: DateTime<Utc>) -> u32 {
        let ends = self.oldest_today.map(|oldest| oldest + TimeDelta::days(1) - now);
        let seconds = ends.and_then(|left| u32::try_from(left.num_seconds()).ok());
        seconds.unwrap_or(HOUR).max(1)
    }
}

/// Refuses one more letter to an address that has had its share today.
pub fn check_letters(letters_today: i64, email: &str) -> Result<(), Refusal> {
    match letters_today < LETTERS_A_DAY {
        true => Ok(()),
        false => {
            let message = format!(
                "{email} has had {LETTERS_A_DAY} invitations in 24 hours. Nothing was sent; try again tomorrow."
            );
            Err(Refusal::too_many(HOUR, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_people_before_the_address_is_confirmed() {
        let pace = Pace { ever: 9, today: 9, oldest_today: None };
        assert!(pace.check_unverified(1).is_ok());
        assert_eq!(pace.check_unverified(2).unwrap_err().retry_after, Some(3_600));
    }

    #[test]
    fn two_hundred_and_fifty_a_day_and_the_wait_is_told() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let pace = Pace { ever: 900, today: 249, oldest_today: Some(now - TimeDelta::hours(23)) };
        assert!(pace.check(1, now).is_ok());
        assert_eq!(pace.check(2, now).unwrap_err().retry_after, Some(3_600));
    }

    #[test]
    fn five_letters_after_the_first() {
        assert!(check_letters(5, "leo@acme.example").is_ok());
        assert!(check_letters(6, "leo@acme.example").is_err());
    }
}
