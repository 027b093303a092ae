//! Forms: what was posted, what is wrong with it, and the same page drawn again with both.

use std::collections::BTreeSet;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::{Datelike, NaiveDate};
use futures_util::future::LocalBoxFuture;

use crate::domain::access;
use crate::domain::subscriptions::read::Texts;
use crate::http::access::{app_of, prove};
use crate::http::session::Signed;
use crate::kernel::access::Access;
use crate::kernel::ids::BusinessId;
use crate::kernel::once::Once;
use crate::kernel::refusal::{Kind, Refusal, Refusals};
use crate::kernel::secret::Key;

use super::refusal::{HtmlRefusal, status};

/// The fields of a posted form, in order, hidden ones taken out.
#[derive(Clone, Debug)]
pub struct Posted {
    fields: Vec<(String, String)>,
    once: Once,
}

impl Posted {
    fn read(request: &HttpRequest, who: &str, body: &[u8]) -> Result<Self, Refusal> {
        if std::str::from_utf8(body).is_err() {
            return Err(Refusal::new(
                Kind::Invalid,
                "unreadable",
                "That form is not UTF-8 text. Open the page again and send it once more.",
            ));
        }
        Self::of(request, who, url::form_urlencoded::parse(body).into_owned().collect(), body)
    }

    /// A form already taken apart; `body` tells two acts with the same `once` from one sent twice.
    pub(super) fn of(
        request: &HttpRequest,
        who: &str,
        mut fields: Vec<(String, String)>,
        body: &[u8],
    ) -> Result<Self, Refusal> {
        if fields.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(Refusal::new(
                Kind::Invalid,
                "unreadable",
                "That form holds a character that cannot be stored. Type the text again instead of pasting it.",
            ));
        }
        let given =
            fields.iter().find(|(name, value)| name == "once" && !value.is_empty()).map(|(_, value)| value.clone());
        // Without a `once` of its own every post is a new act.
        let once = given.unwrap_or_else(|| Key::random().to_text());
        fields.retain(|(name, _)| name != "once");
        Ok(Self { once: Once::of(who, request.path(), &once, body), fields })
    }

    /// The value of a field, trimmed; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The value of a field exactly as typed, for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// Puts another value in the place of a field's.
    pub(super) fn set(&mut self, name: &str, value: String) {
        if let Some((_, given)) = self.fields.iter_mut().find(|(field, _)| field == name) {
            *given = value;
        }
    }

    /// All values of a field, for boxes that can be ticked together.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// A box that can be ticked: a hidden 0 stands before it, so that leaving it out is not taking the tick off. None
    /// when the form has no such field.
    pub fn tick(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.all(name).last() {
            None => Ok(None),
            Some("1") => Ok(Some(true)),
            Some("0") => Ok(Some(false)),
            Some(_) => Err(Refusal::invalid(name, "Tick the box, or leave it empty.")),
        }
    }

    /// Every field, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// This act, for doing it once.
    pub fn once(&self) -> Once {
        self.once.clone()
    }

    /// Refuses a form with a field that is not one of these: privileged fields are never quietly dropped.
    pub fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        let unknown: BTreeSet<&str> =
            self.fields().map(|(name, _)| name).filter(|name| !known.contains(name)).collect();
        match unknown.first() {
            None => Ok(()),
            Some(name) => {
                let shown: String = name.chars().take(40).collect();
                let message = format!("This form has no field “{shown}”. Open the page again and send it once more.");
                Err(Refusal::new(Kind::Invalid, "unknown_field", message))
            }
        }
    }

    /// The business the form says it belongs to, taken out.
    pub(super) fn take_business(&mut self) -> Option<String> {
        let given = self.fields.iter().find(|(name, _)| name == "business").map(|(_, value)| value.clone());
        self.fields.retain(|(name, _)| name != "business");
        given.filter(|value| !value.is_empty())
    }
}

/// A form posted by whoever: sign-up, sign-in, joining.
pub struct OpenPost(pub Posted);

impl FromRequest for OpenPost {
    type Error = HtmlRefusal;
    type Future = LocalBoxFuture<'static, Result<Self, HtmlRefusal>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let body = body.await.map_err(|_| too_large())?;
            let who = Signed::of(&request).user()?.map_or_else(|| "visitor".to_owned(), |user| user.to_string());
            Ok(Self(Posted::read(&request, &who, &body)?))
        })
    }
}

/// A form posted by a signed-in member, about their current business. A form of another business is answered with a
/// page that can switch to it, and never writes into either.
pub struct MemberPost {
    /// Who posts.
    pub access: Access,
    /// What.
    pub posted: Posted,
}

impl FromRequest for MemberPost {
    type Error = HtmlRefusal;
    type Future = LocalBoxFuture<'static, Result<Self, HtmlRefusal>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let access = prove(&request).await?;
            let body = body.await.map_err(|_| too_large())?;
            let who = access.person().map(|person| person.to_string()).unwrap_or_default();
            let mut posted = Posted::read(&request, &who, &body)?;
            if let Some(given) = posted.take_business() {
                require_current(&request, &access, &given).await?;
            }
            Ok(Self { access, posted })
        })
    }
}

