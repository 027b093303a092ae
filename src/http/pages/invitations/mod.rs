//! `/team/invitations`: inviting, and what came of it. What an invited person sees is in `join.rs`.

mod form;
mod views;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::config::Mail;
use crate::domain::team::invitation::InvitationState;
use crate::domain::team::invite::Invited;
use crate::domain::team::link::MakeLink;
use crate::domain::team::rank;
use crate::domain::team::resend::Resend;
use crate::domain::team::roster::Invitations;
use crate::domain::team::withdraw::Withdraw;
use crate::http::access::SignedIn;
use crate::kernel::access::Access;
use crate::kernel::ids::InvitationId;
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::answer::{carry_out, give};
use super::form::{FormState, MemberPost};
use super::page::Page;
use super::people::{refused, require};
use super::refusal::HtmlRefusal;
use super::shell::Shell;
use super::team::in_words;

pub use views::Waiting;

const PATH: &str = "/team/invitations";

#[derive(Template)]
#[template(path = "team/invitations.html")]
struct InvitationsPage {
    shell: Shell,
    form: FormState,
    rows: Vec<Waiting>,
    state: InvitationState,
    /// Code, words and count of each state.
    views: Vec<(&'static str, &'static str, i64)>,
    places: String,
    left: Option<i64>,
    departments: Vec<String>,
    /// The roles that can be given; none for whoever may not invite.
    roles: Option<Vec<(String, String)>>,
    /// Whether links are made by hand here, because no letters are sent.
    by_hand: bool,
    /// The address and the link that was just made: shown here and nowhere else.
    link: Option<(String, String)>,
    previous: Option<String>,
    next: Option<String>,
}

impl InvitationsPage {
    fn range(&self) -> String {
        let total = self.views.iter().find(|(code, ..)| *code == self.state.code()).map_or(0, |(.., count)| *count);
        match total {
            1 => "1 invitation".to_owned(),
            total if usize::try_from(total).is_ok_and(|total| total == self.rows.len()) => {
                format!("{total} invitations")
            }
            total => format!("{} of {total} invitations", self.rows.len()),
        }
    }

    fn emptiness(&self) -> &'static str {
        match self.state {
            InvitationState::Pending => "Nobody is invited just now. An invitation waits here until its person joins.",
            InvitationState::Accepted => "Whoever joins through an invitation stands here.",
            InvitationState::Expired => "An invitation that nobody used within 7 days stands here.",
            InvitationState::Withdrawn => "An invitation that was taken back stands here.",
        }
    }
}

/// GET `/team/invitations?state=&emails=`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let asked = form::Asked::of(request.query_string());
    let form = FormState::with(&[("emails", &asked.emails), ("role", "user")]);
    draw(&app, &request, &access, asked, form, StatusCode::OK, None).await
}

/// POST `/team/invitations`.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    require(&access, Permission::Invite)?;
    let done = match form::invitation(&posted) {
        Ok(invite) => {
            let invited = app.db.perform_once(&access, posted.once(), invite, told).await;
            invited.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let (form, code) = refused(&posted, refusals)?;
            draw(&app, &request, &access, form::Asked::default(), form, code, None).await
        }
    }
}

fn told(invited: &Invited) -> Answer {
    let mut said = match invited.sent.as_slice() {
        [] => "Nobody new was invited.".to_owned(),
        [one] => format!("Invited {one}."),
        [one, two] => format!("Invited {one} and {two}."),
        many => format!("Invited {} people.", many.len()),
    };
    for (who, how) in [(&invited.active, "in the team already"), (&invited.waiting, "invited already")] {
        match who.as_slice() {
            [] => {}
            [one] => said.push_str(&format!(" {one} is {how}.")),
            many => said.push_str(&format!(" {} are {how}.", many.join(", "))),
        }
    }
    Answer::go(PATH, said)
}

/// POST `/team/invitations/{id}/resend`.
pub async fn resend(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let resend = Resend { invitation: parse(&id)? };
    let tell = |email: &String| Answer::go(PATH, format!("Invitation to {email} sent again, with a new key."));
    carry_out(&app, &request, (&access, &posted), resend, tell).await
}

/// POST `/team/invitations/{id}/withdraw`.
pub async fn withdraw(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let withdraw = Withdraw { invitation: parse(&id)? };
    let tell =
        |email: &String| Answer::go(PATH, format!("The invitation of {email} is withdrawn; its key works no more."));
    carry_out(&app, &request, (&access, &posted), withdraw, tell).await
}

/// POST `/team/invitations/{id}/link`: only where no letters are sent. The key is on this one answer, and nowhere at
/// rest: so it is not kept for a second click, which makes another key.
pub async fn link(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    if app.config.mail != Mail::Folder {
        return Err(Refusal::not_found().into());
    }
    let made = app.db.perform(&access, MakeLink { invitation: parse(&id)? }).await?;
    let address = app.config.base_url.join(&format!("/join?key={}", made.key.to_text()));
    let form = FormState::with(&[("role", "user")]);
    let link = Some((made.email, address));
    draw(&app, &request, &access, form::Asked::default(), form, StatusCode::OK, link).await
}

fn parse(id: &str) -> Result<InvitationId, Refusal> {
    InvitationId::parse(id).ok_or_else(Refusal::not_found)
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    asked: form::Asked,
    form: FormState,
    code: StatusCode,
    link: Option<(String, String)>,
) -> Result<HttpResponse, HtmlRefusal> {
    let (state, turn) = (asked.state, asked.turn);
    let found = app.db.answer(access, Invitations { state, turn }).await?;
    let (now, house) = (app.db.clock().now(), access.reading());
    let at = |place: &str, id: InvitationId| format!("{PATH}?state={}&{place}={id}", state.code());
    let roles = access.may(Permission::Invite).then(|| {
        let grantable = rank::grantable(rank::of(access));
        grantable.map(|role| (role.code().to_owned(), role.label().to_owned())).collect()
    });
    let page = InvitationsPage {
        shell: Shell::load(app, request, access, "team").await?,
        form,
        rows: found.rows.into_iter().map(|row| Waiting::new(row, now, house)).collect(),
        state,
        views: found.counts.iter().map(|(state, count)| (state.code(), state.label(), *count)).collect(),
        places: in_words(found.places),
        left: found.places.left(),
        departments: found.departments,
        roles,
        by_hand: app.config.mail == Mail::Folder,
        link,
        previous: found.previous.map(|id| at("before", id)),
        next: found.next.map(|id| at("after", id)),
    };
    Ok(Page::with_status(code, page).into_response())
}
