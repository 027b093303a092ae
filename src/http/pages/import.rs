//! The page of one import: while it waits, its columns and what each row would do; later, what came of it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::domain::imports::commit::is_long;
use crate::domain::imports::dry_run::{DryRun, PlanPage, Preview, PreviewedFile};
use crate::domain::imports::import::{Import, ImportState, Kept};
use crate::domain::imports::kind::Kind;
use crate::domain::imports::row::Outcome;
use crate::kernel::access::Access;

use super::form::FormState;
use super::import_rows::{ColumnRow, DryRunRow, Moment, NewcomersChoice, OutcomeTab, RowPager, figures, tabs};
use super::import_running::{RunningPage, asks_for_progress, leave_for};
use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Shell;

#[derive(Template)]
#[template(path = "imports/check.html")]
struct CheckPage {
    shell: Shell,
    form: FormState,
    holds: Kind,
    path: String,
    file_name: String,
    by: String,
    at: Moment,
    rows: String,
    /// Whether the worker imports it.
    is_long: bool,
    /// Why the worker could not import it.
    trouble: Option<String>,
    columns: Vec<ColumnRow>,
    /// "6 of 14 are read".
    columns_read: String,
    check: Option<Check>,
}

/// What the rows would do, once the columns make sense.
struct Check {
    created: String,
    updated: String,
    unchanged: String,
    refused: String,
    warned: String,
    has_errors: bool,
    /// People who are not in People.
    newcomers: Option<NewcomersChoice>,
    button: String,
    tabs: Vec<OutcomeTab>,
    rows: Vec<DryRunRow>,
    pager: Option<RowPager>,
}

#[derive(Template)]
#[template(path = "imports/done.html")]
struct DonePage {
    shell: Shell,
    form: FormState,
    holds: Kind,
    path: String,
    file_name: String,
    by: String,
    at: Moment,
    /// Created, updated, unchanged, refused; none when the file was never imported.
    counts: Option<[String; 4]>,
    undone: Option<Moment>,
    kept: Vec<Kept>,
    can_undo: bool,
}

/// Draws the import as it stands.
pub(super) async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    dry_run: DryRun,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, HtmlRefusal> {
    let (outcome, now) = (dry_run.outcome, app.db.clock().now());
    let Preview { import, file, running } = app.db.answer(access, dry_run).await?;
    let shell = Shell::load(app, request, access, "import").await?;
    if running.is_none() && asks_for_progress(request) {
        return Ok(leave_for(&format!("/import/{}", import.id)));
    }
    if let Some(running) = running {
        return Ok(Page::with_status(code, RunningPage::new(shell, form, &import, running, access)).into_response());
    }
    Ok(match file {
        Some(file) => {
            Page::with_status(code, CheckPage::new(shell, form, &import, file, outcome, access)).into_response()
        }
        None => Page::with_status(code, DonePage::new(shell, form, import, access, now)).into_response(),
    })
}

impl CheckPage {
    fn new(
        shell: Shell,
        form: FormState,
        import: &Import,
        file: PreviewedFile,
        outcome: Option<Outcome>,
        access: &Access,
    ) -> Self {
        let (house, path) = (access.reading(), format!("/import/{}", import.id));
        // Columns that could not be guessed are no mistake of anybody: the page asks for them without an error.
        let check = file.plan.ok().map(|plan| Check::new((&path, import.kind), &plan, file.rows, outcome, access));
        let numbered = file.columns.iter().enumerate();
        let columns: Vec<ColumnRow> =
            numbered.map(|(place, column)| ColumnRow::new(place, import.kind, column)).collect();
        let read = columns.iter().filter(|column| column.chosen().is_some()).count();
        Self {
            rows: match file.rows {
                1 => "1 row".to_owned(),
                rows => format!("{} rows", house.locale.number(i64::try_from(rows).unwrap_or(i64::MAX))),
            },
            is_long: is_long(file.rows),
            columns_read: format!("{read} of {} are read", columns.len()),
            columns,
            holds: import.kind,
            trouble: import.trouble.clone().filter(|_| !form.has_errors()),
            file_name: import.file_name.clone(),
            by: import.by.clone(),
            at: Moment::new(import.uploaded_at, house),
            shell,
            form,
            path,
            check,
        }
    }
}

impl Check {
    fn new(
        (path, kind): (&str, Kind),
        plan: &PlanPage,
        rows: usize,
        outcome: Option<Outcome>,
        access: &Access,
    ) -> Self {
        let (house, counts) = (access.reading(), plan.counts);
        let number = |count: usize| house.locale.number(i64::try_from(count).unwrap_or(i64::MAX));
        let newcomers = NewcomersChoice::new(plan.newcomers, house.locale);
        let added = newcomers.as_ref().filter(|choice| choice.is_added);
        let added = added.map(|choice| format!(" and add {}", choice.people)).unwrap_or_default();
        let button = match i64::try_from(counts.create + counts.update).unwrap_or(i64::MAX) {
            0 => format!("Import, changing {}", kind.none()),
            count => format!("Import {}{added}", kind.count(count)),
        };
        let pager = RowPager::new(path, plan, outcome, house.locale);
        Self {
            created: number(counts.create),
            updated: number(counts.update),
            unchanged: number(counts.unchanged),
            refused: number(counts.error),
            warned: number(counts.warned),
            has_errors: counts.error > 0,
            newcomers,
            button,
            tabs: tabs(path, counts, rows, outcome, house.locale),
            rows: plan.rows.iter().map(|row| DryRunRow::new(row, house)).collect(),
            pager: pager.is_needed(plan).then_some(pager),
        }
    }
}

impl DonePage {
    fn new(shell: Shell, form: FormState, import: Import, access: &Access, now: DateTime<Utc>) -> Self {
        let house = access.reading();
        let can_undo = import.can_be_undone(now);
        let (at, counts, undone, kept) = match import.state {
            ImportState::Waiting | ImportState::Running | ImportState::Gone => {
                (import.uploaded_at, None, None, Vec::new())
            }
            ImportState::Committed { at, counts } => (at, Some(counts), None, Vec::new()),
            ImportState::Undone { at, counts, kept } => (at, Some(counts), Some(Moment::new(at, house)), kept),
        };
        Self {
            holds: import.kind,
            path: format!("/import/{}", import.id),
            file_name: import.file_name,
            by: import.by,
            at: Moment::new(at, house),
            counts: counts.map(|counts| figures(counts, house.locale)),
            shell,
            form,
            undone,
            kept,
            can_undo,
        }
    }
}
