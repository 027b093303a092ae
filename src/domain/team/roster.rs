//! Who can sign in, and who is invited.

mod store;

use chrono::{DateTime, Utc};

use crate::domain::plans::{self, plan::Meter};
use crate::kernel::ids::InvitationId;
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::invitation::{Invitation, InvitationState};
use super::member::Member;

const PAGE: usize = 50;
/// How many invitations stand beside the team.
const BESIDE: i64 = 10;

/// Everybody with a sign-in, and how much of the plan they take.
pub struct Team;

/// What the page of the team shows.
pub struct TeamRoster {
    /// Whoever can sign in, or could.
    pub members: Vec<SignIn>,
    /// The newest of what waits.
    pub pending: Vec<InvitationRow>,
    /// How many invitations wait in all.
    pub waiting: i64,
    /// Places taken and allowed.
    pub places: Places,
}

/// Somebody with a sign-in.
pub struct SignIn {
    /// The person.
    pub member: Member,
    /// When they were last here; none: unknown.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// How many sign-ins the plan allows and how many are taken; a pending invitation holds its place.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// Taken.
    pub taken: i64,
    /// Allowed; none: any number.
    pub allowed: Option<i64>,
}

impl Places {
    fn of(view: &mut View<'_>) -> Result<Self, Refusal> {
        let (current, today) = (plans::store::current(view)?, view.today());
        let taken = plans::store::used(view, Meter::SignIns, current.cycle_starts_at)?;
        Ok(Self { taken, allowed: current.allowance(Meter::SignIns, today) })
    }

    /// How many more may be invited; none: any number.
    pub fn left(&self) -> Option<i64> {
        self.allowed.map(|allowed| (allowed - self.taken).max(0))
    }
}

impl Question for Team {
    const NEEDS: Permission = Permission::SeeTeam;
    type Output = TeamRoster;

    fn find(&self, view: &mut View<'_>) -> Result<TeamRoster, Refusal> {
        let counts = store::counts(view)?;
        let waiting =
            counts.iter().find(|(state, _)| *state == InvitationState::Pending).map_or(0, |(_, count)| *count);
        Ok(TeamRoster {
            members: store::sign_ins(view)?,
            pending: store::page(view, InvitationState::Pending, Turn::First, BESIDE)?,
            waiting,
            places: Places::of(view)?,
        })
    }
}

/// Which page of the invitations, which come newest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// The first.
    First,
    /// The one after this invitation: older ones.
    After(InvitationId),
    /// The one before this invitation: newer ones.
    Before(InvitationId),
}

/// A page of the invitations in one state.
pub struct Invitations {
    /// Which.
    pub state: InvitationState,
    /// Which page.
    pub turn: Turn,
}

/// What a page of the invitations shows.
pub struct InvitationsPage {
    /// The invitations, newest first.
    pub rows: Vec<InvitationRow>,
    /// How many there are in each state.
    pub counts: Vec<(InvitationState, i64)>,
    /// Places taken and allowed.
    pub places: Places,
    /// The departments there are.
    pub departments: Vec<String>,
    /// Where newer ones begin.
    pub previous: Option<InvitationId>,
    /// Where older ones begin.
    pub next: Option<InvitationId>,
}

/// One invitation of a list.
pub struct InvitationRow {
    /// The invitation.
    pub invitation: Invitation,
    /// Where it stands now.
    pub state: InvitationState,
    /// Whose address.
    pub email: String,
    /// What the directory calls the person.
    pub name: String,
    /// Their department, or empty.
    pub department: String,
    /// Who invited.
    pub inviter: String,
}

impl Question for Invitations {
    const NEEDS: Permission = Permission::SeeTeam;
    type Output = InvitationsPage;

    fn find(&self, view: &mut View<'_>) -> Result<InvitationsPage, Refusal> {
        let found = store::page(view, self.state, self.turn, limit()?)?;
        let (rows, previous, next) = turned(found, self.turn);
        Ok(InvitationsPage {
            rows,
            counts: store::counts(view)?,
            places: Places::of(view)?,
            departments: super::list::store::departments(view)?,
            previous,
            next,
        })
    }
}

fn limit() -> Result<i64, Refusal> {
    i64::try_from(PAGE + 1).map_err(Refusal::fault)
}

fn turned(
    mut found: Vec<InvitationRow>,
    turn: Turn,
) -> (Vec<InvitationRow>, Option<InvitationId>, Option<InvitationId>) {
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let (has_previous, has_next) = match turn {
        Turn::First => (false, has_more),
        Turn::After(_) => (true, has_more),
        Turn::Before(_) => {
            found.reverse();
            (has_more, true)
        }
    };
    let previous = found.first().filter(|_| has_previous).map(|row| row.invitation.id);
    let next = found.last().filter(|_| has_next).map(|row| row.invitation.id);
    (found, previous, next)
}
