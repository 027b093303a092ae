//! Renewed by default: whoever answers for a subscription is told, in the transaction that writes the renewal. After an
//! outage only of the last one.

use std::collections::HashMap;

use crate::domain::notifications::kind::Kind;
use crate::domain::notifications::notification::{News, Told};
use crate::domain::notifications::tell::{self, To, news};
use crate::domain::subscriptions::roll::{Step, What};
use crate::domain::subscriptions::roll_forward::Due;
use crate::domain::subscriptions::store::{self, Ask, Reader};
use crate::kernel::ids::SubscriptionId;
use crate::kernel::outbox::Envelope;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, SweepWork, Work};

use super::letters::RenewedByDefault;
use super::remind::because;

/// Whether this is a renewal by default that nothing else due follows.
fn is_told((due, step): &(&Due, Step)) -> bool {
    step.what == What::RenewedByDefault && step.standing.coming.renews_on.is_some_and(|next| next > due.today)
}

fn ask((due, _): &(&Due, Step)) -> Ask {
    Ask { business: due.business, id: due.id, today: due.today, owners_too: false }
}

/// Tells whoever is to be told of what the worker has just written.
pub fn tell_all(work: &mut SweepWork<'_>, taken: &[(&Due, Step)]) -> Result<(), Refusal> {
    let told: Vec<(&Due, Step)> = taken.iter().filter(|one| is_told(one)).copied().collect();
    let asked: Vec<Ask> = told.iter().map(ask).collect();
    let readers = store::readers(work.conn_of_all_businesses(), &asked)?;
    let of_id: HashMap<SubscriptionId, &(&Due, Step)> = told.iter().map(|one| (one.0.id, one)).collect();
    let mut all = Vec::new();
    for reader in &readers {
        let Some((due, step)) = of_id.get(&reader.subscription) else { continue };
        let letter = letter(due, step, reader);
        let sealed = work.seal(due.business, &Envelope::new(&reader.email, &reader.name, &letter))?;
        all.push((due.business, told_of(due, step), To::with(reader.member, sealed)));
    }
    tell::tell_all(work, all)
}

/// The same when somebody came before the worker, who tells nothing but writes what was due first.
pub fn tell(work: &mut Work<'_>, due: &Due, step: Step) -> Result<(), Refusal> {
    let one = (due, step);
    if !is_told(&one) {
        return Ok(());
    }
    let readers = store::readers(work.conn(), &[ask(&one)])?;
    let mut to = Vec::new();
    for reader in &readers {
        let letter = letter(due, &step, reader);
        to.push(To::with(reader.member, work.seal(&Envelope::new(&reader.email, &reader.name, &letter))?));
    }
    tell::tell_state(work, &told_of(due, &step), to)
}

fn told_of(due: &Due, step: &Step) -> News {
    news(Kind::RenewedByDefault, Some(due.id.0), Told::about(&due.name).of_day(step.on))
}

fn letter(due: &Due, step: &Step, reader: &Reader) -> RenewedByDefault {
    let locale = reader.locale();
    RenewedByDefault {
        name: reader.name.clone(),
        business: reader.business.clone(),
        business_id: due.business,
        subscription: due.name.clone(),
        subscription_id: due.id,
        on: locale.date(step.on),
        renews_on: step.standing.coming.renews_on.map(|day| locale.date(day)),
        cancel_by: step.standing.coming.cancel_by.map(|day| locale.date(day)),
        due: step.charge.map(|charge| locale.money(charge.due)),
        because: because(reader),
    }
}
