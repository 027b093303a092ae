//! What somebody decided about one coming renewal, as the roll-forward reads it. Deciding itself belongs to renewals.

/// A decision about one renewal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decided {
    /// It renews as it is.
    Renew,
    /// It renews with so many seats.
    Resize(u32),
    /// It ends there.
    Cancel,
}

impl Decided {
    /// Reads a code with its seats.
    pub fn parse(code: &str, seats: Option<u32>) -> Option<Self> {
        match (code, seats) {
            ("renew", _) => Some(Self::Renew),
            ("resize", Some(seats)) => Some(Self::Resize(seats)),
            ("cancel", _) => Some(Self::Cancel),
            _ => None,
        }
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Renew => "renew",
            Self::Resize(_) => "resize",
            Self::Cancel => "cancel",
        }
    }
}
