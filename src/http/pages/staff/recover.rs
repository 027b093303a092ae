//! Recovering access to a business: asking for it, and taking it back.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::access;
use crate::domain::support::recover::Recover;
use crate::domain::support::recovery::RecoveryKind;
use crate::domain::support::session::Reason;
use crate::domain::support::stop::{Withdraw, business_of};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::RecoveryId;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::super::answer;
use super::super::form::{FormErrors, Posted};
use super::super::refusal::HtmlRefusal;
use super::business::{Panel, carry_out};
use super::{StaffPost, about};

/// POST `/staff/businesses/{id}/recover`.
pub async fn begin(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let access = about(&app, &console, &id).await?;
    let tell = |name: &String| {
        format!("The owners have been told. In a day access is recovered for {name}, unless one of them stops it.")
    };
    carry_out(&app, &request, (&console, &access), (Panel::Recover, &posted), parse(&posted), tell).await
}

fn parse(posted: &Posted) -> Result<Recover, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["business", "kind", "email", "reason"]));
    let kind = RecoveryKind::parse(posted.get("kind"));
    let kind = errors.take(kind.ok_or_else(|| Refusal::invalid("kind", "Choose what should be done.")));
    let email = errors.take(EmailAddress::parse(posted.get("email")));
    let reason = errors.take(Reason::parse(posted.get("reason")));
    let read = kind.zip(email).zip(reason).map(|((kind, email), reason)| Recover { kind, email, reason });
    errors.or(read)
}

/// POST `/staff/recoveries/{id}/withdraw`.
pub async fn withdraw(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let recovery = RecoveryId::parse(&id).ok_or_else(Refusal::not_found)?;
    let business = business_of(&app.db, recovery).await?;
    let access = access::by_staff_in(&app.db, &console, business).await?;
    let location = format!("/staff/businesses/{business}#recoveries");
    let tell = move |_: &()| Answer::go(location.clone(), "The recovery of access is taken back.");
    answer::carry_out(&app, &request, (&access, &posted), Withdraw { recovery }, tell).await
}
