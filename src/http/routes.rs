//! Every route of every door in one list. What is not marked public needs a signed-in person.

use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_web::cookie::{Key, SameSite, time::Duration};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};

use crate::app::App;

use super::pages::*;
use super::session_store::PgSessions;
use super::{calendar_feed, console, enrolment, health, inside, look, metrics, rest, static_files};

/// Who may open a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Anybody.
    Public,
    /// A signed-in person, in a business or not.
    Person,
    /// A member of a business, with the permission of the operation behind it.
    Member,
    /// Whoever runs the installation; for everybody else there is nothing here.
    Staff,
}

/// One route of the pages.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with `{id}` where an id stands.
    pub path: &'static str,
    /// Who may open it.
    pub audience: Audience,
    handler: fn() -> actix_web::Route,
}

macro_rules! route {
    ($method:ident $path:literal $audience:ident $handler:path) => {
        Route {
            method: Method::$method,
            path: $path,
            audience: Audience::$audience,
            handler: || web::method(Method::$method).to($handler),
        }
    };
}

/// Every route of the pages.
pub fn all() -> Vec<Route> {
    vec![
        route!(GET "/" Public landing::front),
        route!(GET "/signup" Public sign_up::show),
        route!(POST "/signup" Public sign_up::create),
        route!(GET "/login" Public sign_in::show),
        route!(POST "/login" Public sign_in::create),
        route!(POST "/logout" Public sign_in::sign_out),
        route!(GET "/password/forgot" Public password::forgot),
        route!(POST "/password/forgot" Public password::send),
        route!(GET "/password/reset" Public password::show),
        route!(POST "/password/reset" Public password::save),
        route!(GET "/login/code" Public sign_in_code::show),
        route!(POST "/login/code" Public sign_in_code::create),
        route!(GET "/reauth" Person reauth::show),
        route!(POST "/reauth" Person reauth::create),
        route!(GET "/settings/profile" Person profile::show),
        route!(POST "/settings/profile" Person profile::change),
        route!(GET "/settings/profile/delete" Person profile::delete::show),
        route!(POST "/settings/profile/delete" Person profile::delete::create),
        route!(GET "/email/confirm" Public profile::email::show),
        route!(POST "/email/confirm" Public profile::email::confirm),
        route!(GET "/settings/security" Person security::show),
        route!(POST "/settings/security/password" Person security::change_password),
        route!(GET "/settings/security/two-factor" Person security::two_factor::show),
        route!(POST "/settings/security/two-factor" Person security::two_factor::turn_on),
        route!(POST "/settings/security/two-factor/off" Person security::two_factor::turn_off),
        route!(POST "/settings/security/two-factor/codes" Person security::two_factor::new_codes),
        route!(POST "/settings/security/sessions/end-all" Person security::end_others),
        route!(POST "/settings/security/sessions/{id}/end" Person security::end_session),
        route!(GET "/verify" Public verify::show),
        route!(POST "/verify" Public verify::confirm),
        route!(GET "/verify/resend" Person verify::offer_resend),
        route!(POST "/verify/resend" Person verify::resend),
        route!(GET "/businesses" Person businesses::index),
        route!(GET "/businesses/new" Person sign_up::show_new),
        route!(POST "/businesses/new" Person sign_up::create),
        route!(GET "/businesses/{id}/enter" Person businesses::ask_enter),
        route!(POST "/businesses/{id}/enter" Person businesses::enter),
        route!(POST "/businesses/{id}/accept" Person businesses::accept),
        route!(GET "/settings/business" Member business::show),
        route!(POST "/settings/business" Member business::change),
        route!(POST "/settings/business/close" Member business::close),
        route!(POST "/settings/business/keep" Member business::keep),
        route!(GET "/settings/roles" Member roles::show),
        route!(GET "/settings/plan" Member plans::show),
        route!(GET "/settings/plan/choose" Member plans::choose),
        route!(POST "/settings/plan" Member plans::change),
        route!(GET "/settings/api-keys" Member api_keys::index),
        route!(POST "/settings/api-keys" Member api_keys::create),
        route!(POST "/settings/api-keys/{id}/revoke" Member api_keys::revoke),
        route!(GET "/people" Member people::index),
        route!(POST "/people" Member people::create),
        route!(GET "/people/{id}" Member people::show),
        route!(POST "/people/{id}" Member people::change),
        route!(GET "/team" Member team::index),
        route!(GET "/team/invitations" Member invitations::index),
        route!(POST "/team/invitations" Member invitations::create),
        route!(POST "/team/invitations/{id}/resend" Member invitations::resend),
        route!(POST "/team/invitations/{id}/withdraw" Member invitations::withdraw),
        route!(POST "/team/invitations/{id}/link" Member invitations::link),
        route!(POST "/team/{id}/role" Member team::change_role),
        route!(POST "/team/{id}/deactivate" Member team::deactivate),
        route!(POST "/team/{id}/reactivate" Member team::reactivate),
        route!(GET "/team/{id}/hand-over" Member team::ask_hand_over),
        route!(POST "/team/{id}/hand-over" Member team::hand_over),
        route!(GET "/join" Public join::show),
        route!(POST "/join" Public join::accept),
        route!(GET "/dev/mail" Public dev_mail::index),
        route!(GET "/dev/mail/{file}" Public dev_mail::show),
        route!(GET "/dev/mail/{file}/html" Public dev_mail::html),
        route!(GET "/subscriptions" Member subscriptions::index::index),
        route!(GET "/subscriptions/new" Member subscriptions::new::form),
        route!(POST "/subscriptions" Member subscriptions::new::create),
        route!(POST "/subscriptions/bulk" Member subscriptions::bulk::change),
        route!(GET "/subscriptions/{id}" Member subscriptions::show::show),
        route!(GET "/subscriptions/{id}/edit" Member subscriptions::edit::form),
        route!(POST "/subscriptions/{id}" Member subscriptions::edit::change),
        route!(POST "/subscriptions/{id}/prices" Member subscriptions::show::price),
        route!(POST "/subscriptions/{id}/keep" Member subscriptions::show::keep),
        route!(POST "/subscriptions/{id}/remove" Member subscriptions::show::remove),
        route!(POST "/subscriptions/{id}/restore" Member subscriptions::show::restore),
        route!(GET "/renewals" Member renewals::agenda::index),
        route!(GET "/renewals/calendar" Member renewals::calendar::show),
        route!(GET "/renewals/feed" Member renewals::feed::show),
        route!(POST "/renewals/feed" Member renewals::feed::make),
        route!(POST "/renewals/feed/off" Member renewals::feed::end),
        route!(POST "/renewals/bulk" Member renewals::agenda::decide_all),
        route!(POST "/renewals/{id}/decision" Member renewals::decision::decide),
        route!(POST "/renewals/{id}/undo" Member renewals::decision::undo),
        route!(GET "/services/{id}" Member services::show),
        route!(POST "/services/{id}" Member services::change),
        route!(GET "/subscriptions/{id}/licenses" Member licenses::index),
        route!(POST "/subscriptions/{id}/licenses" Member licenses::assign),
        route!(POST "/subscriptions/{id}/requests" Member requests::ask),
        route!(GET "/licenses" Member licenses::all::index),
        route!(GET "/licenses/assign" Member licenses::many::show),
        route!(POST "/licenses/assign" Member licenses::many::assign),
        route!(GET "/licenses/{id}" Member licenses::seat::show),
        route!(POST "/licenses/{id}/revoke" Member licenses::seat::revoke),
        route!(POST "/licenses/{id}/reassign" Member licenses::seat::reassign),
        route!(POST "/licenses/{id}/extend" Member licenses::seat::extend),
        route!(POST "/licenses/{id}/key" Member licenses::seat::set_key),
        route!(POST "/licenses/{id}/reveal" Member licenses::seat::reveal),
        route!(POST "/licenses/{id}/retire" Member licenses::seat::retire),
        route!(POST "/licenses/{id}/restore" Member licenses::seat::restore),
        route!(GET "/requests" Member requests::index),
        route!(POST "/requests/{id}/approve" Member requests::approve),
        route!(POST "/requests/{id}/decline" Member requests::decline),
        route!(POST "/requests/{id}/withdraw" Member requests::withdraw),
        route!(GET "/notifications" Member notifications::index),
        route!(POST "/notifications/read-all" Member notifications::read_all),
        route!(POST "/notifications/{id}/read" Member notifications::read),
        route!(POST "/notifications/{id}/open" Member notifications::open),
        route!(GET "/settings/notifications" Member notifications::preferences),
        route!(POST "/settings/notifications" Member notifications::change),
        route!(GET "/audit" Member audit::index),
        route!(POST "/audit" Member audit::note::add),
        route!(GET "/audit.csv" Member audit::file::show),
        route!(GET "/audit/{id}" Member audit::show),
        route!(GET "/people.csv" Member exports::people),
        route!(GET "/subscriptions.csv" Member exports::subscriptions),
        route!(GET "/licenses.csv" Member exports::licenses),
        route!(GET "/import" Member imports::index),
        route!(POST "/import" Member imports::upload),
        route!(GET "/import/{id}" Member imports::show),
        route!(POST "/import/{id}" Member imports::update),
        route!(POST "/import/{id}/undo" Member imports::undo),
        route!(GET "/recoveries/{id}" Member recoveries::show),
        route!(POST "/recoveries/{id}/refuse" Member recoveries::refuse),
        route!(GET "/activate" Public activate::show),
        route!(POST "/activate" Public activate::create),
        route!(GET "/staff" Staff staff::index),
        route!(GET "/staff/sessions" Staff staff::sessions::index),
        route!(POST "/staff/sessions/end" Staff staff::sessions::end),
        route!(GET "/staff/businesses/{id}" Staff staff::business::show),
        route!(POST "/staff/businesses/{id}/sessions" Staff staff::sessions::begin),
        route!(POST "/staff/businesses/{id}/suspend" Staff staff::business::suspend),
        route!(POST "/staff/businesses/{id}/restore" Staff staff::business::restore),
        route!(POST "/staff/businesses/{id}/recover" Staff staff::recover::begin),
        route!(POST "/staff/businesses/{id}/plan" Staff staff::give::plan),
        route!(POST "/staff/businesses/{id}/override" Staff staff::give::more),
        route!(POST "/staff/businesses/{id}/answer" Staff staff::give::answer_request),
        route!(POST "/staff/businesses/{id}/take-back" Staff staff::give::take_back),
        route!(POST "/staff/businesses/{id}/retry" Staff staff::worker::retry),
        route!(GET "/staff/plans" Staff staff::plans::index),
        route!(POST "/staff/plans" Staff staff::plans::write),
        route!(POST "/staff/plans/{id}/archive" Staff staff::plans::archive),
        route!(GET "/staff/worker" Staff staff::worker::index),
        route!(POST "/staff/recoveries/{id}/withdraw" Staff staff::recover::withdraw),
        route!(POST "/staff/letters/{id}/resend" Staff staff::letters::resend),
    ]
}

