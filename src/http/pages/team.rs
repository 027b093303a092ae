//! `/team`: who can sign in, with what waits beside it, and what can be done with each of them.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::team::change_role::ChangeRole;
use crate::domain::team::deactivate::Deactivate;
use crate::domain::team::hand_over::HandOver;
use crate::domain::team::member::{Member, MemberStatus};
use crate::domain::team::rank;
use crate::domain::team::reactivate::Reactivate;
use crate::domain::team::roster::{Places, SignIn, Team};
use crate::domain::team::show::ShowPerson;
use crate::http::access::SignedIn;
use crate::http::proof::require_proved;
use crate::kernel::access::Access;
use crate::kernel::ids::MemberId;
use crate::kernel::once::Answer;
use crate::kernel::permission::{Permission, Role};
use crate::kernel::refusal::{Kind, Refusal};

use super::answer::{carry_out, give};
use super::form::{FormState, MemberPost};
use super::invitations::Waiting;
use super::page::Page;
use super::refusal::{HtmlRefusal, status};
use super::shell::Shell;

const PATH: &str = "/team";

#[derive(Template)]
#[template(path = "team/index.html")]
struct TeamPage {
    shell: Shell,
    rows: Vec<SignInRow>,
    pending: Vec<Waiting>,
    waiting: i64,
    places: String,
    may_invite: bool,
    may_change: bool,
}

struct SignInRow {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    state: (&'static str, &'static str),
    /// For machines and for people; none: unknown.
    seen: Option<(String, String)>,
    acts: MemberActs,
}

/// What whoever looks may do with somebody of the team.
pub struct MemberActs {
    /// The person's id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// The other roles that can be given: codes and words.
    pub roles: Vec<(&'static str, &'static str)>,
    /// Whether their sign-in can be ended.
    pub can_deactivate: bool,
    /// Whether it can be given back.
    pub can_reactivate: bool,
    /// Whether the business can be handed over to them.
    pub can_receive: bool,
}

impl MemberActs {
    /// What may be done with this person today.
    pub fn new(member: &Member, access: &Access, today: chrono::NaiveDate) -> Self {
        let (own, is_active) = (rank::of(access), member.can_sign_in(today));
        let is_deactivated = member.standing(today) == MemberStatus::Deactivated;
        let is_below = access.may(Permission::ChangeTeam) && rank::require_not_above(own, member.role).is_ok();
        let is_other = |role: &Role| is_active && is_below && member.role != Some(*role);
        let given = rank::grantable(own).filter(is_other);
        Self {
            id: member.id.to_string(),
            name: member.name.clone(),
            roles: given.map(|role| (role.code(), role.label())).collect(),
            can_deactivate: is_below && is_active,
            can_reactivate: is_below && is_deactivated && member.user.is_some(),
            can_receive: is_active && access.may(Permission::HandOver) && access.member() != Some(member.id),
        }
    }

    /// Whether there is anything at all.
    pub fn any(&self) -> bool {
        self.can_deactivate || self.can_reactivate || self.can_receive
    }
}

impl SignInRow {
    fn new(sign_in: SignIn, access: &Access, today: chrono::NaiveDate) -> Self {
        let house = access.reading();
        let seen = sign_in.last_seen_at.map(|at| (at.to_rfc3339(), house.locale.date_time(at, house.zone)));
        let state = match sign_in.member.standing(today) {
            MemberStatus::Active => ("good", "Active"),
            MemberStatus::Invited => ("info", "Invited again"),
            MemberStatus::Deactivated => ("warn", "Deactivated"),
            MemberStatus::Directory | MemberStatus::Left => ("", "Left"),
        };
        Self {
            acts: MemberActs::new(&sign_in.member, access, today),
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
    let rows = team.members.into_iter().map(|sign_in| SignInRow::new(sign_in, &access, today));
    let page = TeamPage {
        shell: Shell::load(&app, &request, &access, "team").await?,
        rows: rows.collect(),
        pending: team.pending.into_iter().map(|row| Waiting::new(row, now, access.reading())).collect(),
        waiting: team.waiting,
        places: in_words(team.places),
        may_invite: access.may(Permission::Invite),
        may_change: access.may(Permission::ChangeTeam),
    };
    Ok(Page::ok(page).into_response())
}

/// POST `/team/{id}/role`.
pub async fn change_role(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["role"])?;
    let member = parse(&id)?;
    let Some(role) = Role::parse(posted.get("role")) else {
        super::people::require(&access, Permission::ChangeTeam)?;
        return Err(Refusal::invalid("role", "Choose one of the roles: owner, admin, auditor or user.").into());
    };
    // Whoever lowers themselves below looking at the team goes home.
    let is_farewell = access.member() == Some(member) && !role.permissions().allow(Permission::SeeTeam);
    let to = if is_farewell { "/" } else { PATH };
    let tell = move |said: &String| Answer::go(to, said.clone());
    carry_out(&app, &request, (&access, &posted), ChangeRole { member, role }, tell).await
}

/// POST `/team/{id}/deactivate`.
pub async fn deactivate(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let member = parse(&id)?;
    let to = if access.member() == Some(member) { "/businesses" } else { PATH };
    let tell = move |said: &String| Answer::go(to, said.clone());
    carry_out(&app, &request, (&access, &posted), Deactivate { member }, tell).await
}

/// POST `/team/{id}/reactivate`.
pub async fn reactivate(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let tell = |said: &String| Answer::go(PATH, said.clone());
    carry_out(&app, &request, (&access, &posted), Reactivate { member: parse(&id)? }, tell).await
}

#[derive(Template)]
#[template(path = "team/hand_over.html")]
struct HandOverPage {
    shell: Shell,
    form: FormState,
    id: String,
    name: String,
    role: &'static str,
}

/// GET `/team/{id}/hand-over`: what will happen, and the name to type.
pub async fn ask_hand_over(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    super::people::require(&access, Permission::HandOver)?;
    require_proved(&request, PATH)?;
    draw_hand_over(&app, &request, &access, parse(&id)?, Vec::new()).await
}

/// POST `/team/{id}/hand-over`.
pub async fn hand_over(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["confirm"])?;
    let member = parse(&id)?;
    // Whoever may not hand it over is refused below, where the attempt is recorded.
    if access.may(Permission::HandOver) {
        require_proved(&request, PATH)?;
    }
    let hand_over = HandOver { member, confirm: posted.get("confirm").to_owned() };
    let tell = |said: &String| Answer::go(PATH, said.clone());
    match app.db.perform_once(&access, posted.once(), hand_over, tell).await {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            draw_hand_over(&app, &request, &access, member, vec![refusal]).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

async fn draw_hand_over(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    member: MemberId,
    refusals: Vec<Refusal>,
) -> Result<HttpResponse, HtmlRefusal> {
    let person = app.db.answer(access, ShowPerson { member }).await?;
    let code = refusals.first().map_or(actix_web::http::StatusCode::OK, |first| status(first.kind));
    let page = HandOverPage {
        shell: Shell::load(app, request, access, "team").await?,
        form: FormState::default().refused(&refusals),
        id: member.to_string(),
        role: person.member.role.map_or("not in the team", |role| role.label()),
        name: person.member.name,
    };
    Ok(Page::with_status(code, page).into_response())
}

fn parse(id: &str) -> Result<MemberId, Refusal> {
    MemberId::parse(id).ok_or_else(Refusal::not_found)
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
