//! What an undo takes out, puts back, and leaves as it is: pure, from who was touched and who is there now.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::team::everybody::Standing;
use crate::domain::team::member::Member;
use crate::kernel::ids::MemberId;

use super::import::{Kept, Touched};

/// What an undo does.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct UndoPlan {
    /// Created by the import and untouched since: taken out.
    pub(super) removed: Vec<MemberId>,
    /// Changed by the import and untouched since: as before.
    pub(super) restored: Vec<(MemberId, Standing)>,
    /// Everybody else, with the reason.
    pub(super) kept: Vec<(MemberId, Kept)>,
}

/// Decides for everybody the import touched; `ties` are people the books refer to, with the reason.
pub(super) fn plan_undo(touched: &[Touched], people: &[Member], ties: &BTreeMap<MemberId, &'static str>) -> UndoPlan {
    let now: BTreeMap<MemberId, &Member> = people.iter().map(|person| (person.id, person)).collect();
    let mut plan = UndoPlan::default();
    for was in touched {
        // Whoever is no longer in the list needs no undo.
        let Some(member) = now.get(&was.member) else {
            continue;
        };
        match (reason_to_keep(was, member, ties), &was.before) {
            (Some(why), _) => plan.keep(member, why),
            (None, None) => plan.removed.push(was.member),
            (None, Some(before)) => plan.restored.push((was.member, before.clone())),
        }
    }
    plan.keep_managers(people, &now);
    plan.drop_lost_managers(&now);
    plan
}

fn reason_to_keep(was: &Touched, member: &Member, ties: &BTreeMap<MemberId, &'static str>) -> Option<&'static str> {
    match was.before {
        None if member.user.is_some() => Some("can sign in since"),
        None if ties.contains_key(&member.id) => ties.get(&member.id).copied(),
        _ if Standing::of(member) != was.after => Some("was changed since"),
        _ => None,
    }
}

impl UndoPlan {
    fn keep(&mut self, member: &Member, why: &str) {
        self.kept.push((member.id, Kept { name: member.name.clone(), why: why.to_owned() }));
    }

    /// Nobody who stays may lose their manager: such managers stay too, and theirs in turn.
    fn keep_managers(&mut self, people: &[Member], now: &BTreeMap<MemberId, &Member>) {
        loop {
            let removed: BTreeSet<MemberId> = self.removed.iter().copied().collect();
            let restored: BTreeMap<MemberId, Option<MemberId>> =
                self.restored.iter().map(|(who, before)| (*who, before.manager)).collect();
            let staying = people.iter().filter(|person| !removed.contains(&person.id));
            let managers = staying.filter_map(|person| restored.get(&person.id).copied().unwrap_or(person.manager));
            let needed: BTreeSet<MemberId> = managers.filter(|manager| removed.contains(manager)).collect();
            if needed.is_empty() {
                return;
            }
            self.removed.retain(|who| !needed.contains(who));
            for manager in needed.iter().filter_map(|who| now.get(who)) {
                self.keep(manager, "manages somebody who stays");
            }
        }
    }

    /// A manager who has gone from the list since cannot be put back.
    fn drop_lost_managers(&mut self, now: &BTreeMap<MemberId, &Member>) {
        for (_, before) in &mut self.restored {
            before.manager = before.manager.filter(|manager| now.contains_key(manager));
        }
    }
}

#[cfg(test)]
mod tests;
