//! What somebody can be told, and by which ways.

use uuid::Uuid;

use crate::kernel::access::Access;
use crate::kernel::ids;
use crate::kernel::locale::Locale;
use crate::kernel::permission::Permission;

use super::kinds::{IMPORTS, PLAN, Page, Row, TABLE};
use super::notification::Told;

/// What somebody can be told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// Somebody gave them a seat.
    SeatGiven,
    /// Somebody took a seat from them.
    SeatTaken,
    /// Somebody asks for a seat of what they answer for.
    SeatAsked,
    /// They get the seat they asked for.
    SeatApproved,
    /// They do not get it.
    SeatDeclined,
    /// Few seats are left.
    SeatsLow,
    /// A renewal, or the last day to cancel, comes near.
    RenewalReminder,
    /// The last day to cancel is today, and nobody has decided.
    RenewalUndecided,
    /// A renewal happened because nobody decided otherwise.
    RenewedByDefault,
    /// The plan of the business is about to end.
    PlanEnding,
    /// Its next cycle began.
    PlanRenewed,
    /// It is another one, or will be.
    PlanChanged,
    /// It has ended, and nothing can be added.
    PlanEnded,
    /// The plan they asked for is given, or is not.
    PlanAnswered,
    /// Little or nothing of a limit is left.
    LimitNear,
    /// A long file they import is done, or could not be imported.
    ImportEnded,
    /// Somebody joined whom they had invited.
    InvitationAccepted,
    /// What they are in the team was changed, or their access ended.
    RoleChanged,
    /// Something about their own sign-in.
    OwnSignIn,
}

/// Whether a kind comes by one way: the inbox, or a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// It never does.
    Never,
    /// As the member chooses; it does until they turn it off.
    Chosen,
    /// It always does: it is about their own safety.
    Always,
}

impl Kind {
    /// Every kind, in the order of the preferences.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.kind)
    }

    /// Whether it can stand in an inbox.
    pub fn has_inbox(self) -> bool {
        self.inbox() != Way::Never
    }

    /// Those that can come to whoever has this access.
    pub fn that_reach(access: &Access) -> impl Iterator<Item = Self> {
        let (has_plan, imports) = (access.may(Permission::ChangePlan), access.may(Permission::Import));
        Self::all().filter(move |kind| match kind.group() {
            PLAN => has_plan,
            IMPORTS => imports,
            _ => true,
        })
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.code == code).map(|row| row.kind)
    }

    /// The stable code, as stored and sent.
    pub fn code(self) -> &'static str {
        self.row().code
    }

    /// What it stands under among the preferences.
    pub fn group(self) -> &'static str {
        self.row().group
    }

    /// What happens, as a screen says it.
    pub fn label(self) -> &'static str {
        self.row().label
    }

    /// The icon's name in the sprite.
    pub fn icon(self) -> &'static str {
        self.row().icon
    }

    /// Whether it comes to the inbox.
    pub fn inbox(self) -> Way {
        self.row().inbox
    }

    /// Whether a letter tells it.
    pub fn letter(self) -> Way {
        self.row().letter
    }

    /// Whether nothing of it can be turned off.
    pub fn is_fixed(self) -> bool {
        ![self.inbox(), self.letter()].contains(&Way::Chosen)
    }

    /// What the inbox says.
    pub fn words(self, told: &Told, locale: Locale) -> String {
        (self.row().words)(told, locale)
    }

    /// Where it leads.
    pub fn path(self, object: Option<Uuid>) -> String {
        match (self.row().page, object) {
            (Page::Subscription, Some(id)) => format!("/subscriptions/{}", ids::to_text(id)),
            (Page::Decision, Some(id)) => format!("/subscriptions/{}#decide", ids::to_text(id)),
            (Page::Subscription | Page::Decision, None) => "/subscriptions".to_owned(),
            (Page::Import, Some(id)) => format!("/import/{}", ids::to_text(id)),
            (Page::Import, None) => "/import".to_owned(),
            (Page::Fixed(path), _) => path.to_owned(),
        }
    }

    fn row(self) -> &'static Row {
        let [first, ..] = &TABLE;
        TABLE.iter().find(|row| row.kind == self).unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_row_of_its_own() {
        for (place, row) in TABLE.iter().enumerate() {
            assert_eq!(Kind::parse(row.code), Some(row.kind), "{}", row.code);
            assert_eq!(TABLE.iter().position(|other| other.kind == row.kind), Some(place), "{}", row.code);
        }
    }

    #[test]
    fn the_words_name_what_they_are_about() {
        let on = chrono::NaiveDate::from_ymd_opt(2026, 11, 27);
        let told = Told { about: "Figma".to_owned(), by: None, on, words: None };
        for kind in Kind::all().filter(|kind| kind.has_inbox()) {
            assert!(kind.words(&told, Locale::default()).contains("Figma"), "{kind:?}");
        }
        let british = Locale::parse("en-GB").unwrap();
        assert_eq!(Kind::RenewalReminder.words(&told, british), "Figma renews on 27 Nov 2026");
        assert_eq!(Kind::SeatAsked.words(&told, Locale::default()), "Somebody asks for a seat of Figma");
    }

    #[test]
    fn what_is_about_ones_safety_cannot_be_turned_off() {
        let fixed: Vec<&str> = Kind::all().filter(|kind| kind.is_fixed()).map(Kind::code).collect();
        assert_eq!(fixed, ["role_changed", "own_sign_in"]);
    }
}
