//! What the address of the trail asks for: read into filters, kept for the form, and written back into links.

use actix_web::HttpRequest;
use chrono::{Datelike, NaiveDate};
use url::form_urlencoded::{Serializer, parse};

use crate::domain::audit::search::{Actor, Filters, Object, Place};
use crate::domain::audit::words::Action;
use crate::http::pages::form::{FormErrors, FormState};
use crate::kernel::access::Origin;
use crate::kernel::ids::AuditEntryId;
use crate::kernel::refusal::Refusal;

const KEYS: [&str; 9] = ["actor", "action", "object", "from", "to", "origin", "q", "after", "before"];
const MOST_WORDS: usize = 8;
const LONGEST: usize = 120;

/// The query of `/audit` and `/audit.csv`, as it was sent; what is empty or not ours is left out.
#[derive(Clone, Default)]
pub struct Asked(Vec<(String, String)>);

impl Asked {
    /// The query of this request.
    pub fn of(request: &HttpRequest) -> Self {
        let sent = parse(request.query_string().as_bytes()).into_owned();
        let trimmed = sent.map(|(name, value)| (name, value.trim().to_owned()));
        Self(trimmed.filter(|(name, value)| KEYS.contains(&name.as_str()) && !value.is_empty()).collect())
    }

    /// Everything about one object.
    pub fn about(object: &str) -> Self {
        let pair = ("object".to_owned(), object.to_owned());
        Self(Some(pair).filter(|(_, id)| !id.is_empty()).into_iter().collect())
    }

    /// A value; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Whether anything narrows the trail.
    pub fn is_filtered(&self) -> bool {
        self.0.iter().any(|(key, _)| key != "after" && key != "before")
    }

    /// For the form of the filters.
    pub fn form(&self) -> FormState {
        FormState::of(self.0.clone())
    }

    /// The filters, or everything that is wrong with them.
    pub fn filters(&self) -> Result<Filters, Vec<Refusal>> {
        let mut errors = FormErrors::default();
        let actor = errors.take(self.read("actor", Actor::parse, "Choose somebody from the list."));
        let action = errors.take(self.read("action", Action::parse, "Choose an action from the list."));
        let object =
            errors.take(self.read("object", Object::parse, "Follow a link to one object, or write kind: and a kind."));
        let origin = errors.take(self.read("origin", Origin::parse, "Choose an origin from the list."));
        let (from, to) = (errors.take(self.day("from")), errors.take(self.day("to")));
        let words = errors.take(self.words());
        let (from, to) = (from.flatten(), to.flatten());
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            errors.add(Refusal::invalid("to", "Choose a last day that is not before the first."));
        }
        let filters = Filters {
            actor: actor.flatten(),
            action: action.flatten(),
            object: object.flatten(),
            from,
            to,
            origin: origin.flatten(),
            words: words.unwrap_or_default(),
        };
        errors.or(Some(filters))
    }

    /// Which page of what is found.
    pub fn place(&self) -> Result<Place, Refusal> {
        let wrong = "There is no such page of the trail. Begin with the newest entries.";
        let after = self.read("after", AuditEntryId::parse, wrong)?.map(Place::After);
        let before = self.read("before", AuditEntryId::parse, wrong)?.map(Place::Before);
        Ok(after.or(before).unwrap_or(Place::Newest))
    }

    /// The address of this page with the same filters.
    pub fn path(&self, page: &str) -> String {
        self.path_with(page, "", "")
    }

    /// The same, with one value more or another one; an empty one is left out.
    pub fn path_with(&self, page: &str, name: &str, value: &str) -> String {
        let is_kept = |key: &str| key != name && key != "after" && key != "before";
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.0.iter().filter(|(key, _)| is_kept(key)));
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        match query.finish() {
            query if query.is_empty() => page.to_owned(),
            query => format!("{page}?{query}"),
        }
    }

    fn read<T>(
        &self,
        name: &'static str,
        parse: fn(&str) -> Option<T>,
        mend: &'static str,
    ) -> Result<Option<T>, Refusal> {
        match self.get(name) {
            "" => Ok(None),
            text => parse(text).map(Some).ok_or_else(|| Refusal::invalid(name, mend)),
        }
    }

    fn day(&self, name: &'static str) -> Result<Option<NaiveDate>, Refusal> {
        self.read(name, day, "Write the day as year, month and day, such as 2026-11-24.")
    }

    fn words(&self) -> Result<Vec<String>, Refusal> {
        let text = self.get("q");
        if text.chars().count() > LONGEST || text.chars().any(char::is_control) {
            return Err(Refusal::invalid("q", "Look for at most 120 characters, on one line."));
        }
        Ok(text.split_whitespace().take(MOST_WORDS).map(str::to_owned).collect())
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (1990..=2200).contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        let request = actix_web::test::TestRequest::with_uri(&format!("/audit?{query}")).to_http_request();
        Asked::of(&request)
    }

    #[test]
    fn links_keep_the_filters_and_drop_the_place() {
        let asked = asked("q=caf%C3%A9+%26+co&actor=worker&after=x&evil=1&from=");
        assert_eq!(asked.path("/audit.csv"), "/audit.csv?q=caf%C3%A9+%26+co&actor=worker");
        assert_eq!(asked.path_with("/audit", "actor", ""), "/audit?q=caf%C3%A9+%26+co");
        assert_eq!(asked.path_with("/audit", "before", "y"), "/audit?q=caf%C3%A9+%26+co&actor=worker&before=y");
        assert_eq!(Asked::default().path("/audit"), "/audit");
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let wrong = asked("actor=nobody&action=x.y&object=z&from=yesterday&to=0001-01-01&origin=moon&q=a%00b");
        let fields: Vec<_> = wrong.filters().unwrap_err().into_iter().filter_map(|refusal| refusal.field).collect();
        assert_eq!(fields, ["actor", "action", "object", "origin", "from", "to", "q"]);
        let upside_down = asked("from=2026-11-02&to=2026-11-01").filters().unwrap_err();
        assert_eq!(upside_down.first().and_then(|refusal| refusal.field), Some("to"));
        assert!(asked("after=no-id").place().is_err());
    }

    #[test]
    fn what_is_not_sent_does_not_narrow() {
        let filters = asked("q=&actor=").filters().unwrap();
        assert!(filters.actor.is_none() && filters.words.is_empty());
        assert_eq!(asked("").place().ok(), Some(Place::Newest));
    }
}
