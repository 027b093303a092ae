//! `/metrics`: how the worker does, in the text that Prometheus reads. For whoever has the key of the figures; without
//! one there is nothing here. No business is named or counted.

use std::fmt::Write;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::domain::support::worker::{Health, health_of};
use crate::kernel::secret::sha256;

use super::rest;

/// GET `/metrics`.
pub async fn metrics(app: web::Data<App>, request: HttpRequest) -> HttpResponse {
    let shown = rest::shown_key(&request).map(|key| sha256(&[key.as_bytes()]));
    // Hashes are compared, so that the time it takes tells nothing of the key.
    if app.config.metrics_key.is_none() || shown != app.config.metrics_key {
        return HttpResponse::NotFound().content_type("text/plain").body("there is nothing here\n");
    }
    match health_of(&app.db).await {
        Ok(health) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .content_type("text/plain; version=0.0.4; charset=utf-8")
            .body(told(&health, app.db.clock().now())),
        Err(_) => HttpResponse::ServiceUnavailable().content_type("text/plain").body("the database does not answer\n"),
    }
}

fn told(health: &Health, now: DateTime<Utc>) -> String {
    let mut text = String::new();
    let rounds = || health.rounds.iter().map(|round| (job(&round.job), round));
    let ran = rounds().map(|(job, round)| (job, round.ran_at.timestamp()));
    gauge(&mut text, "worker_last_round_timestamp_seconds", "When each job last ran, to the minute.", ran);
    let worked = rounds().filter_map(|(job, round)| Some((job, round.worked_at?.timestamp())));
    gauge(&mut text, "worker_last_success_timestamp_seconds", "When each job last ended well.", worked);
    let failed = rounds().map(|(job, round)| (job, i64::from(round.error.is_some())));
    gauge(&mut text, "worker_last_round_failed", "1 where the last round of a job failed.", failed);
    let waiting = || health.waiting.iter().map(|one| (format!("{{what=\"{}\"}}", one.code), one));
    let due = waiting().map(|(what, one)| (what, one.count));
    gauge(&mut text, "worker_due", "What is due and not done.", due);
    let lag = waiting().map(|(what, one)| (what, one.oldest.map_or(0, |oldest| (now - oldest).num_seconds())));
    gauge(&mut text, "worker_lag_seconds", "For how long the oldest of it is due.", lag);
    let aside = std::iter::once((String::new(), health.failing));
    gauge(&mut text, "worker_set_aside", "What failed and is tried again later.", aside);
    text
}

fn job(name: &str) -> String {
    format!("{{job=\"{}\"}}", name.replace(' ', "_"))
}

fn gauge(text: &mut String, name: &str, help: &str, values: impl Iterator<Item = (String, i64)>) {
    // Writing into a text cannot fail.
    let _ = writeln!(text, "# HELP subledger_{name} {help}\n# TYPE subledger_{name} gauge");
    for (labels, value) in values {
        let _ = writeln!(text, "subledger_{name}{labels} {value}");
    }
}
