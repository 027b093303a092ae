//! The shell around every signed-in page, and the entrance around every other one.

use actix_web::HttpRequest;

use crate::app::App;
use crate::domain::access;
use crate::domain::businesses::desk::{Desk, DeskOf};
use crate::domain::identity::look::Look;
use crate::http::access::{Person, prove};
use crate::http::context::Context;
use crate::http::inside::{Bar, Inside};
use crate::http::look;
use crate::http::session::{Flash, Signed};
use crate::kernel::access::Access;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::secret::Key;

use super::sign_up::may_found;
use super::staff::is_staff;
use super::views::distance;

/// What the layout of signed-in pages shows. A required field of every page, so that no page can do without it.
pub struct Shell {
    /// Who is signed in.
    pub person: String,
    /// Their role, as a screen says it.
    pub role: String,
    /// Their address.
    pub email: String,
    /// The current business.
    pub business: String,
    /// Its id.
    pub business_id: String,
    /// The others they may enter.
    pub others: Vec<OtherBusiness>,
    /// Whether another business may be founded here.
    pub can_found: bool,
    /// The code of the menu's current place.
    pub place: &'static str,
    /// The menu: only what exists and may be seen.
    pub places: Vec<MenuGroup>,
    /// Whether they have an inbox here: nobody else's is ever shown in a support session.
    pub has_inbox: bool,
    /// How many messages wait in it: "3", "99+", or nothing.
    pub unread: String,
    /// What the last page left to say.
    pub flash: Option<Flash>,
    /// What stands while its cause stands.
    pub notice: Option<Notice>,
    /// The banner of a support session.
    pub support: Option<Bar>,
    /// Whether they also run the installation.
    pub is_staff: bool,
    /// How pages look for them.
    pub look: Look,
    /// For scripts.
    pub nonce: String,
    /// For forms.
    pub once: String,
}

/// A business the person could switch to.
pub struct OtherBusiness {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// Places of the menu under one title.
pub struct MenuGroup {
    /// The title, or none for the first group.
    pub title: Option<&'static str>,
    /// The places.
    pub items: Vec<MenuItem>,
}

/// One place of the menu.
pub struct MenuItem {
    /// Where.
    pub href: &'static str,
    /// The word.
    pub label: &'static str,
    /// The icon's name in the sprite.
    pub icon: &'static str,
    /// For `Shell::is_at`.
    pub code: &'static str,
    /// The key that leads there after `g`; empty when none does.
    pub key: &'static str,
    /// How many there are.
    pub count: Option<i64>,
}

/// A line at the top of every page, with the way out.
pub struct Notice {
    /// What is the matter.
    pub text: String,
    /// Where to mend it.
    pub href: &'static str,
    /// What the link says.
    pub action: &'static str,
    /// Whether it stops work.
    pub grave: bool,
}

/// Title of its group, address, word, icon, code and key (pressed after `g`) of a place, and the permission that shows it.
type Place = (Option<&'static str>, &'static str, &'static str, &'static str, &'static str, &'static str, Permission);

/// Every place there is.
const PLACES: [Place; 12] = [
    (None, "/", "Home", "layout-dashboard", "home", "d", Permission::Enter),
    (None, "/subscriptions", "Subscriptions", "stack-2", "subscriptions", "s", Permission::SeeSubscriptions),
    (None, "/licenses", "Seats", "armchair", "seats", "l", Permission::SeeSubscriptions),
    (None, "/renewals", "Renewals", "calendar-event", "renewals", "r", Permission::SeeSubscriptions),
    (Some("Business"), "/people", "People", "users", "people", "p", Permission::SeePeople),
    (Some("Business"), "/team", "Team", "shield-check", "team", "", Permission::SeeTeam),
    (Some("Business"), "/audit", "Audit trail", "history", "audit", "a", Permission::ReadTrail),
    (Some("Business"), "/import", "Import", "file-import", "import", "", Permission::Import),
    (Some("Set up"), "/settings/business", "Business", "building-store", "business", "", Permission::ChangeSettings),
    (Some("Set up"), "/settings/roles", "Roles", "key", "roles", "", Permission::Enter),
    (Some("Set up"), "/settings/plan", "Plan", "settings", "plan", "", Permission::SeePlan),
    (Some("Set up"), "/settings/api-keys", "API keys", "code", "api-keys", "", Permission::ManageKeys),
];

impl Shell {
    /// The shell of this request, at this place of the menu.
    pub async fn load(app: &App, request: &HttpRequest, access: &Access, place: &'static str) -> Result<Self, Refusal> {
        let desk = app.db.answer(access, DeskOf).await?;
        let memberships = match access.user() {
            Some(user) => access::memberships(&app.db, user).await?,
            None => Vec::new(),
        };
        let others = memberships
            .into_iter()
            .filter(|other| other.business != access.business())
            .map(|other| OtherBusiness { id: other.business.to_string(), name: other.name })
            .collect();
        Ok(Self {
            role: access.role().map_or("Support", |role| role.label()).to_owned(),
            business_id: access.business().to_string(),
            others,
            can_found: may_found(app, access.user()).await?,
            place,
            places: places(access),
            has_inbox: access.member().is_some(),
            unread: unread(desk.unread),
            flash: Signed::of(request).take_flash(),
            notice: notice(access, &desk),
            support: Inside::of(request).map(|inside| inside.bar),
            is_staff: desk.is_staff,
            look: look::of(request),
            nonce: Context::of(request).nonce,
            once: Key::random().to_text(),
            person: desk.person,
            email: desk.email,
            business: desk.business,
        })
    }

