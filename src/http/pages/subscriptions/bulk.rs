//! `POST /subscriptions/bulk`: one change to all that were ticked in the list.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::subscriptions::change_many::{ChangeMany, ToEach};
use crate::http::pages::address;
use crate::http::pages::answer::give;
use crate::http::pages::choosing;
use crate::http::pages::form::{FormState, MemberPost, Posted, all_on_form};
use crate::http::pages::refusal::HtmlRefusal;
use crate::kernel::access::Access;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::index::{self, Asked};

/// POST `/subscriptions/bulk`.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, mut posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["id", "verb", "new_owner", "list"])?;
    let unnamed = match posted.get("verb") {
        "owner" => choosing::name(&app, &access, &mut posted, "new_owner").await,
        _ => None,
    };
    match perform(&app, &access, &posted).await {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusal) => {
            let refusal = if refusal.field == Some("owner") { refusal.at("new_owner") } else { refusal };
            let (shown, code) = all_on_form(choosing::told(vec![refusal], unnamed))?;
            let form = FormState::kept(&posted).refused(&shown);
            index::draw(&app, &request, &access, Asked::of_form(posted.get("list")), form, code).await
        }
    }
}

async fn perform(app: &App, access: &Access, posted: &Posted) -> Result<Answer, Refusal> {
    let ids = posted.all("id").map(|id| SubscriptionId::parse(id).ok_or_else(Refusal::not_found));
    let ids = ids.collect::<Result<Vec<_>, Refusal>>()?;
    let kept = ["q", "status", "category", "owner", "sort"];
    let (to_each, back) = (to_each(posted)?, address::back("/subscriptions", posted.get("list"), &kept));
    let verb = if to_each == ToEach::Remove { "Removed" } else { "Changed" };
    let told = move |count: &usize| Answer::go(back.as_str(), said(verb, *count));
    app.db.perform_once(access, posted.once(), ChangeMany { ids, to_each }, told).await
}

fn to_each(posted: &Posted) -> Result<ToEach, Refusal> {
    match posted.get("verb") {
        "remove" => Ok(ToEach::Remove),
        "owner" => MemberId::parse(posted.get("new_owner"))
            .map(ToEach::Owner)
            .ok_or_else(|| Refusal::invalid("new_owner", "Choose somebody of this business as the owner.")),
        _ => Err(Refusal::invalid("verb", "Choose what becomes of those that are ticked.")),
    }
}

fn said(verb: &str, count: usize) -> String {
    match (verb, count) {
        (_, 0) => "They were so already. Nothing was changed.".to_owned(),
        ("Removed", 1) => "Removed one subscription. It can be restored at any time.".to_owned(),
        ("Removed", _) => format!("Removed {count} subscriptions. They can be restored at any time."),
        (_, 1) => "Changed one subscription.".to_owned(),
        _ => format!("Changed {count} subscriptions."),
    }
}
