//! Page: the one answer of the HTML door.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError};
use askama::Template;

use crate::kernel::refusal::Refusal;

use super::refusal::HtmlRefusal;

/// A rendered template and its status. A failed render becomes the fault page, never the error's text.
pub struct Page<T> {
    status: StatusCode,
    template: T,
}

impl<T: Template> Page<T> {
    /// 200.
    pub fn ok(template: T) -> Self {
        Self { status: StatusCode::OK, template }
    }

    /// The same page with another status: 422 with the input kept, 409, 410.
    pub fn with_status(status: StatusCode, template: T) -> Self {
        Self { status, template }
    }

    /// The response itself, for handlers that answer in more than one way.
    pub fn into_response(self) -> HttpResponse {
        match self.template.render() {
            Ok(html) => HttpResponse::build(self.status).content_type("text/html; charset=utf-8").body(html),
            Err(error) => HtmlRefusal::from(Refusal::fault(error)).error_response(),
        }
    }
}

impl<T: Template> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.into_response()
    }
}
