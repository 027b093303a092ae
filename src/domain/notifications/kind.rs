//! Every kind of notification there is, in one table: the inbox, the preferences and the letters all read it.

use uuid::Uuid;

use crate::kernel::ids;
use crate::kernel::locale::Locale;

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

/// The page a notification leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Page {
    /// The subscription it is about.
    Subscription,
    /// A page of the business.
    Fixed(&'static str),
}

struct Row {
    kind: Kind,
    code: &'static str,
    group: &'static str,
    label: &'static str,
    icon: &'static str,
    inbox: Way,
    letter: Way,
    page: Page,
    words: fn(&Told, Locale) -> String,
}

const SEATS: &str = "Seats";
const RENEWALS: &str = "Renewals";
const TEAM: &str = "Team and sign-in";

const TABLE: [Row; 12] = [
    Row {
        kind: Kind::SeatGiven,
        code: "seat_given",
        group: SEATS,
        label: "You are given a seat",
        icon: "armchair",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Subscription,
        words: |told, _| format!("You have a seat of {}", told.about),
    },
    Row {
        kind: Kind::SeatTaken,
        code: "seat_taken",
        group: SEATS,
        label: "A seat of yours is taken back",
        icon: "user-minus",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/licenses"),
        words: |told, _| format!("Your seat of {} was taken back", told.about),
    },
    Row {
        kind: Kind::SeatAsked,
        code: "seat_asked",
        group: SEATS,
        label: "Somebody asks you for a seat",
        icon: "user-plus",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/requests"),
        words: |told, _| format!("{} asks for a seat of {}", told.by(), told.about),
    },
    Row {
        kind: Kind::SeatApproved,
        code: "seat_approved",
        group: SEATS,
        label: "You get a seat you asked for",
        icon: "circle-check",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Subscription,
        words: |told, _| format!("You got the seat of {} you asked for", told.about),
    },
    Row {
        kind: Kind::SeatDeclined,
        code: "seat_declined",
        group: SEATS,
        label: "You do not get a seat you asked for",
        icon: "ban",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/requests"),
        words: |told, _| format!("Your wish for a seat of {} was declined", told.about),
    },
    Row {
        kind: Kind::SeatsLow,
        code: "seats_low",
        group: SEATS,
        label: "Few seats of a subscription are left",
        icon: "alert-circle",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Subscription,
        words: |told, _| match told.words.as_deref() {
            Some(held) => format!("Few seats of {} are left: {held} are held", told.about),
            None => format!("Few seats of {} are left", told.about),
        },
    },
    Row {
        kind: Kind::RenewalReminder,
        code: "renewal_reminder",
        group: RENEWALS,
        label: "A renewal or a last day to cancel comes near",
        icon: "calendar-due",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Subscription,
        words: |told, locale| {
            let (about, day) = (&told.about, told.day(locale));
            match told.words.as_deref() {
                Some("cancel_by") => format!("Cancel {about} by {day}, or it renews"),
                Some("ends") => format!("{about} ends on {day}"),
                Some("ends_undecided") => format!("{about} ends on {day} unless somebody renews it"),
                _ => format!("{about} renews on {day}"),
            }
        },
    },
    Row {
        kind: Kind::RenewalUndecided,
        code: "renewal_undecided",
        group: RENEWALS,
        label: "The last day to cancel, and nobody has decided",
        icon: "alert-triangle",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Subscription,
        words: |told, locale| {
            format!("{} is the last day to cancel {}, and nobody has decided", told.day(locale), told.about)
        },
    },
    Row {
        kind: Kind::RenewedByDefault,
        code: "renewed_by_default",
        group: RENEWALS,
        label: "A subscription renewed, and nobody had decided",
        icon: "refresh",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Subscription,
        words: |told, locale| format!("{} renewed by default on {}", told.about, told.day(locale)),
    },
    Row {
        kind: Kind::InvitationAccepted,
        code: "invitation_accepted",
        group: TEAM,
        label: "Somebody you invited has joined",
        icon: "users",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/team"),
        words: |told, _| format!("{} has joined", told.about),
    },
    Row {
        kind: Kind::RoleChanged,
        code: "role_changed",
        group: TEAM,
        label: "Your role or your access is changed",
        icon: "shield-check",
        inbox: Way::Always,
        letter: Way::Always,
        page: Page::Fixed("/settings/roles"),
        words: |told, _| format!("You are {} now", told.about),
    },
    Row {
        kind: Kind::OwnSignIn,
        code: "own_sign_in",
        group: TEAM,
        label: "Your password, address or two-factor changes, or a new device signs in",
        icon: "lock",
        inbox: Way::Never,
        letter: Way::Always,
        page: Page::Fixed("/settings/security"),
        words: |told, _| told.about.clone(),
    },
];

impl Kind {
    /// Every kind, in the order of the preferences.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.kind)
    }

    /// Those that can stand in an inbox.
    pub fn of_inbox() -> impl Iterator<Item = Self> {
        Self::all().filter(|kind| kind.inbox() != Way::Never)
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
            (Page::Subscription, None) => "/subscriptions".to_owned(),
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
        for kind in Kind::of_inbox() {
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