    /// The shell around what a person does about themselves: in their current business, or in none.
    pub async fn of_person(app: &App, request: &HttpRequest, person: &Person) -> Result<Self, Refusal> {
        match prove(request).await {
            Ok(access) => Self::load(app, request, &access, "").await,
            Err(refusal) if person.memberships.is_empty() && refusal.kind == Kind::NotAllowed => {
                Self::without_business(app, request, person).await
            }
            Err(refusal) => Err(refusal),
        }
    }

    async fn without_business(app: &App, request: &HttpRequest, person: &Person) -> Result<Self, Refusal> {
        let user = access::user_of(&app.db, person.user).await?;
        Ok(Self {
            person: user.name,
            role: String::new(),
            email: user.email,
            business: "No business".to_owned(),
            business_id: String::new(),
            others: Vec::new(),
            can_found: may_found(app, Some(person.user)).await?,
            place: "",
            places: Vec::new(),
            has_inbox: false,
            unread: String::new(),
            flash: Signed::of(request).take_flash(),
            notice: None,
            support: None,
            is_staff: is_staff(request).await?,
            look: look::of(request),
            nonce: Context::of(request).nonce,
            once: Key::random().to_text(),
        })
    }

    /// Whether single keys lead to the places of the menu.
    pub fn has_keys(&self) -> bool {
        self.look.has_shortcuts && !self.places.is_empty()
    }

    /// Whether the page belongs to this place of the menu.
    pub fn is_at(&self, code: &str) -> bool {
        self.place == code
    }
}

fn places(access: &Access) -> Vec<MenuGroup> {
    let mut groups: Vec<MenuGroup> = Vec::new();
    for (title, href, label, icon, code, key, permission) in PLACES {
        if !access.may(permission) {
            continue;
        }
        let item = MenuItem { href, label, icon, code, key, count: None };
        match groups.last_mut() {
            Some(group) if group.title == title => group.items.push(item),
            _ => groups.push(MenuGroup { title, items: vec![item] }),
        }
    }
    groups
}

fn unread(count: i64) -> String {
    match count {
        0 => String::new(),
        1..=99 => count.to_string(),
        _ => "99+".to_owned(),
    }
}

/// Seven days before a trial ends it begins to say so.
const TRIAL_NOTICE_DAYS: i64 = 7;

fn notice(access: &Access, desk: &Desk) -> Option<Notice> {
    if let Some(day) = desk.gone_on {
        return Some(closing(access, desk, day));
    }
    let may_choose = access.may(Permission::ChangePlan);
    let href = "/settings/plan";
    if let Some(reason) = &desk.suspended_because {
        let because = if reason.is_empty() { String::new() } else { format!(" The reason given: {reason}") };
        let text = format!(
            "This business is suspended. Everything can be read and exported; nothing can be changed until whoever runs this installation restores it.{because}"
        );
        return Some(Notice { text, href, action: "", grave: true });
    }
    if desk.is_ended {
        let text = match may_choose {
            true => {
                "The plan of this business has ended. Everything can be read, exported and removed; to add something, choose a plan. Free is one click away."
            }
            false => {
                "The plan of this business has ended. Everything can be read and removed; an owner can choose a plan so that things can be added again."
            }
        };
        let action = if may_choose { "Choose a plan" } else { "" };
        return Some(Notice { text: text.to_owned(), href, action, grave: true });
    }
    let days = desk.days_left.filter(|days| *days <= TRIAL_NOTICE_DAYS && may_choose)?;
    let text = format!("The trial ends {}.", distance(days));
    Some(Notice { text, href, action: "Choose a plan", grave: false })
}

/// Stands on every page of a business that is being closed.
fn closing(access: &Access, desk: &Desk, day: chrono::NaiveDate) -> Notice {
    let may_keep = access.may(Permission::CloseBusiness);
    let (business, day) = (&desk.business, access.house().locale.date(day));
    let who = if may_keep { "" } else { " An owner can keep it." };
    let text = format!(
        "{business} is being closed: on {day} everything in it is deleted. Until then everything can be read and exported, \
         and nothing can be added.{who}"
    );
    let action = if may_keep { "Keep the business" } else { "" };
    Notice { text, href: "/settings/business#keep", action, grave: true }
}

/// What the layout of sign-in, sign-up, joining and refusals shows.
pub struct Entrance {
    /// What the last page left to say.
    pub flash: Option<Flash>,
    /// The banner of a support session.
    pub support: Option<Bar>,
    /// How pages look for them.
    pub look: Look,
    /// For scripts.
    pub nonce: String,
    /// For forms.
    pub once: String,
}

impl Entrance {
    /// The entrance of this request.
    pub fn of(request: &HttpRequest) -> Self {
        Self { flash: Signed::of(request).take_flash(), ..Self::bare(request) }
    }

    /// Without what the last page left to say: for refusals, which leave it for the next page.
    pub fn bare(request: &HttpRequest) -> Self {
        let support = Inside::of(request).map(|inside| inside.bar);
        let look = look::of(request);
        Self { flash: None, support, look, nonce: Context::of(request).nonce, once: Key::random().to_text() }
    }
}
