//! Renewals as a calendar of RFC 5545: whole days, one event for each thing that happens, an alarm where one must act.

use chrono::{NaiveDate, TimeDelta};
use icalendar::{Alarm, Calendar, Component, Event, EventLike, EventStatus, Property};

use crate::config::BaseUrl;
use crate::domain::renewals::ahead::Happens;
use crate::domain::renewals::feed_events::FeedEvent;
use crate::domain::subscriptions::decision::Decided;
use crate::kernel::locale::Locale;

/// The most octets of a line, without its end.
const LINE: usize = 75;

/// A calendar of these events, with links to this address.
pub fn calendar(events: &[FeedEvent], base_url: &BaseUrl, locale: Locale) -> String {
    let mut calendar = Calendar::empty();
    for (name, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Subledger//Renewals//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("X-WR-CALNAME", "Renewals"),
        ("X-PUBLISHED-TTL", "PT6H"),
    ] {
        calendar.append_property(Property::new(name, value));
    }
    calendar.extend(events.iter().map(|event| written(event, base_url, locale)));
    folded(&calendar.to_string())
}

fn written(event: &FeedEvent, base_url: &BaseUrl, locale: Locale) -> Event {
    let day = event.moment.on;
    let summary = summary(event);
    let mut written = Event::new();
    written
        .uid(&format!("{}-{}-{}@subledger", event.subscription, event.moment.renewal, code(event.moment.what)))
        // Without a method this is the instant of the last change, so that the same calendar is the same text.
        .timestamp(event.changed_at)
        .created(event.entered_at)
        .last_modified(event.changed_at)
        .sequence(event.sequence())
        .starts(day)
        .ends(day.succ_opt().unwrap_or(day))
        .status(EventStatus::Confirmed)
        .add_property("TRANSP", "TRANSPARENT")
        .summary(&summary)
        .description(&description(event, locale))
        .url(&base_url.join(&format!("/subscriptions/{}", event.subscription)));
    if event.moment.what == Happens::CancelBy {
        // At nine in the morning of the day before, wherever the calendar is.
        written.alarm(Alarm::display(&summary, -TimeDelta::hours(15)));
    }
    written.done()
}

fn code(what: Happens) -> &'static str {
    match what {
        Happens::CancelBy => "cancel-by",
        Happens::Renews | Happens::RenewsIfDecided => "renews",
        Happens::Ends => "ends",
        Happens::TrialEnds => "trial-ends",
    }
}

fn summary(event: &FeedEvent) -> String {
    let name = plain(&event.name);
    match (event.moment.what, event.decided) {
        (Happens::CancelBy, Some(Decided::Cancel)) => format!("Cancel {name}: last day"),
        (Happens::CancelBy, _) => format!("Last day to cancel {name}"),
        (Happens::Renews, Some(Decided::Resize(seats))) => format!("{name} renews with {seats} seats"),
        (Happens::Renews, _) => format!("{name} renews"),
        (Happens::RenewsIfDecided, _) => format!("{name} renews, if somebody decides so"),
        (Happens::Ends, _) => format!("Last day of {name}"),
        (Happens::TrialEnds, _) => format!("Last day of the trial of {name}"),
    }
}

fn description(event: &FeedEvent, locale: Locale) -> String {
    let renewal = |day: NaiveDate| locale.date(day);
    let when = match event.moment.what {
        Happens::CancelBy => format!(
            "Cancelling before the renewal on {} works until the end of this day.",
            renewal(event.moment.renewal)
        ),
        Happens::Ends => "It was decided to cancel it.".to_owned(),
        Happens::TrialEnds => "What was decided about it counts from the day after.".to_owned(),
        Happens::Renews | Happens::RenewsIfDecided => "The next term begins on this day.".to_owned(),
    };
    match event.due.filter(|_| event.moment.what != Happens::TrialEnds) {
        Some(due) => format!("{when} Due: {}.", locale.money(due)),
        None => when,
    }
}

/// One line of text.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The same calendar with its lines folded anew: the crate leaves the space that a folded line begins with out of the
/// count, so that some lines of its own are an octet too long. It also gives every alarm a time and a name of its own,
/// which alarms do not have, and which would make each answer another text.
fn folded(text: &str) -> String {
    let mut all = String::with_capacity(text.len() + text.len() / 64);
    let mut is_alarm = false;
    for line in text.replace("\r\n ", "").split_terminator("\r\n") {
        match line {
            "BEGIN:VALARM" => is_alarm = true,
            "END:VALARM" => is_alarm = false,
            _ if is_alarm && (line.starts_with("DTSTAMP:") || line.starts_with("UID:")) => continue,
            _ => {}
        }
        let mut room = LINE;
        for c in line.chars() {
            if c.len_utf8() > room {
                all.push_str("\r\n ");
                room = LINE - 1;
            }
            all.push(c);
            room -= c.len_utf8();
        }
        all.push_str("\r\n");
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_75_octets_and_no_letter_is_cut_in_two() {
        for length in 60..260 {
            let line = format!("SUMMARY:{}", "aé漢".repeat(length / 3));
            let text = folded(&format!("{line}\r\nEND:VEVENT\r\n"));
            assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{length}");
            assert_eq!(text.replace("\r\n ", ""), format!("{line}\r\nEND:VEVENT\r\n"));
        }
    }
}
