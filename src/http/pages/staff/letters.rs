//! Sending a letter of a business once more.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::access;
use crate::domain::support::resend::{Resend, business_of};
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
    let business = business_of(&app.db, letter).await?;
    let access = access::by_staff_in(&app.db, &console, business).await?;
    let location = format!("/staff/businesses/{business}#letters");
    let tell = move |to: &String| Answer::go(location.clone(), format!("The letter to {to} is sent again."));
    let answer = app.db.perform_once(&access, posted.once(), Resend { letter }, tell).await?;
    Ok(give(&app, &request, answer).await?)
}
