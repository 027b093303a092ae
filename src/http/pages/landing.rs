//! The front page for strangers, and the door to home for everybody else.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::access;
use crate::domain::plans::offers::Offers;
use crate::domain::plans::plan::Plan;
use crate::http::context::Context;
use crate::http::session::Signed;
use crate::kernel::locale::Locale;
use crate::kernel::refusal::Refusal;

use super::answer::see_other;
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Entrance;
use super::sign_up::may_found;
use super::staff::is_staff;
use super::views::PlanOffer;

#[derive(Template)]
#[template(path = "landing/index.html")]
struct LandingPage {
    entrance: Entrance,
    plans: Vec<PlanOffer>,
    can_sign_up: bool,
    demo: Option<String>,
}

/// `/`: what Subledger does, or home.
pub async fn front(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, HtmlRefusal> {
    if Signed::of(&request).user()?.is_some() {
        let staff = request.clone();
        return match super::home::show(app, request).await {
            // Whoever runs the installation and belongs to no business is at home at its console.
            Err(refused) if refused.refusal().code == "no_business" && is_staff(&staff).await? => {
                Ok(see_other("/staff"))
            }
            home => home,
        };
    }
    let locale = locale_of(&request);
    let plans = offered_plans(&app, &request).await?;
    let page = LandingPage {
        entrance: Entrance::of(&request),
        plans: plans.iter().map(|plan| PlanOffer::new(plan, locale)).collect(),
        can_sign_up: may_found(&app, None).await?,
        demo: None,
    };
    Ok(Page::ok(page).into_response())
}

/// The plans anybody can choose.
pub async fn offered_plans(app: &App, request: &HttpRequest) -> Result<Vec<Plan>, Refusal> {
    app.db.answer(&access::for_visitor(None, Context::of(request).source()), Offers).await
}

/// The locale of the reader's browser.
pub fn locale_of(request: &HttpRequest) -> Locale {
    let header = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.map_or_else(Locale::default, Locale::from_accept_language)
}
