//! What support writes in the trail of a business, for its owners to read.

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::{BusinessId, InvitationId, LetterId, MemberId, RecoveryId, SupportSessionId};
use crate::kernel::permission::SupportMode;

use super::recovery::RecoveryKind;
use super::session::{HowEnded, Minutes, Reason};

/// Something that support did to a business.
pub struct SupportFact {
    /// The business.
    pub business: BusinessId,
    /// Its name.
    pub name: String,
    /// What.
    pub what: Happened,
}

/// What support did.
pub enum Happened {
    /// Stepped in.
    Began {
        /// The session.
        session: SupportSessionId,
        /// What it may do.
        mode: SupportMode,
        /// For how long.
        minutes: Minutes,
        /// Whose eyes it borrows.
        seen_as: Option<String>,
        /// Why.
        reason: Reason,
    },
    /// Asked the owners for leave to write.
    WriteAsked {
        /// The session that reads meanwhile.
        session: SupportSessionId,
    },
    /// A session came to its end.
    Ended {
        /// The session.
        session: SupportSessionId,
        /// Whose it was.
        staff: String,
        /// How.
        how: HowEnded,
    },
    /// Suspended the business.
    Suspended {
        /// Why.
        reason: Reason,
    },
    /// Took the suspension back.
    Restored,
    /// Sent a letter once more.
    LetterResent {
        /// Which one went before.
        letter: LetterId,
        /// Its kind in words.
        kind: String,
        /// To whom.
        to: String,
    },
    /// Made somebody an owner, to recover access.
    Admitted {
        /// As which member.
        member: MemberId,
        /// Their name and address.
        person: String,
        /// Whether they were nobody of the business before.
        is_new: bool,
        /// What changed about them.
        changes: Vec<Change>,
    },
    /// Withdrew the invitation of somebody who became an owner without it.
    InvitationWithdrawn {
        /// Which.
        invitation: InvitationId,
        /// Of whom.
        email: String,
    },
    /// A recovery of access and what became of it.
    Recovery {
        /// Which.
        recovery: RecoveryId,
        /// What it does.
        kind: RecoveryKind,
        /// For whom.
        person: String,
        /// How far it has come.
        step: Step,
    },
}

/// How far a recovery has come.
pub enum Step {
    /// It was asked for.
    Begun {
        /// Why.
        reason: Reason,
    },
    /// An owner stopped it.
    Refused,
    /// Staff took it back.
    Withdrawn,
    /// It was carried out.
    Done,
    /// It could not, or need not, be done any more.
    Void {
        /// Why.
        because: VoidBecause,
    },
}

/// Why a recovery is given up when its time has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VoidBecause {
    /// There was nothing to do any more.
    Needless,
    /// Whoever asked for it runs the installation no more, or belongs to the business now.
    AskerMayNot,
    /// Somebody else stands in the business under the address.
    AddressTaken,
}

impl Fact for SupportFact {
    fn code(&self) -> &'static str {
        match &self.what {
            Happened::Began { .. } => "support.began",
            Happened::WriteAsked { .. } => "support.write_asked",
            Happened::Ended { .. } => "support.ended",
            Happened::Suspended { .. } => "business.suspended",
            Happened::Restored => "business.restored",
            Happened::LetterResent { .. } => "letter.resent",
            Happened::Admitted { is_new: true, .. } => "member.added",
            Happened::Admitted { .. } => "member.changed",
            Happened::InvitationWithdrawn { .. } => "invitation.withdrawn",
            Happened::Recovery { step, .. } => match step {
                Step::Begun { .. } => "recovery.begun",
                Step::Refused => "recovery.refused",
                Step::Withdrawn => "recovery.withdrawn",
                Step::Done => "recovery.done",
                Step::Void { .. } => "recovery.void",
            },
        }
    }

    fn object(&self) -> Object {
        match &self.what {
            Happened::Began { session, .. } | Happened::WriteAsked { session } | Happened::Ended { session, .. } => {
                Object::new("support_session", *session, "Support session")
            }
            Happened::Suspended { .. } | Happened::Restored => Object::new("business", self.business, &self.name),
            Happened::LetterResent { letter, kind, .. } => Object::new("letter", *letter, kind),
            Happened::Admitted { member, person, .. } => Object::new("member", *member, person),
            Happened::InvitationWithdrawn { invitation, email } => Object::new("invitation", *invitation, email),
            Happened::Recovery { recovery, .. } => Object::new("recovery", *recovery, "Recovery of access"),
        }
    }

    fn said(&self) -> String {
        match &self.what {
            Happened::Began { minutes, mode, seen_as, reason, .. } => {
                let mode = match mode {
                    SupportMode::Read => "to read",
                    SupportMode::Write => "to read and write",
                };
                let eyes = seen_as.as_ref().map(|name| format!(", seeing what {name} sees")).unwrap_or_default();
                let (minutes, reason) = (minutes.count(), reason.as_str());
                format!("began a support session of {minutes} minutes {mode}{eyes}: “{reason}”")
            }
            Happened::WriteAsked { .. } => "asked the owners for leave to write in the support session".to_owned(),
            Happened::Ended { staff, how, .. } => match how {
                HowEnded::Left => "left the support session".to_owned(),
                HowEnded::SignedOut => format!("ended the support session of {staff}: the sign-in has ended"),
                HowEnded::TimeOver => format!("ended the support session of {staff}: its time was over"),
                HowEnded::Refused => format!("ended the support session of {staff}: an owner refuses support"),
                HowEnded::NotAllowed => format!("ended the support session of {staff}: it is not allowed any more"),
            },
            Happened::Suspended { reason } => format!("suspended {}: “{}”", self.name, reason.as_str()),
            Happened::Restored => format!("restored {}", self.name),
            Happened::LetterResent { kind, to, .. } => format!("sent the letter {kind} to {to} again"),
            Happened::Admitted { person, is_new: true, .. } => format!("added {person} as an owner"),
            Happened::Admitted { person, .. } => format!("made {person} an owner"),
            Happened::InvitationWithdrawn { email, .. } => format!("withdrew the invitation of {email}"),
            Happened::Recovery { kind, person, step, .. } => recovery_said(*kind, person, step),
        }
    }

    fn changes(&self) -> Vec<Change> {
        match &self.what {
            Happened::Suspended { .. } => {
                vec![Change::new("Status", Some("Active".to_owned()), Some("Suspended".to_owned()))]
            }
            Happened::Restored => vec![Change::new("Status", Some("Suspended".to_owned()), Some("Active".to_owned()))],
            Happened::Admitted { changes, .. } => changes.clone(),
            Happened::InvitationWithdrawn { .. } => {
                vec![Change::new("Invitation", Some("Pending".to_owned()), Some("Withdrawn".to_owned()))]
            }
            _ => Vec::new(),
        }
    }
}

fn recovery_said(kind: RecoveryKind, person: &str, step: &Step) -> String {
    match step {
        Step::Begun { reason } => {
            format!("began a recovery of access: in a day {}: “{}”", kind.will(person), reason.as_str())
        }
        Step::Refused => format!("stopped the recovery of access for {person}"),
        Step::Withdrawn => format!("took back the recovery of access for {person}"),
        Step::Done => format!("carried out the recovery of access: {}", kind.has(person)),
        Step::Void { because } => {
            let why = match because {
                VoidBecause::Needless => "there was nothing left to do",
                VoidBecause::AskerMayNot => "whoever asked for it may not do so any more",
                VoidBecause::AddressTaken => "somebody else in People has this address",
            };
            format!("gave up the recovery of access for {person}: {why}")
        }
    }
}
