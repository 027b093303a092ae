//! A plan: price, cycle and limits. A version in use never changes.

use crate::kernel::calendar::Interval;
use crate::kernel::ids::PlanId;
use crate::kernel::money::Money;

/// What counts against a limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meter {
    /// Active members and pending invitations.
    SignIns,
    /// Subscriptions in trial or active, not removed.
    Subscriptions,
    /// Open licenses.
    Seats,
    /// Usage events of this cycle.
    UsageEvents,
}

impl Meter {
    /// Every meter, in the order of the plan cards.
    pub const ALL: [Self; 4] = [Self::SignIns, Self::Subscriptions, Self::Seats, Self::UsageEvents];

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|meter| meter.code() == code)
    }

    /// Whether it begins anew with each cycle; else it is a total that stands.
    pub fn is_per_cycle(self) -> bool {
        self == Self::UsageEvents
    }

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::SignIns => "sign_ins",
            Self::Subscriptions => "subscriptions",
            Self::Seats => "seats",
            Self::UsageEvents => "usage_events",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::SignIns => "Sign-ins",
            Self::Subscriptions => "Subscriptions",
            Self::Seats => "Seats",
            Self::UsageEvents => "Usage events a cycle",
        }
    }

    /// What happens at the limit.
    pub fn at_the_limit(self) -> &'static str {
        match self {
            Self::SignIns => "At the limit nobody more can be invited.",
            Self::Subscriptions => "At the limit no subscription can be added.",
            Self::Seats => "At the limit no new seat can be given.",
            Self::UsageEvents => "At the limit programs are refused until the next cycle.",
        }
    }

    /// What is counted, within a sentence: "50 seats".
    pub fn noun(self) -> &'static str {
        match self {
            Self::SignIns => "people who sign in",
            Self::Subscriptions => "subscriptions",
            Self::Seats => "seats",
            Self::UsageEvents => "usage events a cycle",
        }
    }
}

/// One version of a plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The id of this version.
    pub id: PlanId,
    /// The stable code.
    pub code: String,
    /// As a screen says it.
    pub name: String,
    /// Due for one cycle.
    pub price: Money,
    /// How long a cycle is.
    pub cycle: Interval,
    /// Whether it goes on after the first cycle.
    pub renews: bool,
    /// How many days the trail is kept; none: for ever.
    pub audit_days: Option<i32>,
    /// What it allows.
    pub limits: Vec<Limit>,
}

/// How much of a meter a plan allows.
#[derive(Clone, Debug)]
pub struct Limit {
    /// The code of the meter.
    pub meter: String,
    /// How much; none: unlimited.
    pub allowance: Option<i64>,
}

impl Plan {
    /// What is allowed of a meter; `None` is unlimited.
    pub fn allowance(&self, meter: Meter) -> Option<i64> {
        // A meter without a row allows nothing: a limit that was forgotten must not open the door.
        self.limits.iter().find(|limit| limit.meter == meter.code()).map_or(Some(0), |limit| limit.allowance)
    }
}
