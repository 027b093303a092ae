//! `POST /subscriptions/bulk`: one change to all that were ticked in the list.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::subscriptions::change_many::{ChangeMany, ToEach};
use crate::http::pages::answer::carry_out;
use crate::http::pages::form::{MemberPost, Posted};
use crate::http::pages::refusal::HtmlRefusal;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

/// POST `/subscriptions/bulk`.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["id", "verb", "new_owner", "list"])?;
    let ids = posted.all("id").map(|id| SubscriptionId::parse(id).ok_or_else(Refusal::not_found));
    let ids = ids.collect::<Result<Vec<_>, Refusal>>()?;
    let (to_each, back) = (to_each(&posted)?, back(posted.get("list")));
    let verb = if to_each == ToEach::Remove { "Removed" } else { "Changed" };
    let told = move |count: &usize| Answer::go(back.as_str(), said(verb, *count));
    carry_out(&app, &request, (&access, &posted), ChangeMany { ids, to_each }, told).await
}

fn to_each(posted: &Posted) -> Result<ToEach, Refusal> {
    match posted.get("verb") {
        "remove" => Ok(ToEach::Remove),
        "owner" => MemberId::parse(posted.get("new_owner"))
            .map(ToEach::Owner)
            .ok_or_else(|| Refusal::invalid("owner", "Choose somebody of this business as the owner.")),
        _ => Err(Refusal::invalid("verb", "Choose what becomes of those that are ticked.")),
    }
}

/// The list as it was narrowed and sorted, from its first page on.
fn back(list: &str) -> String {
    let known = ["q", "status", "category", "owner", "sort"];
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(url::form_urlencoded::parse(list.as_bytes()).filter(|(name, _)| known.contains(&name.as_ref())));
    match query.finish() {
        empty if empty.is_empty() => "/subscriptions".to_owned(),
        query => format!("/subscriptions?{query}"),
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
