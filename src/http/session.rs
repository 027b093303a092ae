//! What a session remembers, typed: who is signed in, as which member, one flash, and what is half done.

use actix_session::{Session, SessionExt};
use actix_web::http::header;
use actix_web::{HttpRequest, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::domain::access::Membership;
use crate::domain::identity::look::Look;
use crate::domain::identity::prove;
use crate::domain::identity::sessions::{Epoch, SeenFrom};
use crate::kernel::ids::{BusinessId, MemberId, SupportSessionId, UserId};
use crate::kernel::refusal::Refusal;

use super::context::Context;
use super::session_store::{AWAY, EPOCH, FROM, ID, KEY, Keyed, LOOK, MUST_ENROL, PROVED, STALE, SUPPORT, USER};

const MEMBER: &str = "member";
const FLASH: &str = "flash";
const WAITING: &str = "waiting";
const SETUP: &str = "setup";

/// One line shown on the next page, once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flash {
    /// What happened and what follows.
    pub text: String,
    /// Whether it went well.
    pub good: bool,
    /// Where one post takes it back.
    #[serde(default)]
    pub undo: Option<String>,
}

/// Somebody whose password fitted and whose code is still to come. They are not signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waiting {
    /// Who.
    pub user: UserId,
    /// What marks the password that fitted.
    pub mark: String,
    /// Where they want to go.
    pub next: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How many codes were wrong.
    pub wrong: u8,
}

/// The session of one request.
pub struct Signed {
    session: Session,
    request: HttpRequest,
}

impl Signed {
    /// The session of this request.
    pub fn of(request: &HttpRequest) -> Self {
        Self { session: request.get_session(), request: request.clone() }
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

    /// The id by which its person may name this session.
    pub fn id(&self) -> String {
        self.get(ID).unwrap_or_default()
    }

    /// Whether whoever is signed in must set up a second factor before anything else.
    pub fn must_enrol(&self) -> bool {
        self.get(MUST_ENROL).unwrap_or(false)
    }

    /// How pages look for whoever is signed in.
    pub fn look(&self) -> Look {
        self.get(LOOK).unwrap_or_default()
    }

    /// Whether this use of it should be written.
    pub fn is_stale(&self) -> bool {
        self.get(STALE).unwrap_or(false)
    }

    /// Signs a person in who has just given or chosen their password, in a new session.
    pub fn sign_in(&self, user: UserId, epoch: Epoch) -> Result<(), Refusal> {
        self.begin_anew()?;
        self.insert(USER, user)?;
        self.insert(EPOCH, epoch)?;
        self.insert(PROVED, self.now()?)?;
        self.seen()
    }

    /// Keeps what a fitting password allows, in a new session, until the code is there.
    pub fn wait_for_code(&self, waiting: &Waiting) -> Result<(), Refusal> {
        self.begin_anew()?;
        self.insert(WAITING, waiting)
    }

    /// Who waits for their code.
    pub fn waiting(&self) -> Option<Waiting> {
        self.get(WAITING)
    }

    /// The same person waits on, with one more wrong code.
    pub fn wait_on(&self, waiting: &Waiting) -> Result<(), Refusal> {
        self.insert(WAITING, Waiting { wrong: waiting.wrong.saturating_add(1), ..waiting.clone() })
    }

    /// Nobody waits any more.
    pub fn stop_waiting(&self) {
        self.session.remove(WAITING);
    }

    /// Notes that the signed-in person has just written their password, under a new session key.
    pub fn prove(&self) -> Result<(), Refusal> {
        self.renew()?;
        self.insert(PROVED, self.now()?)?;
        self.seen()
    }

    /// Whether they have shown that a short while ago.
    pub fn is_proved(&self) -> Result<bool, Refusal> {
        let at: Option<DateTime<Utc>> = self.get(PROVED);
        let now = self.now()?;
        Ok(at.is_some_and(|at| now - at < prove::VALID))
    }

    /// Notes from where the session is used.
    pub fn seen(&self) -> Result<(), Refusal> {
        self.insert(FROM, self.from())
    }

    /// From where this request comes.
    pub fn from(&self) -> SeenFrom {
        let agent = self.request.headers().get(header::USER_AGENT).map(|value| value.as_bytes());
        SeenFrom {
            address: Context::of(&self.request).address.map(|address| address.to_string()),
            user_agent: agent.map(|agent| String::from_utf8_lossy(agent).replace('\0', "")).unwrap_or_default(),
        }
    }

    /// The second factor that is being set up, sealed.
    pub fn setup(&self) -> Option<String> {
        self.get(SETUP)
    }

    /// Keeps the second factor that is being set up, sealed.
    pub fn set_up(&self, sealed: String) -> Result<(), Refusal> {
        self.insert(SETUP, sealed)
    }

    /// It is set up, under a new session key.
    pub fn end_setup(&self) -> Result<(), Refusal> {
        self.session.remove(SETUP);
        self.renew()
    }

    /// Begins a session in which nobody is signed in; the one there was has ended.
    pub fn begin_anew(&self) -> Result<(), Refusal> {
        self.session.clear();
        self.insert(KEY, Keyed::Begun)
    }

    /// Acts as this member from now on.
    pub fn enter(&self, membership: &Membership) -> Result<(), Refusal> {
        self.insert(MEMBER, (membership.business, membership.member))
    }

    /// In which support session they are, if they are in one.
    pub fn support(&self) -> Option<(BusinessId, SupportSessionId)> {
        self.get(SUPPORT)
    }

    /// Steps into a business, under a new session key and with nothing of one's own at hand.
    pub fn step_in(&self, user: UserId, support: (BusinessId, SupportSessionId)) -> Result<(), Refusal> {
        self.step_out(user)?;
        self.insert(SUPPORT, support)
    }

    /// Is nobody but oneself again, under a new session key. What was proved before counts no more.
    pub fn step_out(&self, user: UserId) -> Result<(), Refusal> {
        self.session.clear();
        self.renew()?;
        self.insert(USER, user)?;
        self.seen()
    }

    /// Ends the session, here and on the server.
    pub fn end(&self) {
        self.session.purge();
    }

    /// Goes on under a new session key, unless the session was ended meanwhile.
    pub fn renew(&self) -> Result<(), Refusal> {
        self.insert(KEY, Keyed::Renewed)
    }

    /// Ends whatever was, and says this on the next page.
    pub fn leave(&self, text: &str) -> Result<(), Refusal> {
        self.begin_anew()?;
        self.flash(text);
        Ok(())
    }

    /// Says this on the next page.
    pub fn flash(&self, text: impl Into<String>) {
        self.flash_undoable(text, None);
    }

    /// The same, with a way to take it back.
    pub fn flash_undoable(&self, text: impl Into<String>, undo: Option<String>) {
        let flash = Flash { text: text.into(), good: true, undo };
        if let Err(error) = self.insert(FLASH, flash) {
            tracing::warn!(%error, "a flash could not be kept");
        }
    }

    /// What the last page left to say.
    pub fn take_flash(&self) -> Option<Flash> {
        let flash = self.get(FLASH)?;
        self.session.remove(FLASH);
        Some(flash)
    }

    fn now(&self) -> Result<DateTime<Utc>, Refusal> {
        let app = self.request.app_data::<web::Data<App>>();
        Ok(app.ok_or_else(|| Refusal::fault("the server has no application"))?.db.clock().now())
    }

    fn get<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.session.get(name).ok().flatten()
    }

    fn insert(&self, name: &str, value: impl Serialize) -> Result<(), Refusal> {
        self.session.insert(name, value).map_err(Refusal::fault)
    }
}
