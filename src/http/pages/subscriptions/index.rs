//! `/subscriptions`: the list, narrowed and sorted by its address.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::subscriptions::list::{Filters, From, Key, List, Place, Shown, Sort};
use crate::domain::subscriptions::subscription::Status;
use crate::http::access::SignedIn;
use crate::http::pages::address;
use crate::http::pages::choosing::{self, Beside, People};
use crate::http::pages::form::FormState;
use crate::http::pages::page::Page;
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::shell::Shell;
use crate::kernel::access::Access;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::fields::Options;
use super::views::Row;
use super::{PLACE, today};

const LONGEST_SEARCH: usize = 100;

/// What the address asks for.
#[derive(serde::Deserialize, Default)]
pub struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    sort: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    before: String,
}

#[derive(Template)]
#[template(path = "subscriptions/index.html")]
struct IndexPage {
    shell: Shell,
    asked: Asked,
    sort: Sort,
    rows: Vec<Row>,
    total: i64,
    categories: Options,
    owners: Options,
    previous: Option<String>,
    next: Option<String>,
    can_add: bool,
    can_export: bool,
    /// What is to be done with those that are ticked.
    form: FormState,
    /// Who can be made their owner; none when none of them can be changed.
    heirs: Option<People>,
}

/// GET `/subscriptions`.
pub async fn index(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, HtmlRefusal> {
    draw(&app, &request, &access, asked.into_inner(), FormState::default(), StatusCode::OK).await
}

/// The list, with what was asked of those that were ticked and what is wrong with it.
pub(super) async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    asked: Asked,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let (filters, from) = asked.read()?;
    let sort = filters.sort;
    let listing = app.db.answer(access, List { filters, from }).await?;
    let day = today(app, access);
    let owners = listing.owners.into_iter().map(|(id, name)| (id.to_string(), name));
    let rows: Vec<Row> = listing.rows.into_iter().map(|listed| Row::new(listed, day, access)).collect();
    let (heirs, form) = match rows.iter().any(|row| row.can_change) {
        true => {
            let beside = Beside { nobody: Some("New owner"), ..Beside::default() };
            let (heirs, form) = choosing::offer_owners(app, access, (form, "new_owner"), beside).await?;
            (Some(heirs), form)
        }
        false => (None, form),
    };
    let page = IndexPage {
        shell: Shell::load(app, request, access, PLACE).await?,
        sort,
        rows,
        form,
        heirs,
        total: listing.total,
        categories: options("Any category", listing.categories.into_iter().map(|name| (name.clone(), name))),
        owners: options("Any owner", owners),
        previous: listing.previous.map(|place| asked.address(&[("before", &place_text(&place))])),
        next: listing.next.map(|place| asked.address(&[("after", &place_text(&place))])),
        can_add: access.may(Permission::AddSubscriptions),
        can_export: access.may(Permission::ExportLists),
        asked,
    };
    Ok(Page::with_status(code, page).into_response())
}

impl Asked {
    /// The list a form was sent from; the whole one when it does not say.
    pub(super) fn of_form(list: &str) -> Self {
        let asked = web::Query::<Self>::from_query(list).map(web::Query::into_inner);
        asked.ok().filter(|asked| asked.read().is_ok()).unwrap_or_default()
    }

    /// What the list is narrowed to, and its order.
    pub(in crate::http::pages) fn filters(&self) -> Result<Filters, Refusal> {
        let sort = Sort::ALL.into_iter().find(|sort| sort.code() == self.sort).unwrap_or_default();
        let shown = match self.status.as_str() {
            "removed" => Shown::Removed,
            code => Status::parse(code).map_or(Shown::All, Shown::Of),
        };
        let owner = match self.owner.as_str() {
            "" => None,
            id => Some(MemberId::parse(id).ok_or_else(Refusal::not_found)?),
        };
        let words = self.q.trim().chars().filter(|c| !c.is_control()).take(LONGEST_SEARCH).collect();
        Ok(Filters { words, shown, category: self.category.clone(), owner, sort, ..Filters::default() })
    }

    fn read(&self) -> Result<(Filters, From), Refusal> {
        let filters = self.filters()?;
        let place = |text| place(text, filters.sort).ok_or_else(Refusal::not_found);
        let from = match (self.after.as_str(), self.before.as_str()) {
            ("", "") => From::Start,
            ("", before) => From::Before(place(before)?),
            (after, _) => From::After(place(after)?),
        };
        Ok((filters, from))
    }

