//! `/settings/plan`: the plan, its cycle, its limits and its history; choosing another with a preview. "Due" is what a
//! period records; nothing is collected.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::config::PlanChanges as Setting;
use crate::domain::plans::choose::{Choose, PlanChanges};
use crate::domain::plans::offers::Offers;
use crate::domain::plans::overview::{Overview, PlanOf, Preview, PreviewOf};
use crate::http::access::SignedIn;
use crate::kernel::access::Access;
use crate::kernel::once::Answer;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;

use super::answer::give;
use super::form::{FormState, MemberPost, on_form};
use super::given_views::GivenView;
use super::page::Page;
use super::plan_views::{MeterView, OfferView, PeriodView, PreviewView, Standing};
use super::refusal::{HtmlRefusal, status};
use super::shell::Shell;

#[derive(Template)]
#[template(path = "plans/show.html")]
struct PlanPage {
    shell: Shell,
    standing: Standing,
    meters: Vec<MeterView>,
    periods: Vec<PeriodView>,
    given: Vec<GivenView>,
    can_choose: bool,
}

impl PlanPage {
    /// What was given is not taken back by those who have it.
    fn take_back(&self) -> Option<&'static str> {
        None
    }
}

#[derive(Template)]
#[template(path = "plans/choose.html")]
struct ChoosePage {
    shell: Shell,
    form: FormState,
    standing: Standing,
    meters: Vec<MeterView>,
    offers: Vec<OfferView>,
    preview: Option<PreviewView>,
    can_choose: bool,
}

/// Which plan is looked at.
#[derive(serde::Deserialize)]
pub struct Wanted {
    plan: Option<String>,
}

/// GET `/settings/plan`.
pub async fn show(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let overview = app.db.answer(&access, PlanOf).await?;
    let house = access.house();
    let page = PlanPage {
        shell: Shell::load(&app, &request, &access, "plan").await?,
        standing: Standing::new(&overview, house),
        meters: MeterView::all(&overview, house.locale),
        periods: PeriodView::all(&overview, house),
        given: GivenView::all(&overview, house),
        can_choose: access.may(Permission::ChangePlan),
    };
    Ok(Page::ok(page).into_response())
}

/// GET `/settings/plan/choose`, with a preview of the plan that is looked at.
pub async fn choose(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, HtmlRefusal> {
    // Whoever may not choose sees the plans and who chooses; there is nothing to preview for them.
    let code = wanted.into_inner().plan.filter(|_| access.may(Permission::ChangePlan)).unwrap_or_default();
    draw(&app, &request, &access, &code, Vec::new()).await
}

/// POST `/settings/plan`: without `confirm` it shows what would happen, with it it happens.
pub async fn change(app: web::Data<App>, request: HttpRequest, post: MemberPost) -> Result<HttpResponse, HtmlRefusal> {
    let MemberPost { access, posted } = post;
    posted.only(&["plan", "confirm", "seen"])?;
    let code = posted.get("plan").to_owned();
    if code.is_empty() && access.may(Permission::ChangePlan) {
        let choose = Refusal::invalid("plan", "Choose one of the plans on this page.");
        return draw(&app, &request, &access, &code, vec![choose]).await;
    }
    if posted.get("confirm") != "1" && access.may(Permission::ChangePlan) {
        return draw(&app, &request, &access, &code, Vec::new()).await;
    }
    let seen = Some(posted.get("seen").to_owned()).filter(|seen| !seen.is_empty());
    let choose = Choose { plan: code.clone(), changes: plan_changes(&app), seen };
    let tell = |chosen: &crate::domain::plans::choose::Chosen| Answer::go("/settings/plan", chosen.said.clone());
    match app.db.perform_once(&access, posted.once(), choose, tell).await {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusal) => draw(&app, &request, &access, &code, on_form(refusal)?).await,
    }
}

/// Who decides on paid plans on this installation.
pub fn plan_changes(app: &App) -> PlanChanges {
    match app.config.plan_changes {
        Setting::ByOwners => PlanChanges::ByOwners,
        Setting::OnRequest => PlanChanges::OnRequest,
    }
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    access: &Access,
    code: &str,
    mut refusals: Vec<Refusal>,
) -> Result<HttpResponse, HtmlRefusal> {
    let house = access.house();
    let overview = app.db.answer(access, PlanOf).await?;
    let plans = app.db.answer(access, Offers).await?;
    let preview = match code {
        "" => None,
        code => preview_of(app, access, code, &mut refusals).await?,
    };
    let shown = preview.as_ref().map(|preview| PreviewView::new(preview, plan_changes(app), house));
    let code_shown = refusals.first().map_or(StatusCode::OK, |first| status(first.kind));
    let page = ChoosePage {
        shell: Shell::load(app, request, access, "plan").await?,
        form: FormState::with(&[("plan", code)]).refused(&refusals),
        standing: Standing::new(&overview, house),
        meters: MeterView::all(&overview, house.locale),
        offers: offers(&plans, &overview, code, house.locale),
        preview: shown,
        can_choose: access.may(Permission::ChangePlan),
    };
    Ok(Page::with_status(code_shown, page).into_response())
}

/// A code that cannot be chosen is said on the form, unless the form says so already.
async fn preview_of(
    app: &App,
    access: &Access,
    code: &str,
    refusals: &mut Vec<Refusal>,
) -> Result<Option<Preview>, HtmlRefusal> {
    match app.db.answer(access, PreviewOf { plan: code.to_owned() }).await {
        Ok(preview) => Ok(Some(preview)),
        Err(refusal) => {
            let said = on_form(refusal)?;
            if refusals.is_empty() {
                refusals.extend(said);
            }
            Ok(None)
        }
    }
}

fn offers(
    plans: &[crate::domain::plans::plan::Plan],
    overview: &Overview,
    code: &str,
    locale: crate::kernel::locale::Locale,
) -> Vec<OfferView> {
    let renewing = plans.iter().filter(|plan| plan.renews || plan.code == overview.current.plan.code);
    renewing.map(|plan| OfferView::new(plan, overview, code, locale)).collect()
}
