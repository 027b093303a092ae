//! `/renewals/feed`: one's own calendar feed, made, made anew and turned off. Its address is shown once.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::renewals::feed::{EndFeed, Feed, MakeFeed, OwnFeed};
use crate::http::access::SignedIn;
use crate::http::pages::answer::carry_out;
use crate::http::pages::form::MemberPost;
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Shell;
use crate::kernel::access::Access;
use crate::kernel::once::Answer;

use super::{PATH, PLACE};

#[derive(Template)]
#[template(path = "renewals/feed.html")]
struct FeedPage {
    shell: Shell,
    /// Since when there is one, and when it was last fetched.
    feed: Option<(String, String)>,
    /// The address, on the one page that shows it, and the same for programs that take calendars.
    address: Option<(String, String)>,
}

/// GET `/renewals/feed`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    draw(&app, &request, &access, None).await
}

/// POST `/renewals/feed`. The key is on this one answer, and nowhere at rest: so it is not kept for a second click, which
/// makes another key.
pub async fn make(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let key = app.db.perform(&access, MakeFeed).await?;
    let address = app.config.base_url.join(&format!("/calendar/{}.ics", key.to_text()));
    let subscribed = address.split_once("://").map(|(_, rest)| format!("webcal://{rest}")).unwrap_or_default();
    draw(&app, &request, &access, Some((address, subscribed))).await
}

/// POST `/renewals/feed/off`.
pub async fn end(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let told = |_: &()| Answer::go(PATH, "Your calendar feed is off. Its address works no more.");
    carry_out(&app, &request, (&access, &posted), EndFeed, told).await
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    address: Option<(String, String)>,
) -> Result<HttpResponse, HtmlRefusal> {
    let house = access.reading();
    let told = |feed: Feed| {
        let made = house.locale.date_time(feed.made_at, house.zone);
        let read = feed.read_at.map_or_else(
            || "No calendar has fetched it yet.".to_owned(),
            |at| format!("A calendar last fetched it about {}.", house.locale.date_time(at, house.zone)),
        );
        (made, read)
    };
    let feed = app.db.answer(access, OwnFeed).await?.map(told);
    let page = FeedPage { shell: Shell::load(app, request, access, PLACE).await?, feed, address };
    Ok(Page::ok(page).into_response())
}
