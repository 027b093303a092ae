//! The page of an import while the worker is at it: how far it is, and that nobody need wait for it.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::domain::imports::import::Import;
use crate::domain::imports::kind::Kind;
use crate::domain::imports::started::running::Running;
use crate::kernel::access::Access;

use super::form::FormState;
use super::import_rows::Moment;
use super::shell::Shell;

/// It renews itself until the import is done.
#[derive(Template)]
#[template(path = "imports/running.html")]
pub(super) struct RunningPage {
    shell: Shell,
    form: FormState,
    holds: Kind,
    path: String,
    file_name: String,
    /// Who uploaded it.
    by: String,
    at: Moment,
    /// Who started it.
    starter: String,
    since: Moment,
    done: i64,
    rows: i64,
    /// "3,000 of 5,000 rows".
    told: String,
    /// It failed, and is tried again then.
    again_at: Option<Moment>,
}

impl RunningPage {
    pub(super) fn new(shell: Shell, form: FormState, import: &Import, running: Running, access: &Access) -> Self {
        let house = access.reading();
        let number = |count: i64| house.locale.number(count);
        Self {
            holds: import.kind,
            path: format!("/import/{}", import.id),
            file_name: import.file_name.clone(),
            by: import.by.clone(),
            at: Moment::new(import.uploaded_at, house),
            starter: running.by,
            since: Moment::new(running.since, house),
            told: format!("{} of {} rows", number(running.done), number(running.rows)),
            done: running.done,
            rows: running.rows,
            again_at: running.again_at.map(|at| Moment::new(at, house)),
            shell,
            form,
        }
    }
}

/// Whether the page of a running import asks for its own progress.
pub(super) fn asks_for_progress(request: &HttpRequest) -> bool {
    request.headers().contains_key("hx-request")
}

/// Tells a page that has asked while its import ended to go to what came of it.
pub(super) fn leave_for(path: &str) -> HttpResponse {
    HttpResponse::NoContent().insert_header(("hx-redirect", path)).finish()
}