/// Mounts health checks, files, calendar feeds and the doors of programs without a session, and the pages within one.
pub fn mount(config: &mut ServiceConfig, app: &App, key: &[u8; 64]) {
    config
        .route("/healthz", web::get().to(health::healthz))
        .route("/readyz", web::get().to(health::readyz))
        .route("/metrics", web::get().to(metrics::metrics))
        .route("/static/{name}", web::get().to(static_files::file))
        .route("/calendar/{key}.ics", web::get().to(calendar_feed::show));
    rest::mount(config);
    let pages = all().into_iter().fold(web::scope(""), |scope, route| scope.route(route.path, (route.handler)()));
    let pages = pages.wrap(from_fn(inside::keep)).wrap(from_fn(console::hide)).wrap(from_fn(enrolment::lead));
    config.service(pages.wrap(from_fn(look::keep)).wrap(sessions(app, key)).wrap(from_fn(rest::keep_keys_out)));
}

fn sessions(app: &App, key: &[u8; 64]) -> SessionMiddleware<PgSessions> {
    let is_https = app.config.base_url.is_https();
    let name = if is_https { "__Host-subledger" } else { "subledger" };
    SessionMiddleware::builder(PgSessions { db: app.db.clone() }, Key::from(key))
        .cookie_name(name.to_owned())
        .cookie_secure(is_https)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(PersistentSession::default().session_ttl(Duration::days(30)))
        .build()
}
