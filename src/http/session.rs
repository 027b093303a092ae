//! What a session remembers, typed: who is signed in, as which member, and one flash.

use actix_session::{Session, SessionExt};
use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};

use crate::domain::access::Membership;
use crate::kernel::ids::{BusinessId, MemberId, SupportSessionId, UserId};
use crate::kernel::refusal::Refusal;

use super::session_store::{AWAY, USER};

const MEMBER: &str = "member";
const SUPPORT: &str = "support";
const FLASH: &str = "flash";

/// One line shown on the next page, once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flash {
    /// What happened and what follows.
    pub text: String,
    /// Whether it went well.
    pub good: bool,
}

/// The session of one request.
pub struct Signed(Session);

impl Signed {
    /// The session of this request.
    pub fn of(request: &HttpRequest) -> Self {
        Self(request.get_session())
    }

    /// Who is signed in. `Busy` while the database is away, so that nobody is taken for signed out.
    pub fn user(&self) -> Result<Option<UserId>, Refusal> {
        match self.get::<bool>(AWAY) {
            Some(true) => Err(Refusal::busy("the session could not be loaded")),
            _ => Ok(self.get(USER)),
        }
    }

    /// As which member they act.
    pub fn member(&self) -> Option<(BusinessId, MemberId)> {
        self.get(MEMBER)
    }

    /// Signs a person in, under a new session key.
    pub fn sign_in(&self, user: UserId) -> Result<(), Refusal> {
        self.0.clear();
        self.0.renew();
        self.0.insert(USER, user).map_err(Refusal::fault)
    }

    /// Begins a session in which nobody is signed in, under a new session key.
    pub fn begin_anew(&self) {
        self.0.clear();
        self.0.renew();
    }

    /// Acts as this member from now on.
    pub fn enter(&self, membership: &Membership) -> Result<(), Refusal> {
        self.0.insert(MEMBER, (membership.business, membership.member)).map_err(Refusal::fault)
    }

    /// In which support session they are, if they are in one.
    pub fn support(&self) -> Option<(BusinessId, SupportSessionId)> {
        self.get(SUPPORT)
    }

    /// Steps into a business, under a new session key and with nothing of one's own at hand.
    pub fn step_in(&self, user: UserId, support: (BusinessId, SupportSessionId)) -> Result<(), Refusal> {
        self.sign_in(user)?;
        self.0.insert(SUPPORT, support).map_err(Refusal::fault)
    }

    /// Ends the session, here and on the server.
    pub fn end(&self) {
        self.0.purge();
    }

    /// Says this on the next page.
    pub fn flash(&self, text: impl Into<String>) {
        let flash = Flash { text: text.into(), good: true };
        if let Err(error) = self.0.insert(FLASH, flash) {
            tracing::warn!(%error, "a flash could not be kept");
        }
    }

    /// What the last page left to say.
    pub fn take_flash(&self) -> Option<Flash> {
        let flash = self.get(FLASH)?;
        self.0.remove(FLASH);
        Some(flash)
    }

    fn get<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.0.get(name).ok().flatten()
    }
}
