//! What the trail keeps of requests for seats.

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::SeatRequestId;

/// One fact about one request.
pub struct RequestFact {
    /// Which.
    pub request: SeatRequestId,
    /// The name of what a seat was asked for.
    pub subscription: String,
    /// The name of whoever asks.
    pub asker: String,
    /// What happened.
    pub what: Happened,
}

/// What happens to a request.
pub enum Happened {
    /// Somebody asks.
    Asked { note: String },
    /// They got the seat.
    Approved,
    /// They do not get it.
    Declined { words: String },
    /// They do not need it any more.
    Withdrawn,
}

impl Fact for RequestFact {
    fn code(&self) -> &'static str {
        match self.what {
            Happened::Asked { .. } => "request.asked",
            Happened::Approved => "request.approved",
            Happened::Declined { .. } => "request.declined",
            Happened::Withdrawn => "request.withdrawn",
        }
    }

    fn object(&self) -> Object {
        Object::new("request", self.request, format!("Request of {} for {}", self.asker, self.subscription))
    }

    fn said(&self) -> String {
        let Self { subscription, asker, .. } = self;
        match self.what {
            Happened::Asked { .. } => format!("asked for a seat of {subscription}"),
            Happened::Approved => format!("approved {asker}'s request for a seat of {subscription}"),
            Happened::Declined { .. } => format!("declined {asker}'s request for a seat of {subscription}"),
            Happened::Withdrawn => format!("withdrew a request for a seat of {subscription}"),
        }
    }

    fn changes(&self) -> Vec<Change> {
        let written = |field: &str, text: &String| (!text.is_empty()).then(|| Change::set(field, text));
        let between = |after: &str| Change::new("State", Some("Open".to_owned()), Some(after.to_owned()));
        match &self.what {
            Happened::Asked { note } => written("Note", note).into_iter().collect(),
            Happened::Approved => vec![between("Approved")],
            Happened::Declined { words } => {
                std::iter::once(between("Declined")).chain(written("Words", words)).collect()
            }
            Happened::Withdrawn => vec![between("Withdrawn")],
        }
    }
}
