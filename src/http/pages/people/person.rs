//! `/people/{id}`: what the directory says of one person.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::app::App;
use crate::domain::team::member::MemberStatus;
use crate::domain::team::show::{Person, ShowPerson};
use crate::http::access::SignedIn;
use crate::http::pages::answer::give;
use crate::http::pages::choosing::{self, Beside};
use crate::http::pages::form::{FormState, MemberPost};
use crate::http::pages::licenses::{SeatRow, seats_of};
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Shell;
use crate::http::pages::team::MemberActs;
use crate::kernel::access::Access;
use crate::kernel::ids::MemberId;
use crate::kernel::locale::Locale;
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::{NOBODY, form, refused, require, today, views};

#[derive(Template)]
#[template(path = "people/show.html")]
struct PersonPage {
    shell: Shell,
    form: FormState,
    id: String,
    name: String,
    email: String,
    state: (&'static str, &'static str),
    /// Rows of (what, words) for whoever only looks.
    facts: Vec<(&'static str, String)>,
    /// What waits for them, in words.
    waiting: Option<String>,
    can_invite: bool,
    acts: MemberActs,
    /// Ids and names of the subscriptions they own.
    owns: Vec<(String, String)>,
    /// What somebody who is gone still has, in words.
    left_behind: Option<String>,
    can_assign: bool,
    seats: Vec<SeatRow>,
    edit: Option<Edit>,
}

/// What the form needs besides the person.
struct Edit {
    managers: choosing::People,
    departments: Vec<String>,
    /// Name and address belong to the person once they sign in.
    is_theirs: bool,
}

/// GET `/people/{id}`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let person = find(&app, &access, &id).await?;
    let form = form::filled(&person.member);
    draw(&app, &request, &access, person, form, StatusCode::OK).await
}

/// POST `/people/{id}`.
pub async fn change(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, mut posted }: MemberPost,
    id: web::Path<String>,
) -> Result<HttpResponse, HtmlRefusal> {
    let person = find(&app, &access, &id).await?;
    require(&access, Permission::ChangePeople)?;
    let unnamed = choosing::name(&app, &access, &mut posted, "manager").await;
    let done = match form::changed_person(&posted, &person.member) {
        Ok(change) => {
            let location = format!("/people/{}", person.member.id);
            let tell =
                move |name: &String| Answer::go(location.clone(), format!("What People says of {name} is saved."));
            let changed = app.db.perform_once(&access, posted.once(), change, tell).await;
            changed.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let (form, code) = refused(&posted, choosing::told(refusals, unnamed))?;
            draw(&app, &request, &access, person, form, code).await
        }
    }
}

async fn find(app: &App, access: &Access, id: &str) -> Result<Person, Refusal> {
    let member = MemberId::parse(id).ok_or_else(Refusal::not_found)?;
    app.db.answer(access, ShowPerson { member }).await
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    person: Person,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let standing = person.member.standing(today(app, access));
    let waiting = person.invitation.as_ref().map(|invitation| {
        let house = access.reading();
        let ends = house.locale.date(invitation.expires_at.with_timezone(&house.zone).date_naive());
        format!("Invited as {}; the key works until {ends}.", invitation.role.code())
    });
    let seats = seats_of(app, access, person.member.id).await?;
    let held = i64::try_from(seats.len()).map_err(Refusal::fault)?;
    let owned = i64::try_from(person.owns.len()).map_err(Refusal::fault)?;
    let (edit, form) = edit(app, access, &person, form).await?;
    let page = PersonPage {
        shell: Shell::load(app, request, access, "people").await?,
        form,
        id: person.member.id.to_string(),
        name: person.member.name.clone(),
        email: person.member.email.clone(),
        state: views::state(standing),
        facts: facts(&person, standing, access.reading().locale),
        waiting,
        can_invite: access.may(Permission::Invite) && views::can_be_invited(standing),
        can_assign: access.may(Permission::ChangeSubscriptions) && views::can_hold(standing),
        acts: MemberActs::new(&person.member, access, today(app, access)),
        owns: person.owns.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        left_behind: views::left_behind(standing, held, owned),
        seats,
        edit,
    };
    Ok(Page::with_status(code, page).into_response())
}

async fn edit(
    app: &App,
    access: &Access,
    person: &Person,
    form: FormState,
) -> Result<(Option<Edit>, FormState), Refusal> {
    if !person.can_change {
        return Ok((None, form));
    }
    let present = person.member.manager.zip(person.manager.clone());
    let beside = Beside { nobody: Some(NOBODY), present, never: Some(person.member.id) };
    let (managers, form) = choosing::offer(app, access, (form, "manager"), beside).await?;
    let (departments, is_theirs) = (person.departments.clone(), person.member.user.is_some());
    Ok((Some(Edit { managers, departments, is_theirs }), form))
}

fn facts(person: &Person, standing: MemberStatus, locale: Locale) -> Vec<(&'static str, String)> {
    let day = |day: Option<NaiveDate>| day.map_or_else(nothing, |day| locale.date(day));
    let member = &person.member;
    let role = match (standing, member.role) {
        (MemberStatus::Active, Some(role)) => role.label().to_owned(),
        _ => "No sign-in".to_owned(),
    };
    vec![
        ("Role", role),
        ("Department", Some(member.department.clone()).filter(|name| !name.is_empty()).unwrap_or_else(nothing)),
        ("Manager", person.manager.clone().unwrap_or_else(nothing)),
        ("First day", day(member.joined_on)),
        ("Last day", day(member.left_on)),
    ]
}

fn nothing() -> String {
    "–".to_owned()
}
