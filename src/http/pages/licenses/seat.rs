//! `/licenses/{id}`: one seat, everybody who held it, and everything that can be done with it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::licenses::extend::Extend;
use crate::domain::licenses::history::HistoryOf;
use crate::domain::licenses::keys::{Reveal, SetKey};
use crate::domain::licenses::license_key::LicenseKey;
use crate::domain::licenses::list::Changeable;
use crate::domain::licenses::reassign::{Reassign, Reassigned};
use crate::domain::licenses::retire::{Restore, Retire};
use crate::domain::licenses::revoke::{Revoke, Revoked};
use crate::http::access::SignedIn;
use crate::http::pages::answer::{carry_out, give};
use crate::http::pages::form::{FormState, MemberPost, Posted, on_form};
use crate::http::pages::page::Page;
use crate::http::pages::refusal::{HtmlRefusal, status};
use crate::http::pages::shell::Shell;
use crate::kernel::access::Access;
use crate::kernel::ids::{AssignmentId, LicenseId};
use crate::kernel::once::Answer;
use crate::kernel::operation::Operation;
use crate::kernel::refusal::Refusal;

use super::seat_views::HistoryView;
use super::{After, form, today};

const PLACE: &str = "seats";

#[derive(Template)]
#[template(path = "licenses/show.html")]
struct LicensePage {
    shell: Shell,
    history: HistoryView,
    form: FormState,
    /// Its license key in the clear: shown here and nowhere else.
    revealed: Option<LicenseKey>,
}

/// GET `/licenses/{id}`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
    page: web::Query<After>,
) -> Result<HttpResponse, HtmlRefusal> {
    let after = page.after.as_deref().and_then(AssignmentId::parse);
    let seat = Seat { app: &app, request: &request, access: &access, license: parse(&id)? };
    seat.draw(after, FormState::default(), None, StatusCode::OK).await
}

/// POST `/licenses/{id}/revoke`.
pub async fn revoke(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let license = parse(&id)?;
    carry_out(&app, &request, (&access, &posted), Revoke { license }, revoked).await
}

fn revoked(revoked: &Revoked) -> Answer {
    let flash = match revoked.is_given_back {
        true => format!("You gave your seat of {} back.", revoked.name),
        false => format!("The seat of {} is revoked and free again.", revoked.holder),
    };
    let location = revoked.subscription.map_or_else(|| "/".to_owned(), |id| format!("/subscriptions/{id}"));
    Answer::go(location, flash)
}

/// POST `/licenses/{id}/reassign`.
pub async fn reassign(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let license = parse(&id)?;
    let asked = posted.only(&["member"]).and_then(|()| Ok(Reassign { license, to: form::known_receiver(&posted)? }));
    let said = |done: &Reassigned| format!("The seat of {} is {}’s now, with its key.", done.from, done.to);
    let seat = Seat { app: &app, request: &request, access: &access, license };
    seat.change(&posted, asked, said).await
}

/// POST `/licenses/{id}/extend`.
pub async fn extend(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let license = parse(&id)?;
    let asked =
        posted.only(&["expires_on"]).and_then(|()| Ok(Extend { license, expires_on: form::last_day(&posted)? }));
    let locale = access.reading().locale;
    let until = asked.as_ref().ok().and_then(|extend| extend.expires_on).map(|day| locale.date(day));
    let said = move |holder: &String| match &until {
        Some(day) => format!("{day} is the last day of {holder}’s seat now."),
        None => format!("{holder} holds the seat until it is revoked."),
    };
    let seat = Seat { app: &app, request: &request, access: &access, license };
    seat.change(&posted, asked, said).await
}

/// POST `/licenses/{id}/key`.
pub async fn set_key(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let license = parse(&id)?;
    let key = posted.only(&["key"]).and_then(|()| LicenseKey::parse(posted.get("key")));
    let asked = key.map(|key| SetKey { license, key });
    let seat = Seat { app: &app, request: &request, access: &access, license };
    seat.change(&posted, asked, |hint| format!("The license key {hint} is kept, encrypted.")).await
}

/// POST `/licenses/{id}/retire`.
pub async fn retire(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let license = parse(&id)?;
    let asked = posted.only(&[]).map(|()| Retire { license });
    let seat = Seat { app: &app, request: &request, access: &access, license };
    seat.change(&posted, asked, |name| format!("This seat of {name} is retired. It can be opened again.")).await
}

/// POST `/licenses/{id}/restore`.
pub async fn restore(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let license = parse(&id)?;
    let asked = posted.only(&[]).map(|()| Restore { license });
    let seat = Seat { app: &app, request: &request, access: &access, license };
    seat.change(&posted, asked, |name| format!("This seat of {name} can be given again.")).await
}

/// POST `/licenses/{id}/reveal`: shows the key on this one answer. Not an act that is done once: each look is recorded,
/// and no answer is kept.
pub async fn reveal(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let license = parse(&id)?;
    let key = app.db.perform(&access, Reveal { license }).await?;
    let seat = Seat { app: &app, request: &request, access: &access, license };
    seat.draw(None, FormState::default(), Some(key), StatusCode::OK).await
}

fn parse(id: &str) -> Result<LicenseId, Refusal> {
    LicenseId::parse(id).ok_or_else(Refusal::not_found)
}

/// One seat within one request.
struct Seat<'a> {
    app: &'a App,
    request: &'a HttpRequest,
    access: &'a Access,
    license: LicenseId,
}

impl Seat<'_> {
    /// Makes a change and shows the seat after it, or the page again with what is wrong.
    async fn change<O: Operation>(
        self,
        posted: &Posted,
        asked: Result<O, Refusal>,
        said: impl Fn(&O::Output) -> String + Send + Sync + 'static,
    ) -> Result<HttpResponse, HtmlRefusal> {
        let location = format!("/licenses/{}", self.license);
        let tell = move |done: &O::Output| Answer::go(location.clone(), said(done));
        let done = match asked {
            Ok(operation) => self.app.db.perform_once(self.access, posted.once(), operation, tell).await,
            Err(refusal) => Err(refusal),
        };
        match done {
            Ok(answer) => Ok(give(self.app, self.request, answer).await?),
            Err(refusal) => {
                let code = status(refusal.kind);
                let form = FormState::kept(posted).refused(&on_form(refusal)?);
                self.draw(None, form, None, code).await
            }
        }
    }

    async fn draw(
        self,
        after: Option<AssignmentId>,
        form: FormState,
        revealed: Option<LicenseKey>,
        code: StatusCode,
    ) -> Result<HttpResponse, HtmlRefusal> {
        let history = self.app.db.answer(self.access, HistoryOf { license: self.license, after }).await?;
        // What is wrong with a form is told to whoever may send it.
        match history.changeable {
            Changeable::Not if form.has_errors() => return Err(Refusal::not_allowed().into()),
            Changeable::Removed if form.has_errors() => return Err(Refusal::not_found().into()),
            _ => {}
        }
        let shell = Shell::load(self.app, self.request, self.access, PLACE).await?;
        let history = HistoryView::new(history, self.access, today(self.app, self.access));
        Ok(Page::with_status(code, LicensePage { shell, history, form, revealed }).into_response())
    }
}
