//! How a member wants to be told of each kind: in the inbox, by letter, both or not at all.

use std::collections::BTreeMap;

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::MemberId;
use crate::kernel::operation::{Operation, Question, Reads};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, View, Work};

use super::kind::{Kind, Way};
use super::store;

/// Whether one kind comes to the inbox and by letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ways {
    /// To the inbox.
    pub inbox: bool,
    /// By letter.
    pub letter: bool,
}

impl Ways {
    /// As it is until somebody chooses.
    pub fn usual(kind: Kind) -> Self {
        Self { inbox: kind.has_inbox(), letter: kind.letter() != Way::Never }
    }

    fn words(self) -> String {
        match (self.inbox, self.letter) {
            (true, true) => "Inbox and e-mail",
            (true, false) => "Inbox",
            (false, true) => "E-mail",
            (false, false) => "Not at all",
        }
        .to_owned()
    }
}

/// The ways of every kind.
pub type Preferences = BTreeMap<Kind, Ways>;

/// The preferences of the acting member.
pub struct PreferencesOf;

impl Question for PreferencesOf {
    const NEEDS: Permission = Permission::UseOwnAccount;
    const READS: Reads = Reads::One;
    type Output = Preferences;

    fn find(&self, view: &mut View<'_>) -> Result<Preferences, Refusal> {
        let member = view.access().member().ok_or_else(Refusal::not_allowed)?;
        store::preferences(view, member)
    }
}

/// What is chosen anew for one kind; what is none stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chosen {
    /// The inbox.
    pub inbox: Option<bool>,
    /// Letters.
    pub letter: Option<bool>,
}

/// Sets these preferences; the others stay as they are.
pub struct ChangePreferences {
    /// Of each kind.
    pub chosen: BTreeMap<Kind, Chosen>,
}

impl Operation for ChangePreferences {
    const NEEDS: Permission = Permission::UseOwnAccount;
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let member = work.access().member().ok_or_else(Refusal::not_allowed)?;
        let before = store::preferences(work, member)?;
        let mut changed = Vec::new();
        for (kind, chosen) in &self.chosen {
            require_choice(*kind, *chosen)?;
            let was = before.get(kind).copied().unwrap_or_else(|| Ways::usual(*kind));
            let ways = Ways { inbox: chosen.inbox.unwrap_or(was.inbox), letter: chosen.letter.unwrap_or(was.letter) };
            if ways != was {
                changed.push((*kind, was, ways));
            }
        }
        if changed.is_empty() {
            return Ok(work.nothing_changed(()));
        }
        store::write_preferences(work, member, &changed)?;
        let name = store::name(work, member)?;
        let changes =
            changed.into_iter().map(|(kind, was, is)| Change::new(kind.label(), Some(was.words()), Some(is.words())));
        work.record(&PreferencesChanged { member, name, changes: changes.collect() }, ())
    }
}

/// What is about one's own safety comes always, and what never comes cannot be asked for.
fn require_choice(kind: Kind, chosen: Chosen) -> Result<(), Refusal> {
    let is_fixed = |way: Way, chosen: Option<bool>| way != Way::Chosen && chosen.is_some();
    match is_fixed(kind.inbox(), chosen.inbox) || is_fixed(kind.letter(), chosen.letter) {
        false => Ok(()),
        true => Err(Refusal::new(
            crate::kernel::refusal::Kind::Invalid,
            "always_told",
            format!("“{}” is about your own safety and cannot be turned off. Nothing was changed.", kind.label()),
        )),
    }
}

struct PreferencesChanged {
    member: MemberId,
    name: String,
    changes: Vec<Change>,
}

impl Fact for PreferencesChanged {
    fn code(&self) -> &'static str {
        "member.preferences_changed"
    }

    fn object(&self) -> Object {
        Object::new("member", self.member, &self.name)
    }

    fn said(&self) -> String {
        "changed what they are told of".to_owned()
    }

    fn changes(&self) -> Vec<Change> {
        self.changes.clone()
    }
}