    /// The address of the same list as a file.
    fn csv(&self) -> String {
        self.address(&[]).replacen("/subscriptions", "/subscriptions.csv", 1)
    }

    /// The address of the same list with these answers instead, from its first page on.
    fn address(&self, instead: &[(&str, &str)]) -> String {
        let own = [
            ("q", self.q.trim()),
            ("status", &self.status),
            ("category", &self.category),
            ("owner", &self.owner),
            ("sort", &self.sort),
        ];
        address::asked("/subscriptions", &own, instead)
    }
}

impl IndexPage {
    fn statuses(&self) -> Options {
        let every = Status::ALL.into_iter().map(|status| (status.code().to_owned(), status.label().to_owned()));
        options("Any status", every.chain([("removed".to_owned(), "Removed".to_owned())]))
    }

    fn can_change(&self) -> bool {
        self.rows.iter().any(|row| row.can_change)
    }

    /// How the list is narrowed and sorted and where its page begins, to come back to it.
    fn list(&self) -> String {
        let address = self.asked.address(&[("after", &self.asked.after), ("before", &self.asked.before)]);
        address.split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    fn is_narrowed(&self) -> bool {
        let asked = &self.asked;
        [&asked.q, &asked.status, &asked.category, &asked.owner].iter().any(|answer| !answer.trim().is_empty())
    }

    /// What the list is narrowed to, each with the address that takes it off.
    fn picks(&self) -> Options {
        let asked = &self.asked;
        let named = |options: &Options, value: &str| {
            options.iter().find(|(code, _)| code == value).map(|(_, words)| words.clone())
        };
        [
            ("q", Some(asked.q.trim().to_owned())),
            ("status", named(&self.statuses(), &asked.status)),
            ("category", named(&self.categories, &asked.category)),
            ("owner", named(&self.owners, &asked.owner)),
        ]
        .into_iter()
        .filter(|(name, _)| !asked.value(name).trim().is_empty())
        .filter_map(|(name, words)| Some((words?, asked.address(&[(name, "")]))))
        .collect()
    }

    fn sorted_by(&self, code: &str) -> String {
        let code = if code == Sort::default().code() { "" } else { code };
        self.asked.address(&[("sort", code)])
    }

    fn is_sorted_by(&self, code: &str) -> bool {
        self.sort.code() == code
    }

    fn sentence(&self) -> String {
        let noun = if self.total == 1 { "subscription" } else { "subscriptions" };
        match self.sort {
            Sort::CancelBy => format!("{} {noun}, what must be cancelled next first.", self.total),
            Sort::Name => format!("{} {noun}, by name.", self.total),
            Sort::Renewal => format!("{} {noun}, what renews next first.", self.total),
        }
    }

    fn range(&self) -> String {
        match i64::try_from(self.rows.len()) {
            Ok(shown) if shown < self.total => format!("{shown} of {}", self.total),
            _ => format!("{} in all", self.total),
        }
    }
}

impl Asked {
    fn value(&self, name: &str) -> &str {
        match name {
            "q" => &self.q,
            "status" => &self.status,
            "category" => &self.category,
            _ => &self.owner,
        }
    }
}

/// A place as an address holds it: the id, and before it what the list is sorted by.
pub fn place_text(place: &Place) -> String {
    let key = match &place.key {
        Key::Name(name) => name.clone(),
        Key::Date(date) => date.map(|date| date.to_string()).unwrap_or_default(),
    };
    format!("{key}.{}", place.id)
}

/// Reads it back, as a place in this order.
pub fn place(text: &str, sort: Sort) -> Option<Place> {
    let (key, id) = text.rsplit_once('.')?;
    let key = match (sort, key) {
        (Sort::Name, name) => Key::Name(name.to_owned()),
        (_, "") => Key::Date(None),
        (_, date) => Key::Date(Some(date.parse().ok()?)),
    };
    Some(Place { key, id: SubscriptionId::parse(id)? })
}

fn options(any: &str, rows: impl Iterator<Item = (String, String)>) -> Options {
    std::iter::once((String::new(), any.to_owned())).chain(rows).collect()
}
