//! When a seat was last used, and how that is known. Unknown is unknown: it is never taken for unused.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::kernel::refusal::Refusal;

/// After so many days without use a seat counts as unused.
pub const UNUSED_AFTER_DAYS: u64 = 60;

/// How the last use is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// A program reported it.
    Usage,
    /// It was in a file.
    Import,
    /// Somebody wrote it down.
    Hand,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::Usage, Self::Import, Self::Hand];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Import => "import",
            Self::Hand => "hand",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Usage => "reported by a program",
            Self::Import => "from a file",
            Self::Hand => "entered by hand",
        }
    }
}

/// The last use of a seat by whoever holds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LastUse {
    /// When.
    pub at: DateTime<Utc>,
    /// How it is known.
    pub source: Source,
}

/// Whether a seat is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Usage {
    /// Within the last 60 days.
    Used { days: i64 },
    /// Not since.
    Unused { days: i64 },
    /// Nobody has told.
    Unknown,
}

impl LastUse {
    /// As it is stored, the source by its code.
    pub(super) fn stored(at: Option<DateTime<Utc>>, source: Option<&str>) -> Result<Option<Self>, Refusal> {
        let (Some(at), Some(code)) = (at, source) else {
            return Ok(None);
        };
        let source = Source::ALL.into_iter().find(|source| source.code() == code);
        let source = source.ok_or_else(|| Refusal::fault("a last use has an unknown source"))?;
        Ok(Some(Self { at, source }))
    }
}

impl Usage {
    /// Whether a seat last used then is used, as of a day in a zone.
    pub fn of(last_use: Option<LastUse>, today: NaiveDate, zone: Tz) -> Self {
        let Some(last_use) = last_use else {
            return Self::Unknown;
        };
        let day = last_use.at.with_timezone(&zone).date_naive();
        match today.signed_duration_since(day).num_days() {
            days if u64::try_from(days).is_ok_and(|days| days > UNUSED_AFTER_DAYS) => Self::Unused { days },
            days => Self::Used { days: days.max(0) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_sixty_days_a_seat_is_unused_and_unknown_is_neither() {
        let today = "2026-11-22".parse().unwrap();
        let on = |day: &str| {
            let at = format!("{day}T23:30:00Z").parse().unwrap();
            Usage::of(Some(LastUse { at, source: Source::Usage }), today, Tz::UTC)
        };
        assert_eq!(on("2026-11-22"), Usage::Used { days: 0 });
        assert_eq!(on("2026-09-23"), Usage::Used { days: 60 });
        assert_eq!(on("2026-09-22"), Usage::Unused { days: 61 });
        assert_eq!(Usage::of(None, today, Tz::UTC), Usage::Unknown);
        // Reported from where it is tomorrow already.
        assert_eq!(on("2026-11-23"), Usage::Used { days: 0 });
    }
}
