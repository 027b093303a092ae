//! Refusal: every way to say no, with a kind for the door, a stable code for programs and a sentence for people.

use std::borrow::Cow;

/// What sort of no it is; each door has one status for each kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Nobody is signed in.
    SignIn,
    /// Seen, but not allowed.
    NotAllowed,
    /// Not there, or not visible to whoever asks.
    NotFound,
    /// A value is wrong; `field` says which.
    Invalid,
    /// The state of things does not allow it now.
    Conflict,
    /// The plan has no room, or has ended.
    LimitReached,
    /// A key that was used, has expired, was withdrawn, or never was.
    Gone,
    /// Too many attempts; `retry_after` says how long to wait.
    TooMany,
    /// No connection or no room just now; the same request may work in a moment.
    Busy,
    /// Ours to mend. The cause is logged and never shown.
    Fault,
    /// The database asks to run the transaction again; never leaves the kernel.
    Again,
}

/// A no, ready to be worded by any door.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// What sort of no.
    pub kind: Kind,
    /// Stable, snake_case.
    pub code: &'static str,
    /// What happened and what to do, for a person.
    pub message: Cow<'static, str>,
    /// The field at fault, when one is.
    pub field: Option<&'static str>,
    /// Seconds to wait, for `TooMany` and `Busy`.
    pub retry_after: Option<u32>,
    /// Where to go to mend it, as a path of the pages.
    pub remedy: Option<&'static str>,
    /// What a program is told besides.
    pub more: Option<Box<serde_json::Value>>,
    /// For the log only.
    pub cause: Option<String>,
}

impl Refusal {
    /// A refusal of this kind, with its stable code and its sentence.
    pub fn new(kind: Kind, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            code,
            message: message.into(),
            field: None,
            retry_after: None,
            remedy: None,
            more: None,
            cause: None,
        }
    }

    /// Nobody is signed in.
    pub fn sign_in() -> Self {
        Self::new(Kind::SignIn, "sign_in", "Sign in to go on.")
    }

    /// Somebody is signed in, but showed too long ago that it is them.
    pub fn prove_again() -> Self {
        Self::new(Kind::SignIn, "prove_again", "Write your password again to go on.")
    }

    /// What one may not see is not there.
    pub fn not_found() -> Self {
        Self::new(
            Kind::NotFound,
            "not_found",
            "There is nothing at this address. It may have been removed, or it belongs to another business.",
        )
    }

    /// Seen, but not allowed.
    pub fn not_allowed() -> Self {
        Self::new(
            Kind::NotAllowed,
            "not_allowed",
            "Your role does not allow this. An owner or admin of the business can do it, or change your role.",
        )
    }

    /// A wrong value in this field.
    pub fn invalid(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field), ..Self::new(Kind::Invalid, "invalid", message) }
    }

    /// The state of things does not allow it.
    pub fn conflict(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Conflict, code, message)
    }

    /// A key that no longer works.
    pub fn gone(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Gone, code, message)
    }

    /// Too many attempts; wait this many seconds.
    pub fn too_many(seconds: u32, message: impl Into<Cow<'static, str>>) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(Kind::TooMany, "too_many", message) }
    }

    /// Try again in a moment.
    pub fn busy(cause: impl std::fmt::Display) -> Self {
        Self {
            retry_after: Some(5),
            cause: Some(cause.to_string()),
            ..Self::new(
                Kind::Busy,
                "busy",
                "Subledger cannot reach its database just now. Nothing was changed; try again in a moment.",
            )
        }
    }

    /// Ours to mend; the cause goes to the log.
    pub fn fault(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(
                Kind::Fault,
                "fault",
                "Something went wrong on our side, and nothing was changed. Try again; if it happens again, tell whoever runs this installation the request id.",
            )
        }
    }

    /// The same refusal, pointing at this field.
    pub fn at(self, field: &'static str) -> Self {
        Self { field: Some(field), ..self }
    }

    /// The same refusal, with more for programs: an object of fields.
    pub fn telling(self, more: serde_json::Value) -> Self {
        Self { more: Some(Box::new(more)), ..self }
    }

    /// The same refusal, naming the line of a file it is about; what is wrong with the whole stays as it is.
    pub fn on_line(self, line: usize) -> Self {
        match self.kind {
            Kind::Invalid | Kind::Conflict | Kind::NotFound => {
                let message = format!("Line {line}: {} Nothing was imported.", self.message);
                Self { kind: Kind::Conflict, message: message.into(), field: None, ..self }
            }
            _ => self,
        }
    }

    /// The same refusal, with the page on which to mend it.
    pub fn mended_at(self, path: &'static str) -> Self {
        Self { remedy: Some(path), ..self }
    }
}

impl From<diesel::result::Error> for Refusal {
    fn from(error: diesel::result::Error) -> Self {
        use diesel::result::{DatabaseErrorKind, Error};
        match &error {
            Error::NotFound => Self::not_found(),
            Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => again(&error),
            Error::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => Self::busy(&error),
            Error::DatabaseError(_, info) if info.message().contains("deadlock detected") => again(&error),
            Error::DatabaseError(_, info) if info.message().contains("lock timeout") => held(&error),
            Error::DatabaseError(_, info) if is_away(info.message()) => Self::busy(&error),
            Error::BrokenTransactionManager => Self::busy(&error),
            _ => Self::fault(&error),
        }
    }
}

fn again(error: &diesel::result::Error) -> Refusal {
    Refusal { kind: Kind::Again, ..Refusal::busy(error) }
}

/// Somebody else's change, such as a long import, held what was needed for longer than anybody waits.
fn held(error: &diesel::result::Error) -> Refusal {
    let message = "Something else is being changed in this business just now, such as by an import. Nothing was changed; \
                   try again in a moment.";
    Refusal { message: message.into(), ..Refusal::busy(error) }
}

/// Words libpq uses when the server went away or refuses work; diesel keeps no SQLSTATE, and the pool pins
/// `lc_messages` to C so that these stay English.
fn is_away(message: &str) -> bool {
    const SIGNS: [&str; 8] = [
        "server closed the connection",
        "terminating connection",
        "connection to server",
        "no connection to the server",
        "the database system is",
        "could not receive data",
        "could not send data",
        "canceling statement due to statement timeout",
    ];
    SIGNS.iter().any(|sign| message.contains(sign))
}

/// Collects what is wrong while a form or a row is read, so that a person hears of everything at once.
#[derive(Default)]
pub struct Refusals(Vec<Refusal>);

impl Refusals {
    /// The value, or a note of what is wrong with it.
    pub fn take<T>(&mut self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.0.push(refusal)).ok()
    }

    /// One more thing that is wrong.
    pub fn add(&mut self, refusal: Refusal) {
        self.0.push(refusal);
    }

    /// All that was read, or all that is wrong.
    pub fn or<T>(self, read: Option<T>) -> Result<T, Vec<Refusal>> {
        match read {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::result::{DatabaseErrorKind, Error};

    use super::*;

    #[test]
    fn what_somebody_else_holds_for_long_is_busy_and_no_fault_of_ours() {
        let of =
            |words: &str| Refusal::from(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(words.to_owned())));
        let held = of("canceling statement due to lock timeout");
        assert_eq!((held.kind, held.retry_after), (Kind::Busy, Some(5)));
        assert!(held.message.contains("Something else is being changed"), "{}", held.message);
        let away = of("server closed the connection unexpectedly");
        assert_eq!(away.kind, Kind::Busy);
        assert!(away.message.contains("cannot reach its database"), "{}", away.message);
        assert_eq!(of("value too long").kind, Kind::Fault);
    }
}
