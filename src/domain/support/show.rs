//! One business, as the console shows it: enough to help, and nothing of its books.

use chrono::{DateTime, Utc};

use crate::domain::businesses::settings::SupportAccess;
use crate::domain::plans::overview::Overview;
use crate::domain::plans::store::current_plans;
use crate::kernel::access::Actor;
use crate::kernel::ids::{LetterId, MemberId};
use crate::kernel::operation::Question;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, View};

use super::console::Health;
use super::recovery::Recovery;
use super::resend::LetterRow;
use super::session::SupportSession;
use super::store;

const SHOWN: i64 = 20;

/// The business of the access.
pub struct ShowBusiness {
    /// Where its letters begin; none: with the newest.
    pub letters_before: Option<LetterId>,
}

/// What the console knows of a business.
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Its public id.
    pub application_id: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// What is wrong with it, if anything.
    pub health: Health,
    /// Why it is suspended.
    pub suspended_because: Option<String>,
    /// What its owners allow support to do.
    pub consent: SupportAccess,
    /// Whether the staff member belongs to it, and so may do nothing here.
    pub is_own: bool,
    /// The plan and what is used of it.
    pub plan: Overview,
    /// Every plan it can be given: code and name.
    pub plans: Vec<(String, String)>,
    /// Those who sign in.
    pub team: Team,
    /// What the worker has set aside.
    pub failures: Vec<Failure>,
    /// One page of its letters, newest first.
    pub letters: Vec<LetterRow>,
    /// Whether there are none newer.
    pub are_newest_letters: bool,
    /// Older ones are those before this.
    pub older_letters: Option<LetterId>,
    /// The newest support sessions.
    pub sessions: Vec<SupportSession>,
    /// The newest recoveries of access.
    pub recoveries: Vec<Recovery>,
}

/// The people of a business in short.
pub struct Team {
    /// Some of those who sign in, owners first.
    pub shown: Vec<TeamMember>,
    /// How many people there are, with or without a sign-in.
    pub people: i64,
}

/// Somebody who signs in.
pub struct TeamMember {
    /// The id.
    pub id: MemberId,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The code of the role.
    pub role: String,
    /// Whether they also run the installation.
    pub is_staff: bool,
}

/// Something of this business that the worker could not do.
pub struct Failure {
    /// Which job.
    pub job: String,
    /// How often.
    pub count: i32,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it is tried again.
    pub next: DateTime<Utc>,
    /// What went wrong.
    pub error: String,
}

impl Question for ShowBusiness {
    const NEEDS: Permission = Permission::SeeConsole;
    type Output = Shown;

    fn find(&self, view: &mut View<'_>) -> Result<Shown, Refusal> {
        let Actor::Staff { user } = view.access().actor() else {
            return Err(Refusal::not_found());
        };
        let business = view.business();
        let name = store::business_name(view)?;
        let (application_id, status, suspended_because, created_at) = store::console::details(view)?;
        let plan = Overview::without_past(view)?;
        let failures = store::console::failures(view)?;
        let mut letters = store::letters::newest(view, self.letters_before, SHOWN + 1)?;
        let page = usize::try_from(SHOWN).map_err(Refusal::fault)?;
        let there_is_more = letters.len() > page;
        letters.truncate(page);
        Ok(Shown {
            name,
            application_id,
            created_at,
            health: Health::of(&status, plan.is_ended, !failures.is_empty()),
            suspended_because,
            consent: store::support_access(view.conn(), business)?,
            is_own: store::belongs(view.conn(), user, business)?,
            plan,
            plans: current_plans(view.conn())?,
            team: store::console::team(view, SHOWN)?,
            failures,
            are_newest_letters: self.letters_before.is_none(),
            older_letters: letters.last().filter(|_| there_is_more).map(|letter| letter.id),
            letters,
            sessions: store::sessions::of_business(view, SHOWN)?,
            recoveries: store::recoveries::newest(view, SHOWN)?,
        })
    }
}
