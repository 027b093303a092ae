//! The sweep over subscriptions with a step that may be due, in batches over all businesses, the longest waiting first.
//! The ledger of steps decides with its key, so that any number of workers tell each step once.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::{News, Told};
use crate::domain::notifications::tell::{self, To, news};
use crate::domain::subscriptions::charge::Charge;
use crate::domain::subscriptions::notice::last_covered_day;
use crate::domain::subscriptions::roll_forward::Due;
use crate::domain::subscriptions::schedule::AutoRenew;
use crate::domain::subscriptions::store::{self, Ask, Reader};
use crate::kernel::due::{DueWork, Which};
use crate::kernel::fact::Unrecorded;
use crate::kernel::ids::{BusinessId, SubscriptionId};
use crate::kernel::locale::Locale;
use crate::kernel::operation::Sweep;
use crate::kernel::outbox::{Envelope, Sealed};
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, SweepWork};

use super::ladder::{Rung, Step, look};
use super::letters::{Because, Near, RenewalReminder, RenewalUndecided};

/// The sweep over subscriptions whose reminders are to be looked at.
#[derive(Clone, Copy)]
pub struct RemindOfRenewals;

/// A step of one subscription that is told today.
struct Telling<'a> {
    due: &'a Due,
    step: Step,
    by_letter: bool,
}

impl DueWork for RemindOfRenewals {
    type Key = (BusinessId, SubscriptionId);
    type Row = store::LateRow;
    const BATCH: i64 = 1_000;

    fn job((business, id): Self::Key) -> (String, BusinessId) {
        (format!("reminders {}", id.0), business)
    }

    fn key(row: &store::LateRow) -> Self::Key {
        (row.business_id, row.id)
    }

    fn claim(&self, work: &mut SweepWork<'_>, which: &Which<Self::Key>) -> Result<Vec<store::LateRow>, Refusal> {
        store::claim_to_remind(work, which)
    }

    /// Tells what is due of each, and writes when to look again.
    fn work_off(&self, work: &mut SweepWork<'_>, rows: Vec<store::LateRow>) -> Result<Audited<usize>, Refusal> {
        let looked_at = store::read(work.conn_of_all_businesses(), rows)?;
        let keys: Vec<_> = looked_at.iter().map(|due| (due.business, due.id)).collect();
        let around = store::around(work, &keys)?;
        let (mut open, mut steps, mut again) = (Vec::new(), Vec::new(), Vec::new());
        for (due, around) in looked_at.iter().filter_map(|due| Some((due, around.get(&due.id)?))) {
            let entered_on = around.entered_at.with_timezone(&around.zone).date_naive();
            let found = look(&due.rolling, &around.ladders, entered_on, &around.taken, due.today);
            again.push((due.business, due.id, found.next));
            steps.extend(found.pass_over.into_iter().map(|step| (due.business, due.id, step, false)));
            if let Some((step, by_letter)) = found.tell {
                steps.push((due.business, due.id, step, true));
                open.push(Telling { due, step, by_letter });
            }
        }
        let new = store::record_steps(work, &steps)?;
        open.retain(|one| new.contains(&(one.due.id, one.step)));
        tell_readers(work, &open)?;
        store::look_again(work, &again)?;
        Ok(work.unrecorded(Unrecorded::Delivery, looked_at.len()))
    }
}

fn tell_readers(work: &mut SweepWork<'_>, open: &[Telling<'_>]) -> Result<(), Refusal> {
    let asked = open.iter().map(|one| Ask {
        business: one.due.business,
        id: one.due.id,
        today: one.due.today,
        owners_too: one.step.rung == Rung::Undecided,
    });
    let readers = store::readers(work.conn_of_all_businesses(), &asked.collect::<Vec<_>>())?;
    let of_id: HashMap<SubscriptionId, &Telling<'_>> = open.iter().map(|one| (one.due.id, one)).collect();
    let mut all = Vec::new();
    for reader in &readers {
        let Some(one) = of_id.get(&reader.subscription) else { continue };
        let to = match one.by_letter {
            true => To::with(reader.member, one.letter(work, reader)?),
            false => To::inbox(reader.member),
        };
        all.push((one.due.business, one.news(), to));
    }
    tell::tell_all(work, all)
}

