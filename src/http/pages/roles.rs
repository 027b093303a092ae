//! `/settings/roles`: who may do what, in words, from the one matrix.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::http::access::SignedIn;
use crate::kernel::permission::words::Reach;
use crate::kernel::permission::{Permission, Role};

use super::page::Page;
use super::people::require;
use super::refusal::HtmlRefusal;
use super::shell::Shell;

#[derive(Template)]
#[template(path = "settings/roles.html")]
struct RolesPage {
    shell: Shell,
    roles: Vec<&'static str>,
    rows: Vec<Row>,
}

/// What can be allowed, and how far each role reaches with it.
struct Row {
    words: &'static str,
    reach: Vec<Reach>,
    /// The same as one line, for windows that are too narrow for a column each.
    said: String,
}

impl Row {
    fn new(permission: Permission) -> Option<Self> {
        let reach = Role::ALL.map(|role| role.reach(permission));
        let said = Role::ALL.iter().zip(reach).filter_map(|(role, reach)| match reach {
            Reach::Nothing => None,
            Reach::Only(what) => Some(format!("{} ({what})", role.label())),
            Reach::All => Some(role.label().to_owned()),
        });
        let said = said.collect::<Vec<_>>().join(", ");
        Some(Self { words: permission.words()?, reach: reach.to_vec(), said })
    }
}

/// GET `/settings/roles`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    require(&access, Permission::Enter)?;
    let rows = Permission::ALL.into_iter().filter_map(Row::new);
    let page = RolesPage {
        shell: Shell::load(&app, &request, &access, "roles").await?,
        roles: Role::ALL.map(Role::label).to_vec(),
        rows: rows.collect(),
    };
    Ok(Page::ok(page).into_response())
}
