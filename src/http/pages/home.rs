//! `/` for whoever is signed in.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::app::App;
use crate::http::access::prove;

use super::page::Page;
use super::refusal::HtmlRefusal;
use super::shell::Shell;

#[derive(Template)]
#[template(path = "home/index.html")]
struct HomePage {
    shell: Shell,
}

/// GET `/`.
pub async fn show(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, HtmlRefusal> {
    let access = prove(&request).await?;
    let shell = Shell::load(&app, &request, &access, "home").await?;
    Ok(Page::ok(HomePage { shell }).into_response())
}
