//! `POST /api/v1/usage`: one event, or `{"events": […]}` up to 1,000.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::domain::api_keys::api_key::KeyKind;
use crate::domain::licenses::record_use::{RecordUse, Used, Whose};
use crate::domain::usage::count::Standing;
use crate::domain::usage::event;
use crate::http::pages::refusal::HtmlRefusal;
use crate::kernel::once::Answer;
use crate::kernel::refusal::{Kind, Refusal};

use super::body::Sent;
use super::key::other_kind;

const MOST_EVENTS: usize = 1_000;
const FIELDS: [&str; 5] = ["member", "service", "used_at", "count", "meter"];

/// POST `/api/v1/usage`.
pub async fn report(app: web::Data<App>, sent: Sent) -> Result<HttpResponse, HtmlRefusal> {
    let Sent { program, fields, once } = sent;
    if program.kind != KeyKind::Sdk {
        return Err(other_kind(program.kind).into());
    }
    let record = RecordUse { events: events(&fields, app.db.clock().now())? };
    let told = match once {
        Some(once) => {
            app.db.perform_once(&program.access, once, record, |standing| Answer::tell(told(standing))).await?.told
        }
        None => Some(told(&app.db.perform(&program.access, record).await?)),
    };
    Ok(HttpResponse::Created().json(told.unwrap_or_default()))
}

fn told(standing: &Standing) -> Value {
    json!({ "used": standing.used, "limit": standing.limit, "resets_at": event::instant(standing.resets_at) })
}

fn events(fields: &Map<String, Value>, now: DateTime<Utc>) -> Result<Vec<Used>, Refusal> {
    let Some(events) = fields.get("events") else {
        return Ok(vec![used(fields, "", now)?]);
    };
    if let Some(other) = fields.keys().find(|name| *name != "events") {
        return Err(unknown_field("", other));
    }
    let events = events.as_array().filter(|events| (1..=MOST_EVENTS).contains(&events.len()));
    let events = events.ok_or_else(|| wrong("events", "Send 1 to 1,000 events."))?;
    let nth = |(index, event): (usize, &Value)| {
        let place = format!("events[{index}]");
        match event {
            Value::Object(fields) => used(fields, &format!("{place}."), now),
            _ => Err(wrong(&place, "An event is a JSON object.")),
        }
    };
    events.iter().enumerate().map(nth).collect()
}

/// One event; `place` stands before the names of its fields where something is wrong.
fn used(fields: &Map<String, Value>, place: &str, now: DateTime<Utc>) -> Result<Used, Refusal> {
    if let Some(other) = fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        return Err(unknown_field(place, other));
    }
    // A field that is null was not sent.
    let field = |name: &str| fields.get(name).filter(|value| !value.is_null());
    let text = |name: &str| match field(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
        Some(_) => Err(wrong(&format!("{place}{name}"), "Send a text.")),
    };
    let at = |name: &str, sentence: &'static str| wrong(&format!("{place}{name}"), sentence);
    let count = match field("count") {
        None => 1,
        Some(count) => count.as_i64().and_then(event::count).ok_or_else(|| at("count", event::WRONG_COUNT))?,
    };
    let used_at = match text("used_at")? {
        None => now,
        Some(written) => event::used_at(&written, now).map_err(|sentence| at("used_at", sentence))?,
    };
    let meter = text("meter")?.unwrap_or_else(|| event::METER.code().to_owned());
    if meter != event::METER.code() {
        return Err(at("meter", "Events count against the meter usage_events."));
    }
    let member = text("member")?.and_then(|written| Whose::parse(&written));
    let service = text("service")?.filter(|name| !name.is_empty() && !name.contains(char::is_control));
    Ok(Used {
        member: member.ok_or_else(|| at("member", "Name somebody in People by e-mail address or id."))?,
        service: service.ok_or_else(|| at("service", "Name one of your services."))?,
        used_at,
        count,
        place: place.to_owned(),
    })
}

fn unknown_field(place: &str, name: &str) -> Refusal {
    let shown: String = name.chars().take(40).filter(|c| !c.is_control()).collect();
    let refusal = Refusal::new(Kind::Invalid, "unknown_field", format!("There is no field “{place}{shown}”."));
    refusal.telling(json!({ "field": format!("{place}{shown}") }))
}

fn wrong(field: &str, sentence: &'static str) -> Refusal {
    Refusal::new(Kind::Invalid, "invalid", format!("{field}: {sentence}")).telling(json!({ "field": field }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<Used>, String> {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let fields = serde_json::from_str(body).unwrap();
        events(&fields, now).map_err(|refusal| refusal.message.into_owned())
    }

    #[test]
    fn one_event_or_many_are_read() {
        let one = read(r#"{"member": " uma@acme.example ", "service": "Figma"}"#).unwrap();
        assert_eq!((one.len(), one[0].count, one[0].service.as_str()), (1, 1, "Figma"));
        let all = r#"{"events": [{"member": "a@b.example", "service": "Figma", "used_at": "2026-11-22T13:00:00+02:00",
            "count": 3, "meter": "usage_events"}, {"member": "a@b.example", "service": "Slack", "meter": null}]}"#;
        let many = read(all).unwrap();
        assert_eq!((many.len(), many[0].count, many[1].count), (2, 3, 1));
        assert_eq!(many[0].used_at.to_rfc3339(), "2026-11-22T11:00:00+00:00");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let event = |more: &str| format!(r#"{{"member": "a@b.example", "service": "Figma"{more}}}"#);
        for (more, field) in [
            (r#", "count": 0"#, "count"),
            (r#", "count": -1"#, "count"),
            (r#", "count": 1.5"#, "count"),
            (r#", "count": "1""#, "count"),
            (r#", "count": 1000001"#, "count"),
            (r#", "count": 99999999999999999999999"#, "count"),
            (r#", "used_at": "2026-11-22T12:02:00Z""#, "used_at"),
            (r#", "used_at": "2025-01-01T00:00:00Z""#, "used_at"),
            (r#", "used_at": "yesterday""#, "used_at"),
            (r#", "used_at": 1"#, "used_at"),
            (r#", "meter": "seats""#, "meter"),
        ] {
            let message = read(&event(more)).unwrap_err();
            assert!(message.starts_with(&format!("{field}: ")), "{more}: {message}");
            let message = read(&format!(r#"{{"events": [{}, {}]}}"#, event(""), event(more))).unwrap_err();
            assert!(message.starts_with(&format!("events[1].{field}: ")), "{more}: {message}");
        }
        for (body, said) in [
            (r#"{}"#, "member: "),
            (r#"{"member": "nobody", "service": "Figma"}"#, "member: "),
            (r#"{"member": {"$ne": null}, "service": "Figma"}"#, "member: "),
            (r#"{"member": "a@b.example", "service": "a\u0000b"}"#, "service: "),
            (r#"{"events": []}"#, "events: "),
            (r#"{"events": {}}"#, "events: "),
            (r#"{"events": [1]}"#, "events[0]: "),
        ] {
            let message = read(body).unwrap_err();
            assert!(message.starts_with(said), "{body}: {message}");
        }
        assert_eq!(read(&event(r#", "role": "owner""#)).unwrap_err(), "There is no field “role”.");
        assert_eq!(read(r#"{"events": [], "count": 1}"#).unwrap_err(), "There is no field “count”.");
    }
}