impl Telling<'_> {
    fn auto_renew(&self) -> AutoRenew {
        self.due.rolling.dates.auto_renew
    }

    fn renews_on(&self) -> NaiveDate {
        self.due.rolling.standing.coming.renews_on.unwrap_or(self.step.on)
    }

    fn news(&self) -> News {
        let told = Told::about(&self.due.name);
        let object = Some(self.due.id.0);
        match (self.step.rung, self.auto_renew()) {
            (Rung::Undecided, _) => news(Kind::RenewalUndecided, object, told.of_day(self.step.on)),
            (Rung::CancelBy, _) => news(Kind::RenewalReminder, object, told.of_day(self.step.on).with("cancel_by")),
            (Rung::Renewal, AutoRenew::Auto) => {
                news(Kind::RenewalReminder, object, told.of_day(self.step.on).with("renews"))
            }
            (Rung::Renewal, AutoRenew::Manual) => {
                let told = told.of_day(last_covered_day(self.step.on));
                news(Kind::RenewalReminder, object, told.with("ends_undecided"))
            }
            (Rung::Renewal, AutoRenew::Never) => {
                news(Kind::RenewalReminder, object, told.of_day(last_covered_day(self.step.on)).with("ends"))
            }
        }
    }

    /// What is due for the term that comes; none when it cannot be told, or nothing comes.
    fn due_then(&self, locale: Locale) -> Option<String> {
        let rolling = &self.due.rolling;
        let charge = Charge::of_cycle(&rolling.dates, rolling.cost_model, &rolling.prices, self.renews_on());
        charge.filter(|_| self.auto_renew() != AutoRenew::Never).map(|charge| locale.money(charge.due))
    }

    fn letter(&self, work: &SweepWork<'_>, reader: &Reader) -> Result<Sealed, Refusal> {
        let (locale, business_id) = (reader.locale(), self.due.business);
        let renews_on = locale.date(self.renews_on());
        if self.step.rung == Rung::Undecided {
            let letter = RenewalUndecided {
                name: reader.name.clone(),
                business: reader.business.clone(),
                business_id,
                subscription: self.due.name.clone(),
                subscription_id: self.due.id,
                cancel_by: locale.date(self.step.on),
                renews_on,
                due: self.due_then(locale),
            };
            return work.seal(business_id, &Envelope::new(&reader.email, &reader.name, &letter));
        }
        let (near, on) = self.near(locale);
        let letter = RenewalReminder {
            name: reader.name.clone(),
            business: reader.business.clone(),
            business_id,
            subscription: self.due.name.clone(),
            subscription_id: self.due.id,
            near,
            days: on.signed_duration_since(self.due.today).num_days(),
            renews_on: (self.auto_renew() != AutoRenew::Never).then_some(renews_on),
            due: self.due_then(locale),
            because: because(reader),
        };
        work.seal(business_id, &Envelope::new(&reader.email, &reader.name, &letter))
    }

    fn near(&self, locale: Locale) -> (Near, NaiveDate) {
        let (on, last) = (self.step.on, last_covered_day(self.step.on));
        match (self.step.rung, self.auto_renew()) {
            (Rung::Undecided | Rung::CancelBy, _) => (Near::CancelBy { day: locale.date(on) }, on),
            (Rung::Renewal, AutoRenew::Auto) => (Near::Renews { day: locale.date(on) }, on),
            (Rung::Renewal, AutoRenew::Manual) => (Near::EndsUndecided { day: locale.date(last) }, last),
            (Rung::Renewal, AutoRenew::Never) => (Near::Ends { day: locale.date(last) }, last),
        }
    }
}

/// Why this reader is written to.
pub(super) fn because(reader: &Reader) -> Because {
    match &reader.gone {
        None => Because::Owner {},
        Some(person) => Because::OwnerGone { person: person.clone() },
    }
}

/// Takes out steps for days that are long over.
pub struct ForgetSteps;

const KEPT: Days = Days::new(30);
const BATCH: i64 = 5_000;

impl Sweep for ForgetSteps {
    type Output = usize;

    fn run(&self, work: &mut SweepWork<'_>) -> Result<Audited<usize>, Refusal> {
        let until = work.now().date_naive().checked_sub_days(KEPT).ok_or_else(|| Refusal::fault("no such day"))?;
        let gone = store::forget_steps(work, until, BATCH)?;
        Ok(work.unrecorded(Unrecorded::Progress, gone))
    }
}
