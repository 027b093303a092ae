//! `/people`: the directory of a business. One person's page is in `person.rs`.

mod form;
mod person;
mod views;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::app::App;
use crate::domain::team::list::{Filter, People, Turn};
use crate::domain::team::member::MemberStatus;
use crate::http::access::SignedIn;
use crate::kernel::access::{Access, Sees};
use crate::kernel::ids::MemberId;
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::address;
use super::answer::give;
use super::choosing::{self, Beside};
use super::form::{FormState, MemberPost, Posted, all_on_form};
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Shell;
use views::PersonRow;

pub use person::{change, show};

/// The words for no manager.
const NOBODY: &str = "Nobody";

/// Rows of (value, words) for a select.
type Options = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "people/index.html")]
struct PeoplePage {
    shell: Shell,
    form: FormState,
    adding: Option<choosing::People>,
    may_add: bool,
    may_invite: bool,
    may_assign: bool,
    may_export: bool,
    sees_all: bool,
    asked: Asked,
    rows: Vec<PersonRow>,
    total: i64,
    departments: Vec<String>,
    managers: Vec<(String, String)>,
    previous: Option<String>,
    next: Option<String>,
}

/// What can be asked for in the address of the page.
#[derive(Clone, Default, serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    department: String,
    #[serde(default)]
    manager: String,
    #[serde(default)]
    status: String,
    after: Option<String>,
    before: Option<String>,
    add: Option<String>,
}

impl Asked {
    /// What the list is narrowed to.
    pub(in crate::http::pages) fn filter(&self) -> Filter {
        Filter {
            words: self.q.clone(),
            department: self.department.clone(),
            manager: MemberId::parse(&self.manager),
            status: MemberStatus::parse(&self.status),
        }
    }

    fn turn(&self) -> Turn {
        let id = |text: &Option<String>| text.as_deref().and_then(MemberId::parse);
        match (id(&self.after), id(&self.before)) {
            (Some(after), _) => Turn::After(after),
            (None, Some(before)) => Turn::Before(before),
            (None, None) => Turn::First,
        }
    }

    fn is_narrowed(&self) -> bool {
        ![&self.q, &self.department, &self.manager, &self.status].iter().all(|part| part.is_empty())
    }

    /// The address of the same list at another place.
    fn at(&self, place: &str, id: MemberId) -> String {
        self.address("/people", &[(place, &id.to_string())])
    }

    /// The address of the same list as a file.
    fn csv(&self) -> String {
        self.address("/people.csv", &[])
    }

    fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let own = [
            ("q", self.q.as_str()),
            ("department", self.department.as_str()),
            ("manager", self.manager.as_str()),
            ("status", self.status.as_str()),
        ];
        address::asked(path, &own, more)
    }
}

impl PeoplePage {
    fn range(&self) -> String {
        let shown = self.rows.len();
        match self.total {
            1 => "1 person".to_owned(),
            total if usize::try_from(total).is_ok_and(|total| total == shown) => format!("{total} people"),
            total => format!("{shown} of {total} people"),
        }
    }

    fn statuses(&self) -> Options {
        let any = [(String::new(), "Any status".to_owned())];
        let each = MemberStatus::ALL.map(|status| (status.code().to_owned(), status.label().to_owned()));
        any.into_iter().chain(each).collect()
    }

    fn departments_to_choose(&self) -> Options {
        let any = [(String::new(), "Any department".to_owned())];
        let each = self.departments.iter().map(|name| (name.clone(), name.clone()));
        any.into_iter().chain(each).collect()
    }

    fn managers_to_choose(&self) -> Options {
        let any = [(String::new(), "Any manager".to_owned())];
        any.into_iter().chain(self.managers.iter().cloned()).collect()
    }
}

/// GET `/people`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    draw(&app, &request, &access, asked.into_inner(), FormState::default(), StatusCode::OK).await
}

/// POST `/people`: adds a person.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, mut posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    require(&access, Permission::ChangePeople)?;
    let unnamed = choosing::name(&app, &access, &mut posted, "manager").await;
    let done = match form::new_person(&posted) {
        Ok(add) => {
            let flash = format!("{} is in People now, and can be given seats.", add.name);
            let tell = move |member: &MemberId| Answer::go(format!("/people/{member}"), flash.clone());
            let added = app.db.perform_once(&access, posted.once(), add, tell).await;
            added.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let (form, code) = refused(&posted, choosing::told(refusals, unnamed))?;
            let asked = Asked { add: Some("1".to_owned()), ..Asked::default() };
            draw(&app, &request, &access, asked, form, code).await
        }
    }
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    asked: Asked,
    mut form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let people = People { filter: asked.filter(), turn: asked.turn() };
    let found = app.db.answer(access, people).await?;
    let may_add = access.may(Permission::ChangePeople);
    let adding = match may_add && asked.add.is_some() {
        true => {
            let beside = Beside { nobody: Some(NOBODY), ..Beside::default() };
            let (managers, shown) = choosing::offer(app, access, (form, "manager"), beside).await?;
            form = shown;
            Some(managers)
        }
        false => None,
    };
    let rows = found.people.into_iter().map(|row| PersonRow::new(row, today(app, access)));
    let page = PeoplePage {
        shell: Shell::load(app, request, access, "people").await?,
        form,
        adding,
        may_add,
        may_invite: access.may(Permission::Invite),
        may_assign: access.may(Permission::ChangeSubscriptions),
        may_export: access.may(Permission::ExportLists),
        sees_all: access.sees() == Sees::All,
        rows: rows.collect(),
        total: found.total,
        departments: found.departments,
        managers: found.managers.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        previous: found.previous.map(|id| asked.at("before", id)),
        next: found.next.map(|id| asked.at("after", id)),
        asked,
    };
    Ok(Page::with_status(code, page).into_response())
}

fn today(app: &App, access: &Access) -> NaiveDate {
    app.db.clock().now().with_timezone(&access.house().zone).date_naive()
}

/// Said before a form is read: what is wrong with it is nothing to those who may not send it.
pub(super) fn require(access: &Access, permission: Permission) -> Result<(), Refusal> {
    match access.may(permission) {
        true => Ok(()),
        false => Err(Refusal::not_allowed()),
    }
}

/// The form as posted with all that is wrong, and the status of the first.
pub(super) fn refused(posted: &Posted, refusals: Vec<Refusal>) -> Result<(FormState, StatusCode), HtmlRefusal> {
    let (shown, code) = all_on_form(refusals)?;
    Ok((FormState::kept(posted).refused(&shown), code))
}
