//! Every kind of notification there is, in one table: the inbox, the preferences and the letters all read it.

use crate::kernel::locale::Locale;

use super::kind::{Kind, Way};
use super::notification::Told;

/// The page a notification leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Page {
    /// The subscription it is about.
    Subscription,
    /// Where one decides on its renewal.
    Decision,
    /// The import it is about.
    Import,
    /// A page of the business.
    Fixed(&'static str),
}

/// All there is to know of one kind.
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) code: &'static str,
    pub(super) group: &'static str,
    pub(super) label: &'static str,
    pub(super) icon: &'static str,
    pub(super) inbox: Way,
    pub(super) letter: Way,
    pub(super) page: Page,
    pub(super) words: fn(&Told, Locale) -> String,
}

const SEATS: &str = "Seats";
const RENEWALS: &str = "Renewals";
const TEAM: &str = "Team and sign-in";
/// Of this group only those are told who choose the plan.
pub(super) const PLAN: &str = "Plan";
/// Of this group only those are told who import files.
pub(super) const IMPORTS: &str = "Imports";

pub(super) const TABLE: [Row; 19] = [
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
        page: Page::Decision,
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
        page: Page::Decision,
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
        kind: Kind::PlanEnding,
        code: "trial_ending",
        group: PLAN,
        label: "The plan ends in three days, or today",
        icon: "clock",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/settings/plan"),
        words: |told, locale| match told.words.as_deref() {
            Some("today") => format!("Today is the last day of the plan {}", told.about),
            _ => format!("The plan {} ends on {}", told.about, told.day(locale)),
        },
    },
    Row {
        kind: Kind::PlanRenewed,
        code: "plan_renewed",
        group: PLAN,
        label: "The plan renews",
        icon: "refresh",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/settings/plan"),
        words: |told, locale| format!("The plan {} renewed, until {}", told.about, told.day(locale)),
    },
    Row {
        kind: Kind::PlanChanged,
        code: "plan_changed",
        group: PLAN,
        label: "The plan is changed",
        icon: "switch-horizontal",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/settings/plan"),
        words: |told, locale| format!("The plan is {} from {} on", told.about, told.day(locale)),
    },
    Row {
        kind: Kind::PlanEnded,
        code: "plan_ended",
        group: PLAN,
        label: "The plan has ended, and nothing can be added",
        icon: "ban",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/settings/plan"),
        words: |told, _| format!("The plan {} has ended, and nothing can be added until you choose one", told.about),
    },
    Row {
        kind: Kind::PlanAnswered,
        code: "plan_answered",
        group: PLAN,
        label: "A plan you asked for is given, or is not",
        icon: "send",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/settings/plan"),
        words: |told, _| match told.words {
            None => format!("You have the plan {} you asked for", told.about),
            Some(_) => format!("The plan {} you asked for is not given", told.about),
        },
    },
    Row {
        kind: Kind::LimitNear,
        code: "limit_near",
        group: PLAN,
        label: "80 or 100 % of a limit of the plan is used",
        icon: "alert-circle",
        inbox: Way::Chosen,
        letter: Way::Chosen,
        page: Page::Fixed("/settings/plan"),
        words: |told, _| format!("{} {} of the plan are used", told.words.as_deref().unwrap_or_default(), told.about),
    },
    Row {
        kind: Kind::ImportEnded,
        code: "import_ended",
        group: IMPORTS,
        label: "A long file you import is done, or could not be imported",
        icon: "file-import",
        inbox: Way::Chosen,
        letter: Way::Never,
        page: Page::Import,
        words: |told, _| match told.words {
            None => format!("{} is imported", told.about),
            Some(_) => format!("{} could not be imported", told.about),
        },
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
