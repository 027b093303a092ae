//! What the filters of the trail can be set to, and what they are set to.

use crate::domain::audit::entry::Entry;
use crate::domain::audit::search::Found;
use crate::domain::audit::words::Kind;
use crate::kernel::access::Access;
use crate::kernel::ids;

use super::asked::Asked;

/// A value and its words.
pub(super) type Choice = (String, String);

/// The object that is looked at.
pub(super) struct AboutView {
    /// As it was asked for.
    pub(super) sent: String,
    /// Its id, when it is one and not a kind.
    pub(super) id: String,
    /// Its name.
    pub(super) words: String,
    /// How to look at everything again.
    pub(super) off: String,
}

/// Who can be chosen; nobody for those who see only their own entries.
pub(super) fn people(asked: &Asked, found: &Found) -> Vec<Choice> {
    if found.people.is_empty() {
        return Vec::new();
    }
    let mut people = vec![("".to_owned(), "Anybody".to_owned())];
    people.extend(found.people.iter().map(|(id, name)| (id.to_string(), name.clone())));
    people.extend(
        [("worker", "The worker"), ("command", "Commands"), ("support", "Support")]
            .map(|(code, words)| (code.to_owned(), words.to_owned())),
    );
    let chosen = asked.get("actor");
    if !people.iter().any(|(code, _)| code == chosen) {
        let name = found.entries.first().map_or("Somebody else", |entry| entry.who.name());
        people.push((chosen.to_owned(), name.to_owned()));
    }
    people
}

/// What can be chosen from a closed list, or nothing of it.
pub(super) fn listed(any: &'static str, all: impl Iterator<Item = (&'static str, &'static str)>) -> Vec<Choice> {
    let any = std::iter::once(("", any));
    any.chain(all).map(|(code, words)| (code.to_owned(), words.to_owned())).collect()
}

/// The object or kind that is looked at, as a filter that can be taken off.
pub(super) fn object_of(asked: &Asked, found: &Found) -> Option<AboutView> {
    let sent = asked.get("object");
    let words = match sent.strip_prefix("kind:").map(Kind::parse) {
        _ if sent.is_empty() => return None,
        Some(kind) => kind.map_or(sent, |kind| kind.label()),
        None => found.entries.first().map_or("one object", |entry| entry.object.label.as_str()),
    };
    Some(AboutView {
        sent: sent.to_owned(),
        id: ids::from_text(sent).map(ids::to_text).unwrap_or_default(),
        words: words.to_owned(),
        off: asked.path_with("/audit", "object", ""),
    })
}

/// How many entries the page has, and over which time.
pub(super) fn range(found: &Found, access: &Access) -> String {
    let house = access.house();
    let when = |entry: &Entry| house.locale.date_time(entry.at, house.zone);
    match found.entries.as_slice() {
        [] => String::new(),
        [one] => format!("One entry, {}", when(one)),
        [first, .., last] => format!("{} entries, {} back to {}", found.entries.len(), when(first), when(last)),
    }
}
