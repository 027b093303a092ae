//! Giving a business another plan, or more than its plan allows.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::plans::choose::Chosen;
use crate::domain::plans::give::More;
use crate::domain::plans::plan::Meter;
use crate::domain::support::answer_plan::AnswerPlanRequest;
use crate::domain::support::give::{GiveMore, GivePlan};
use crate::domain::support::session::Reason;
use crate::domain::support::take_back::TakeBack;
use crate::kernel::ids::OverrideId;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::super::answer;
use super::super::form::{self, FormErrors, Posted};
use super::super::refusal::HtmlRefusal;
use super::business::{Panel, carry_out};
use super::{StaffPost, about};

/// More than anybody needs, and far from what a number can hold.
const MOST: i64 = 1_000_000_000_000;

/// POST `/staff/businesses/{id}/plan`.
pub async fn plan(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let access = about(&app, &console, &id).await?;
    let (asked, tell) = (parse_plan(&posted), |chosen: &Chosen| chosen.said.clone());
    carry_out(&app, &request, (&console, &access), (Panel::Plan, &posted), asked, tell).await
}

/// POST `/staff/businesses/{id}/override`.
pub async fn more(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let access = about(&app, &console, &id).await?;
    let (asked, tell) = (parse_more(&posted), |said: &String| said.clone());
    carry_out(&app, &request, (&console, &access), (Panel::More, &posted), asked, tell).await
}

/// POST `/staff/businesses/{id}/answer`.
pub async fn answer_request(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let access = about(&app, &console, &id).await?;
    let (asked, tell) = (parse_answer(&posted), |chosen: &Chosen| chosen.said.clone());
    carry_out(&app, &request, (&console, &access), (Panel::Answer, &posted), asked, tell).await
}

/// POST `/staff/businesses/{id}/take-back`.
pub async fn take_back(
    app: web::Data<App>,
    request: HttpRequest,
    StaffPost { console, posted }: StaffPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business", "override"])?;
    let access = about(&app, &console, &id).await?;
    let given = OverrideId::parse(posted.get("override")).ok_or_else(Refusal::not_found)?;
    let location = format!("/staff/businesses/{}", access.business());
    let tell = move |said: &String| Answer::go(location.clone(), said.clone());
    answer::carry_out(&app, &request, (&access, &posted), TakeBack { given }, tell).await
}

fn parse_answer(posted: &Posted) -> Result<AnswerPlanRequest, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["business", "answer", "reason"]));
    let declined = match posted.get("answer") {
        "approve" => Ok(None),
        "decline" => Reason::parse(posted.get("reason")).map(Some),
        _ => Err(Refusal::invalid("answer", "Choose one of the two.")),
    };
    let declined = errors.take(declined);
    errors.or(declined.map(|declined| AnswerPlanRequest { declined }))
}

fn parse_plan(posted: &Posted) -> Result<GivePlan, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["business", "plan", "reason", "expires_on"]));
    let plan = Some(posted.get("plan")).filter(|code| !code.is_empty() && code.len() <= 40);
    let plan = errors.take(plan.ok_or_else(|| Refusal::invalid("plan", "Choose one of the plans on sale.")));
    let reason = errors.take(Reason::parse(posted.get("reason")));
    let expires_on = errors.take(form::day("expires_on", posted.get("expires_on")));
    let read = plan.zip(reason).zip(expires_on);
    errors.or(read.map(|((plan, reason), expires_on)| GivePlan { plan: plan.to_owned(), reason, expires_on }))
}

fn parse_more(posted: &Posted) -> Result<GiveMore, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["business", "meter", "limit", "extra", "ends_on", "reason", "expires_on"]));
    let more = errors.take(what(posted));
    let reason = errors.take(Reason::parse(posted.get("reason")));
    let expires_on = errors.take(form::day("expires_on", posted.get("expires_on")));
    if let (Some(More::LongerCycle(_)), Some(Some(_))) = (more, expires_on) {
        errors.add(Refusal::invalid("expires_on", "A longer cycle ends by itself. Leave this empty."));
    }
    let read = more.zip(reason).zip(expires_on);
    errors.or(read.map(|((more, reason), expires_on)| GiveMore { more, reason, expires_on }))
}

/// Exactly one of the three.
fn what(posted: &Posted) -> Result<More, Refusal> {
    let ends_on = form::day("ends_on", posted.get("ends_on"))?;
    match (number(posted, "limit")?, number(posted, "extra")?, ends_on) {
        (Some(limit), None, None) => Ok(More::Limit(meter(posted)?, limit)),
        (None, Some(extra), None) => Ok(More::Extra(meter(posted)?, extra)),
        (None, None, Some(day)) => Ok(More::LongerCycle(day)),
        _ => Err(Refusal::invalid("limit", "Fill in one of the three: a limit, extra, or the last day of the cycle.")),
    }
}

fn meter(posted: &Posted) -> Result<Meter, Refusal> {
    Meter::parse(posted.get("meter")).ok_or_else(|| Refusal::invalid("meter", "Choose from the list."))
}

fn number(posted: &Posted, field: &'static str) -> Result<Option<i64>, Refusal> {
    match posted.get(field) {
        "" => Ok(None),
        typed => {
            let number = typed.parse().ok().filter(|number| (1..=MOST).contains(number));
            number.map(Some).ok_or_else(|| Refusal::invalid(field, "Write a whole number of 1 or more, without signs."))
        }
    }
}
