//! `/notifications`: what one member was told; `/settings/notifications`: how they want to be told.

mod preferences;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::notifications::inbox::{Inbox, InboxOf, MOST_COUNTED};
use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::Notification;
use crate::domain::notifications::read::{Read, ReadAll};
use crate::http::access::SignedIn;
use crate::http::pages::address;
use crate::http::pages::answer::{carry_out, see_other};
use crate::http::pages::form::MemberPost;
use crate::http::pages::licenses::Day;
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Shell;
use crate::kernel::access::House;
use crate::kernel::ids::NotificationId;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

pub use preferences::{change, show as preferences};

const PATH: &str = "/notifications";
const PLACE: &str = "notifications";

#[derive(Template)]
#[template(path = "notifications/index.html")]
struct InboxPage {
    shell: Shell,
    asked: Asked,
    kinds: Vec<(&'static str, &'static str)>,
    rows: Vec<Row>,
    unread: i64,
    next: Option<String>,
}

/// One message, as the page prints it.
struct Row {
    id: String,
    icon: &'static str,
    words: String,
    note: Option<String>,
    by: Option<String>,
    path: String,
    at: Day,
    time: String,
    is_read: bool,
}

/// What the address asks for.
#[derive(serde::Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    after: String,
}

impl Asked {
    fn is_unread(&self) -> bool {
        self.show == "unread"
    }

    /// The address of the same inbox with these answers instead, from its first page on.
    fn address(&self, instead: &[(&str, &str)]) -> String {
        let own = [("show", if self.is_unread() { "unread" } else { "" }), ("kind", self.kind.as_str())];
        address::asked(PATH, &own, instead)
    }
}

impl InboxPage {
    fn is_narrowed(&self) -> bool {
        self.asked.is_unread() || !self.asked.kind.is_empty()
    }

    fn unread_words(&self) -> String {
        match self.unread {
            many if many >= MOST_COUNTED => "99+".to_owned(),
            few => few.to_string(),
        }
    }

    fn views(&self) -> [(String, &'static str, Option<String>, bool); 2] {
        let unread = self.asked.is_unread();
        [
            (self.asked.address(&[("show", "")]), "All", None, !unread),
            (self.asked.address(&[("show", "unread")]), "Unread", Some(self.unread_words()), unread),
        ]
    }

    fn range(&self) -> String {
        match self.rows.len() {
            1 => "1 message".to_owned(),
            count => format!("{count} messages"),
        }
    }
}

/// GET `/notifications?show=&kind=&after=`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    let asked = asked.into_inner();
    let (kind, after) = (Kind::parse(&asked.kind), NotificationId::parse(&asked.after));
    let question = InboxOf { is_unread: asked.is_unread(), kind, after };
    let Inbox { notifications, unread, next } = app.db.answer(&access, question).await?;
    let house = access.reading();
    let page = InboxPage {
        shell: Shell::load(&app, &request, &access, PLACE).await?,
        kinds: std::iter::once(("", "Every kind"))
            .chain(Kind::that_reach(&access).filter(|kind| kind.has_inbox()).map(|kind| (kind.code(), kind.label())))
            .collect(),
        rows: notifications.into_iter().map(|one| row(one, house)).collect(),
        next: next.map(|after| asked.address(&[("after", &after.to_string())])),
        unread,
        asked,
    };
    Ok(Page::ok(page).into_response())
}

fn row(notification: Notification, house: House) -> Row {
    let says_why = matches!(notification.kind, Kind::SeatDeclined | Kind::PlanAnswered);
    let note = notification.told.words.clone().filter(|_| says_why);
    Row {
        id: notification.id.to_string(),
        icon: notification.kind.icon(),
        words: notification.kind.words(&notification.told, house.locale),
        note: note.filter(|words| !words.is_empty()),
        by: notification.told.by.clone().filter(|_| notification.kind != Kind::SeatAsked),
        path: notification.path(),
        at: Day::of(notification.at, house),
        time: notification.at.with_timezone(&house.zone).format("%H:%M").to_string(),
        is_read: notification.is_read,
    }
}

/// POST `/notifications/{id}/read`.
pub async fn read(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let told = |_: &Notification| Answer::go(PATH, "Marked as read.");
    carry_out(&app, &request, (&access, &posted), Read { notification: parse(&id)? }, told).await
}

/// POST `/notifications/{id}/open`: marks it as read and leads to what it is about.
pub async fn open(
    app: web::Data<App>,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let opened = app.db.perform(&access, Read { notification: parse(&id)? }).await?;
    Ok(see_other(&opened.path()))
}

/// POST `/notifications/read-all`.
pub async fn read_all(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let told = |read: &usize| {
        let flash = match read {
            0 => "Everything was read already.".to_owned(),
            1 => "1 message marked as read.".to_owned(),
            many => format!("{many} messages marked as read."),
        };
        Answer::go(PATH, flash)
    };
    carry_out(&app, &request, (&access, &posted), ReadAll, told).await
}

fn parse(id: &str) -> Result<NotificationId, Refusal> {
    NotificationId::parse(id).ok_or_else(Refusal::not_found)
}
