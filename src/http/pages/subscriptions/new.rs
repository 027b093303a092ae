//! `/subscriptions/new` and `POST /subscriptions`.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::subscriptions::add::{Add, Added};
use crate::domain::subscriptions::read;
use crate::http::access::SignedIn;
use crate::http::pages::answer::give;
use crate::http::pages::choosing;
use crate::http::pages::form::{FormErrors, FormState, MemberPost, Posted};
use crate::http::pages::refusal::HtmlRefusal;
use crate::kernel::access::Access;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

use super::page::{FormPage, only};
use super::{fields, today};

/// GET `/subscriptions/new`.
pub async fn form(
    app: web::Data<App>,
    request: HttpRequest,
    SignedIn(access): SignedIn,
) -> Result<HttpResponse, HtmlRefusal> {
    let form = FormState::of(fields::fresh(&access));
    FormPage::draw(&app, &request, &access, (form, None), Vec::new()).await
}

/// POST `/subscriptions`.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    MemberPost { access, mut posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let unnamed = choosing::name(&app, &access, &mut posted, "owner").await;
    let form = FormState::of(fields::fresh(&access)).with_posted(&posted);
    if !posted.get("preview").is_empty() {
        return FormPage::draw(&app, &request, &access, (form, None), Vec::new()).await;
    }
    match add(&app, &access, &posted, &form).await {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        Err(refusals) => {
            let refusals = choosing::told(refusals, unnamed);
            FormPage::draw(&app, &request, &access, (form, None), refusals).await
        }
    }
}

async fn add(app: &App, access: &Access, posted: &Posted, form: &FormState) -> Result<Answer, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(only(posted, &[]));
    let subscription = read::subscription(form, today(app, access), &mut errors);
    let (details, price) = errors.or(subscription)?;
    let operation = Add { details, price, twins: read::twins(form) };
    let told = |added: &Added| {
        Answer::go(format!("/subscriptions/{}", added.id), format!("{} stands. Now give its seats names.", added.name))
    };
    app.db.perform_once(access, posted.once(), operation, told).await.map_err(|refusal| vec![refusal])
}
