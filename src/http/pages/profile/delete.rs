//! `/settings/profile/delete`: deleting one's own sign-in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::domain::identity::delete::DeleteSignIn;
use crate::domain::identity::prove::by_password;
use crate::http::access::Person;
use crate::http::known_browser::client_of;
use crate::http::pages::answer::see_other;
use crate::http::pages::form::{FormState, OpenPost, on_form};
use crate::http::pages::page::Page;
use crate::http::pages::refusal::{HtmlRefusal, status};
use crate::http::pages::security::own;
use crate::http::pages::shell::Shell;
use crate::http::session::Signed;
use crate::kernel::refusal::Refusal;

#[derive(Template)]
#[template(path = "settings/delete.html")]
struct DeletePage {
    shell: Shell,
    form: FormState,
    businesses: Vec<String>,
}

/// GET `/settings/profile/delete`.
pub async fn show(app: web::Data<App>, request: HttpRequest, person: Person) -> Result<HttpResponse, HtmlRefusal> {
    Ok(draw(&app, &request, &person, FormState::default(), StatusCode::OK).await?)
}

/// POST `/settings/profile/delete`.
pub async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    person: Person,
    OpenPost(posted): OpenPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&["business", "password"])?;
    match delete(&app, &request, &person, posted.raw("password").to_owned()).await {
        Ok(()) => {
            Signed::of(&request).leave("Your sign-in is deleted. What you did stays in the books of each business.")?;
            Ok(see_other("/login"))
        }
        Err(refusal) => {
            let code = status(refusal.kind);
            let form = FormState::default().refused(&on_form(refusal)?);
            Ok(draw(&app, &request, &person, form, code).await?)
        }
    }
}

async fn delete(app: &App, request: &HttpRequest, person: &Person, password: String) -> Result<(), Refusal> {
    let client = client_of(app, request);
    by_password(&app.db, &app.passwords, (person.user, &client), password, "password").await?;
    app.db.perform(&own(request, person), DeleteSignIn { user: person.user }).await
}

async fn draw(
    app: &App,
    request: &HttpRequest,
    person: &Person,
    form: FormState,
    code: StatusCode,
) -> Result<HttpResponse, Refusal> {
    let page = DeletePage {
        shell: Shell::of_person(app, request, person).await?,
        form,
        businesses: person.memberships.iter().map(|membership| membership.name.clone()).collect(),
    };
    Ok(Page::with_status(code, page).into_response())
}
