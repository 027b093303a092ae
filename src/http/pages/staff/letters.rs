//! Sending a letter of a business once more.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::limits::{self, Asked};
use crate::domain::support::resend::{Resend, whose};
use crate::kernel::ids::LetterId;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::super::answer::give;
use super::super::refusal::HtmlRefusal;
use super::StaffPost;

/// POST `/staff/letters/{id}/resend`.
pub async fn resend(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business"])?;
    let letter = LetterId::parse(&id).ok_or_else(Refusal::not_found)?;
    let (business, to) = whose(&app.db, letter).await?;
    let access = access::by_staff_in(&app.db, &console, business).await?;
    let taken = limits::ask(&app.db, Asked::Resent(&to.to_lowercase())).await?;
    let location = format!("/staff/businesses/{business}#letters");
    let tell = move |to: &String| Answer::go(location.clone(), format!("The letter to {to} is sent again."));
    let done = app.db.perform_once(&access, posted.once(), Resend { letter }, tell).await;
    match done.as_ref().is_ok_and(|answer| answer.first_given.is_none()) {
        true => taken.keep(),
        false => taken.give_back(&app.db).await?,
    }
    Ok(give(&app, &request, done?).await?)
}
