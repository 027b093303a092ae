//! Proves [`Access`]: who acts, for which business, seeing what. Nothing else in the product makes one, and nothing
//! here changes anything.

mod by_api_key;
mod by_feed;
mod by_invitation;
mod by_session;
mod by_staff;
mod by_start;
mod by_support;
mod store;

use crate::kernel::access::{Access, Actor, House, Origin, Sees, Source, Standing};
use crate::kernel::currency::Currency;
use crate::kernel::db::Rounds;
use crate::kernel::ids::{BusinessId, UserId};
use crate::kernel::locale::Locale;
use crate::kernel::permission::{Permission, Permissions};

pub use by_api_key::{Program, by_api_key};
pub use by_feed::by_feed_key;
pub use by_invitation::{Invited, OpenInvitation, by_invitation_key, by_invited_address, invitations_of};
pub use by_session::{Membership, anybody, by_session, memberships, user_of};
pub use by_staff::{Console, by_staff, by_staff_in};
pub use by_start::by_start;
pub use by_support::{Inside, by_support};

/// Somebody founding a business: its house is fresh, its id minted by the caller.
pub fn for_sign_up(user: Option<UserId>, house: House, source: Source) -> Access {
    Access::prove(Actor::Visitor { user }, house, Sees::Nothing, Permissions::of(&[Permission::SignUp]), source)
}

/// Somebody on the public pages, who may see what plans there are.
pub fn for_visitor(user: Option<UserId>, source: Source) -> Access {
    Access::prove(
        Actor::Visitor { user },
        installation(),
        Sees::Nothing,
        Permissions::of(&[Permission::SeeOffers]),
        source,
    )
}

/// A signed-in person about themselves, in no business in particular.
pub fn for_user(user: UserId, source: Source) -> Access {
    let may = Permissions::of(&[Permission::UseOwnAccount]);
    Access::prove(Actor::User { user }, installation(), Sees::Nothing, may, source)
}

/// A command on the console, in one business, with everything allowed.
pub fn for_command(house: House) -> Access {
    let source = Source::inside(Origin::Command);
    Access::prove(Actor::Command, house, Sees::All, Permissions::of(&Permission::ALL), source)
}

/// A command on the console about the installation itself.
pub fn for_installation() -> Access {
    for_command(installation())
}

/// The worker's right to sweep over many businesses.
pub fn for_rounds() -> Rounds {
    Rounds::prove()
}

fn installation() -> House {
    House {
        business: BusinessId::INSTALLATION,
        zone: chrono_tz::UTC,
        currency: Currency::EUR,
        locale: Locale::default(),
        standing: Standing::Active,
    }
}
