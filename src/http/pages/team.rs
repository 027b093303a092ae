//! `/team`: who can sign in, with what waits beside it.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::team::member::MemberStatus;
use crate::domain::team::roster::{Places, SignIn, Team};
use crate::http::access::SignedIn;
use crate::kernel::access::House;
use crate::kernel::permission::Permission;

use super::invitations::Waiting;
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Shell;

#[derive(Template)]
#[template(path = "team/index.html")]
struct TeamPage {
    shell: Shell,
    rows: Vec<SignInRow>,
    pending: Vec<Waiting>,
    waiting: i64,
    places: String,
    may_invite: bool,
}

struct SignInRow {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    state: (&'static str, &'static str),
    /// For machines and for people; none: unknown.
    seen: Option<(String, String)>,
}

impl SignInRow {
    fn new(sign_in: SignIn, house: House, today: chrono::NaiveDate) -> Self {
        let seen = sign_in.last_seen_at.map(|at| (at.to_rfc3339(), house.locale.date_time(at, house.zone)));
        let state = match sign_in.member.standing(today) {
            MemberStatus::Active => ("good", "Active"),
            MemberStatus::Invited => ("info", "Invited again"),
            MemberStatus::Deactivated => ("warn", "Deactivated"),
            MemberStatus::Directory | MemberStatus::Left => ("", "Left"),
        };
        Self {
            id: sign_in.member.id.to_string(),
            name: sign_in.member.name,
            email: sign_in.member.email,
            role: sign_in.member.role.map_or("–", |role| role.label()),
            state,
            seen,
        }
    }
}

/// GET `/team`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let team = app.db.answer(&access, Team).await?;
    let (now, house) = (app.db.clock().now(), access.house());
    let today = now.with_timezone(&house.zone).date_naive();
    let rows = team.members.into_iter().map(|sign_in| SignInRow::new(sign_in, access.reading(), today));
    let page = TeamPage {
        shell: Shell::load(&app, &request, &access, "team").await?,
        rows: rows.collect(),
        pending: team.pending.into_iter().map(|row| Waiting::new(row, now, access.reading())).collect(),
        waiting: team.waiting,
        places: in_words(team.places),
        may_invite: access.may(Permission::Invite),
    };
    Ok(Page::ok(page).into_response())
}

/// "14 of the 25 your plan allows; a pending invitation holds its place."
pub(super) fn in_words(places: Places) -> String {
    match places.allowed {
        Some(allowed) => {
            format!("{} of the {allowed} your plan allows; a pending invitation holds its place.", places.taken)
        }
        None => format!("{} now; your plan allows any number.", places.taken),
    }
}
