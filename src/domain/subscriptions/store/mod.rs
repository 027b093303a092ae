//! Subscriptions in the database. Every query starts from `visible`.

mod around;
mod as_of_now;
mod late;
mod list;
mod lock;
mod prices;
mod read;
mod reminders;
mod steps;
pub(super) mod surplus;
mod write;

use diesel::dsl::Filter;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::kernel::access::Sees;
use crate::kernel::ids::{BusinessId, MemberId};
use crate::kernel::schema::{assignments, subscriptions};
use crate::kernel::work::Sight;

pub(super) use around::{Running, categories, departments, new_owner, owners, running, twin, twin_of_any};
pub use around::{Twin, people};
pub use late::{LateRow, late};
pub(super) use late::{claim, due, lock_late, read};
pub(super) use list::{count, page};
pub(super) use lock::lock_removed;
pub use lock::{Locked, lock, lock_many};
pub(super) use prices::{insert_price, insert_prices, seats_held_of};
pub use prices::{price_list, seats_held};
pub use read::find;
pub(super) use read::written;
pub(super) use reminders::{Ask, Reader, around, claim_to_remind, forget_steps, look_again, readers, record_steps};
pub(super) use steps::{charges_of, insert_charges, remove_estimates, set_fewer, update_charge, write_steps};
pub(super) use write::{New, insert_many, set_removed, set_restored, update};

type Condition = Box<dyn BoxableExpression<subscriptions::table, Pg, SqlType = Bool>>;
type Visible = Filter<subscriptions::table, Condition>;

/// The subscriptions of the business, removed ones among them; for whoever sees only their own: what they own or hold.
fn visible(sight: Sight) -> Visible {
    let of_business = subscriptions::business_id.eq(sight.business);
    let seen: Condition = match sight.sees {
        Sees::All => Box::new(of_business),
        Sees::Nothing => Box::new(of_business.and(false.into_sql::<Bool>())),
        Sees::OnlyOf(member) => Box::new(
            of_business
                .and(subscriptions::owner_id.eq(member).or(subscriptions::id.eq_any(held_by(sight.business, member)))),
        ),
    };
    subscriptions::table.filter(seen)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn held_by(business: BusinessId, member: MemberId) -> _ {
    assignments::table
        .filter(assignments::business_id.eq(business))
        .filter(assignments::member_id.eq(member))
        .filter(assignments::ended_at.is_null())
        .select(assignments::subscription_id)
}
