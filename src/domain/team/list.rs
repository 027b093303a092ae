//! The people of a business, as lists show them.

use std::collections::HashMap;

use crate::kernel::ids::MemberId;
use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::store;

/// Whoever can be chosen as owner, manager or holder: everybody one may see who has not left, by name.
pub struct PeopleOptions;

impl Question for PeopleOptions {
    const NEEDS: Permission = Permission::SeePeople;
    const READS: Reads = Reads::One;
    type Output = Vec<(MemberId, String)>;

    fn find(&self, view: &mut View<'_>) -> Result<Self::Output, Refusal> {
        Ok(told_apart(store::options(view)?))
    }
}

/// People of the same name are told apart by their address.
fn told_apart(people: Vec<(MemberId, String, String)>) -> Vec<(MemberId, String)> {
    let mut bearers: HashMap<String, u32> = HashMap::new();
    for (_, name, _) in &people {
        *bearers.entry(name.clone()).or_default() += 1;
    }
    let shown = |name: String, email: String| match bearers.get(&name) {
        Some(1) | None => name,
        Some(_) => format!("{name} ({email})"),
    };
    people
        .into_iter()
        .map(|(id, name, email)| (id, shown(name, email)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_people_of_one_name_are_told_apart() {
        let id = MemberId::mint(chrono::DateTime::UNIX_EPOCH);
        let person = |name: &str, email: &str| (id, name.to_owned(), email.to_owned());
        let shown = told_apart(vec![
            person("Adam", "adam@acme.example"),
            person("Uma", "uma@acme.example"),
            person("Uma", "uma.usher@acme.example"),
        ]);
        let words: Vec<&str> = shown.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(
            words,
            ["Adam", "Uma (uma@acme.example)", "Uma (uma.usher@acme.example)"]
        );
    }
}
