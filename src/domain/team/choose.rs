//! Choosing a person in a form: from a list while the people are few, else by writing who it is.

use std::collections::HashMap;

use crate::kernel::ids::MemberId;
use crate::kernel::operation::{Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::View;

use super::list::store;

/// The most people a form lists, each with a line of its own.
const FEW: usize = 200;
/// How many addresses are suggested to whoever writes one of more people.
const SUGGESTED: usize = 50;

/// Whoever can be chosen as owner, manager or holder: everybody one may see who has not left, by name.
pub struct PeopleOptions {
    /// This person alone.
    pub only: Option<MemberId>,
}

/// The people a form offers.
pub enum Offered {
    /// All of them, by id and name.
    Few(Vec<(MemberId, String)>),
    /// More than a list should hold: the addresses and names of some.
    Many(Vec<(String, String)>),
}

impl Question for PeopleOptions {
    const NEEDS: Permission = Permission::SeePeople;
    const READS: Reads = Reads::One;
    type Output = Offered;

    fn find(&self, view: &mut View<'_>) -> Result<Offered, Refusal> {
        let people = store::options(view, self.only, i64::try_from(FEW + 1).map_err(Refusal::fault)?)?;
        Ok(match people.len() > FEW {
            false => Offered::Few(told_apart(people)),
            true => Offered::Many(people.into_iter().take(SUGGESTED).map(|(_, name, email)| (email, name)).collect()),
        })
    }
}

/// The address of somebody, as a form that asks for one shows them.
pub struct AddressOf {
    /// Who.
    pub member: MemberId,
}

impl Question for AddressOf {
    const NEEDS: Permission = Permission::SeePeople;
    const READS: Reads = Reads::One;
    type Output = Option<String>;

    fn find(&self, view: &mut View<'_>) -> Result<Option<String>, Refusal> {
        Ok(super::store::addresses(view, vec![self.member])?.remove(&self.member))
    }
}

/// The person whom somebody names by address, or by a name that only one has.
pub struct Named {
    /// As it was written.
    pub text: String,
}

impl Question for Named {
    const NEEDS: Permission = Permission::SeePeople;
    const READS: Reads = Reads::One;
    type Output = MemberId;

    fn find(&self, view: &mut View<'_>) -> Result<MemberId, Refusal> {
        let folded = self.text.trim().to_lowercase();
        let found = store::called(view, &folded)?;
        let by_address = found.iter().find(|(_, address)| *address == folded);
        let shown: String = self.text.trim().chars().take(80).collect();
        match (by_address, found.as_slice()) {
            (Some((id, _)), _) | (None, [(id, _)]) => Ok(*id),
            (None, []) => Err(Refusal::invalid(
                "member",
                format!(
                    "Nobody in People has the address or name “{shown}”. Write an e-mail address, or the whole name."
                ),
            )),
            (None, _) => Err(Refusal::invalid(
                "member",
                format!("Several people are called “{shown}”: write the e-mail address."),
            )),
        }
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
    people.into_iter().map(|(id, name, email)| (id, shown(name, email))).collect()
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
        assert_eq!(words, ["Adam", "Uma (uma@acme.example)", "Uma (uma.usher@acme.example)"]);
    }
}