/// Refuses a form that belongs to a business other than the current one: 409 with a button to switch for one of the
/// person's own, 404 for a stranger's.
pub async fn require_current(request: &HttpRequest, access: &Access, given: &str) -> Result<(), Refusal> {
    let given = BusinessId::parse(given).ok_or_else(Refusal::not_found)?;
    if given == access.business() {
        return Ok(());
    }
    let app = app_of(request)?;
    let user = access.user().ok_or_else(Refusal::not_found)?;
    let memberships = access::memberships(&app.db, user).await?;
    let named = |business: BusinessId| memberships.iter().find(|membership| membership.business == business);
    let theirs = named(given).ok_or_else(Refusal::not_found)?;
    request.extensions_mut().insert(OtherBusiness {
        current: named(access.business()).map(|current| current.name.clone()).unwrap_or_default(),
        name: theirs.name.clone(),
        id: given.to_string(),
    });
    let message = format!("This form belongs to {}. Nothing was saved.", theirs.name);
    Err(Refusal::conflict("other_business", message).mended_at("/businesses"))
}

/// Left with a request whose form belongs to another business, for the page that can switch to it.
#[derive(Clone)]
pub struct OtherBusiness {
    /// The name of the current one.
    pub current: String,
    /// The name of the form's.
    pub name: String,
    /// The id of the form's.
    pub id: String,
}

fn too_large() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "too_large",
        "That is more than this form takes. Shorten the longest text and send it again.",
    )
}

/// One thing wrong with a form.
#[derive(Clone, Debug)]
pub struct FieldError {
    /// The field's name; empty when it is about the whole form.
    pub field: String,
    /// As the page names it.
    pub label: String,
    /// How to mend it.
    pub message: String,
}

/// A form as drawn: typed values and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl Texts for FormState {
    fn text(&self, field: &str) -> &str {
        self.value(field)
    }
}

impl FormState {
    /// A fresh form with these values.
    pub fn with(values: &[(&str, &str)]) -> Self {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { values, errors: Vec::new() }
    }

    /// A fresh form with these values, owned.
    pub fn of(values: Vec<(String, String)>) -> Self {
        Self { values, errors: Vec::new() }
    }

    /// The form as posted, passwords left out.
    pub fn kept(posted: &Posted) -> Self {
        let values = posted.fields.iter().filter(|(name, _)| name != "password").cloned().collect();
        Self { values, errors: Vec::new() }
    }

    /// What was posted over what stood here: a field that was not sent keeps its value, an empty one is emptied.
    pub fn with_posted(self, posted: &Posted) -> Self {
        Self { errors: self.errors.clone(), ..Self::kept(posted).over(self) }
    }

    /// This form over another one: a field that it does not have keeps the other's value.
    pub fn over(mut self, other: Self) -> Self {
        let kept = other.values.into_iter().filter(|(name, _)| !self.values.iter().any(|(own, _)| own == name));
        let kept: Vec<_> = kept.collect();
        self.values.extend(kept);
        self
    }

    /// The same, with what is wrong.
    pub fn refused(mut self, refusals: &[Refusal]) -> Self {
        self.errors.extend(refusals.iter().map(|refusal| FieldError {
            field: refusal.field.unwrap_or_default().to_owned(),
            label: String::new(),
            message: refusal.message.to_string(),
        }));
        self
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether a field has this value.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(field, given)| field == name && given == value)
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == name).map(|error| error.message.as_str())
    }

    /// Everything that is wrong.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Whether anything is.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// What is wrong with a form.
pub type FormErrors = Refusals;

/// A day as a browser sends it; empty is none.
pub fn day(field: &'static str, text: &str) -> Result<Option<NaiveDate>, Refusal> {
    let given = text.trim();
    if given.is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(given, "%Y-%m-%d").ok();
    day.filter(|day| (1990..=2200).contains(&day.year()) && given.len() == 10)
        .map(Some)
        .ok_or_else(|| Refusal::invalid(field, "Write the date as year-month-day, such as 2026-11-27."))
}

/// Tells a refusal that belongs on the form (422 beside the field, 409 above it) from one that needs its own page.
pub fn on_form(refusal: Refusal) -> Result<Vec<Refusal>, HtmlRefusal> {
    match refusal.kind {
        Kind::Invalid | Kind::Conflict | Kind::LimitReached => Ok(vec![refusal]),
        _ => Err(refusal.into()),
    }
}

/// The same for all that is wrong with a form, and the status of the page that shows it: that of the first.
pub fn all_on_form(refusals: Vec<Refusal>) -> Result<(Vec<Refusal>, StatusCode), HtmlRefusal> {
    let code = refusals.first().map_or(StatusCode::UNPROCESSABLE_ENTITY, |first| status(first.kind));
    let shown = refusals.into_iter().map(on_form).collect::<Result<Vec<_>, _>>()?;
    Ok((shown.concat(), code))
}
