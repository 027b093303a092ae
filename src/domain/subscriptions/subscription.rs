//! Software the business pays for.

/// Where a subscription stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Tried out; nothing is paid yet.
    Trial,
    /// Paid for.
    Active,
    /// Ended by a decision; covered until the last day paid for.
    Canceled,
    /// Ended because nothing followed the term or the trial.
    Expired,
}

impl Status {
    /// Every status, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Active, Self::Trial, Self::Canceled, Self::Expired];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Trial => "trial",
            Self::Active => "active",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Trial => "Trial",
            Self::Active => "Active",
            Self::Canceled => "Canceled",
            Self::Expired => "Expired",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether it still runs: these count against the plan, and only one of a name can run.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Trial | Self::Active)
    }
}
