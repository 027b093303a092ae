//! Every action and every kind of object that the trail can hold, in words. `tests/trail_words.rs` reads the source and
//! fails when a fact writes a code that is missing here.

/// Something that can be done, as the trail's filter names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Action(&'static (&'static str, &'static str));

const ACTIONS: [(&str, &str); 131] = [
    ("subscription.added", "Added a subscription"),
    ("subscription.changed", "Changed a subscription"),
    ("subscription.priced", "Set a new price"),
    ("subscription.price_corrected", "Corrected a price"),
    ("subscription.seats_kept", "Kept seats"),
    ("subscription.cycle_began", "Began a cycle"),
    ("subscription.renewed", "Renewed a subscription"),
    ("subscription.renewed_by_default", "Renewed a subscription by default"),
    ("subscription.trial_over", "Ended a trial"),
    ("subscription.expired", "Let a subscription expire"),
    ("subscription.canceled", "Ended a subscription"),
    ("subscription.removed", "Removed a subscription"),
    ("subscription.restored", "Restored a subscription"),
    ("renewal.decided", "Decided on a renewal"),
    ("renewal.undecided", "Left a renewal undecided"),
    ("calendar_feed.made", "Made a calendar feed"),
    ("calendar_feed.ended", "Turned off a calendar feed"),
    ("service.changed", "Changed a service"),
    ("license.added", "Added a free seat"),
    ("license.assigned", "Gave a seat"),
    ("license.revoked", "Revoked a seat"),
    ("license.given_back", "Gave a seat back"),
    ("license.reassigned", "Passed a seat on"),
    ("license.extended", "Changed a seat's last day"),
    ("license.expired", "Let a seat expire"),
    ("license.last_use_set", "Noted the last use of a seat"),
    ("license.taken_out", "Took a seat out again"),
    ("license.put_back", "Put a seat back as it was"),
    ("license.key_set", "Set a license key"),
    ("license.key_set_refused", "Was refused to set a license key"),
    ("license.key_revealed", "Revealed a license key"),
    ("license.key_reveal_refused", "Was refused a license key"),
    ("license.retired", "Retired a seat"),
    ("license.reopened", "Opened a retired seat again"),
    ("license.surplus_retired", "Retired a seat not paid for"),
    ("license.seats_low", "Brought seats low"),
    ("request.asked", "Asked for a seat"),
    ("request.approved", "Approved a request"),
    ("request.declined", "Declined a request"),
    ("request.withdrawn", "Withdrew a request"),
    ("member.added", "Added a person"),
    ("member.changed", "Changed a person"),
    ("member.removed", "Removed a person"),
    ("member.joined", "Joined the team"),
    ("member.role_changed", "Changed a role"),
    ("member.role_refused", "Was refused to change a role"),
    ("member.deactivated", "Deactivated somebody"),
    ("member.deactivation_refused", "Was refused to deactivate somebody"),
    ("member.reactivated", "Reactivated somebody"),
    ("member.left", "Let a person leave"),
    ("member.preferences_changed", "Chose what to be told of"),
    ("invitation.sent", "Invited somebody"),
    ("invitation.resent", "Sent an invitation again"),
    ("invitation.link_made", "Made an invitation's link"),
    ("invitation.withdrawn", "Withdrew an invitation"),
    ("invitation.expired", "Let an invitation expire"),
    ("invitation.refused", "Was refused to invite"),
    ("import.committed", "Imported a file"),
    ("import.undone", "Undid an import"),
    ("business.founded", "Founded the business"),
    ("business.settings_changed", "Changed the settings"),
    ("business.settings_checked", "Looked over the settings"),
    ("business.settings_refused", "Was refused the settings"),
    ("business.handed_over", "Handed the business over"),
    ("business.hand_over_refused", "Was refused to hand over"),
    ("business.closing", "Closed the business"),
    ("business.closing_refused", "Was refused to close the business"),
    ("business.kept", "Kept the business"),
    ("business.closed", "Deleted a closed business"),
    ("installation.filled", "Filled the installation for a trial"),
    ("business.suspended", "Suspended the business"),
    ("business.restored", "Restored the business"),
    ("plan.chosen", "Chose a plan"),
    ("plan.scheduled", "Chose a plan for later"),
    ("plan.taken_back", "Kept the plan"),
    ("plan.renewed", "Renewed the plan"),
    ("plan.moved", "Moved to another plan"),
    ("plan.ended", "Ended the plan"),
    ("plan.change_refused", "Was refused another plan"),
    ("plan.given", "Gave a plan"),
    ("plan.lent", "Gave a plan’s limits"),
    ("plan.limit_raised", "Raised a limit"),
    ("plan.extra_given", "Gave extra usage"),
    ("plan.cycle_lengthened", "Made a cycle longer"),
    ("plan.asked", "Asked for a plan"),
    ("plan.asked_no_more", "Asked for a plan no more"),
    ("plan.request_approved", "Agreed to a plan"),
    ("plan.request_declined", "Declined a plan"),
    ("plan.gift_taken_back", "Took back what was given"),
    ("plan.version_written", "Wrote a plan"),
    ("plan.archived", "Took a plan off sale"),
    ("worker.retried", "Let the worker try again"),
    ("api_key.issued", "Made an API key"),
    ("api_key.revoked", "Revoked an API key"),
    ("api_key.issue_refused", "Was refused an API key"),
    ("user.signed_in", "Signed in"),
    ("user.signed_out", "Signed out"),
    ("user.verified", "Confirmed an address"),
    ("user.password_reset", "Set a new password"),
    ("user.two_factor_on", "Turned on two-factor sign-in"),
    ("user.two_factor_off", "Turned off two-factor sign-in"),
    ("user.two_factor_refused", "Was refused to turn off two-factor"),
    ("user.recovery_codes_made", "Made recovery codes"),
    ("user.recovery_code_used", "Used a recovery code"),
    ("user.password_changed", "Changed a password"),
    ("user.session_ended", "Ended a sign-in"),
    ("user.sessions_ended", "Ended all other sign-ins"),
    ("user.changed", "Changed a profile"),
    ("user.email_change_asked", "Asked for another address"),
    ("user.email_changed", "Changed an address"),
    ("user.email_change_refused", "Was refused another address"),
    ("user.deleted", "Deleted a sign-in"),
    ("user.deletion_refused", "Was refused to delete a sign-in"),
    ("staff.added", "Made somebody staff"),
    ("staff.activated", "Joined the staff"),
    ("support.began", "Began a support session"),
    ("support.write_asked", "Asked for leave to write"),
    ("support.ended", "Ended a support session"),
    ("recovery.begun", "Began a recovery of access"),
    ("recovery.refused", "Stopped a recovery of access"),
    ("recovery.withdrawn", "Took back a recovery of access"),
    ("recovery.done", "Recovered access"),
    ("recovery.void", "Gave up a recovery of access"),
    ("recovery.stop_refused", "Was refused to stop a recovery"),
    ("letter.resent", "Sent a letter again"),
    ("note.added", "Added a note"),
    ("list.exported", "Exported a list"),
    ("list.export_refused", "Was refused a list as a file"),
    ("audit.exported", "Exported the trail"),
    ("audit.export_refused", "Was refused the trail as a file"),
    ("audit.month_added", "Made room for a month"),
];

impl Action {
    /// Every action, in the order of the filter.
    pub fn all() -> impl Iterator<Item = Self> {
        ACTIONS.iter().map(Self)
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|action| action.code() == code)
    }

    /// The stable code, as stored.
    pub fn code(self) -> &'static str {
        self.0.0
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        self.0.1
    }
}

/// A kind of thing that entries are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind(&'static (&'static str, &'static str));

const KINDS: [(&str, &str); 15] = [
    ("subscription", "Subscription"),
    ("service", "Service"),
    ("license", "Seat"),
    ("request", "Request for a seat"),
    ("member", "Person"),
    ("invitation", "Invitation"),
    ("import", "Import"),
    ("business", "Business"),
    ("plan", "Plan"),
    ("user", "Sign-in"),
    ("letter", "Letter"),
    ("api_key", "API key"),
    ("support_session", "Support session"),
    ("recovery", "Recovery of access"),
    ("month", "Month of the trail"),
];

impl Kind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(Self)
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|kind| kind.code() == code)
    }

    /// The stable code, as stored.
    pub fn code(self) -> &'static str {
        self.0.0
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        self.0.1
    }
}
