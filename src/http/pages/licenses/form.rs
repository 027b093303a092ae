//! Reading the forms about one seat.

use chrono::NaiveDate;

use crate::domain::identity::user::parse_name;
use crate::domain::licenses::assign::{Assign, Receiver};
use crate::domain::licenses::letters::Tell;
use crate::domain::licenses::license_key::LicenseKey;
use crate::http::pages::form::{self, FormErrors, Posted};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::{MemberId, SubscriptionId};
use crate::kernel::refusal::Refusal;

const CHOOSE: &str = "Choose a person, or write an address.";
const FIELDS: [&str; 6] = ["member", "add_person", "name", "expires_on", "key", "tell"];

/// What is asked for, or all that is wrong with it.
pub fn read(posted: &Posted, subscription: SubscriptionId) -> Result<Assign, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&FIELDS));
    let to = errors.take(receiver(posted));
    let expires_on = errors.take(form::day("expires_on", posted.get("expires_on")));
    let key = errors.take(key(posted));
    let tell = errors.take(tell(posted));
    let read = to.zip(expires_on).zip(key).zip(tell);
    let read = read.map(|(((to, expires_on), key), tell)| Assign { subscription, to, expires_on, key, tell });
    errors.or(read)
}

/// Somebody who is in People already, by id or address.
pub(super) fn known_receiver(posted: &Posted) -> Result<Receiver, Refusal> {
    let given = posted.get("member");
    match (given.is_empty(), MemberId::parse(given)) {
        (true, _) => Err(Refusal::invalid("member", CHOOSE)),
        (false, Some(member)) => Ok(Receiver::Member(member)),
        (false, None) => EmailAddress::parse(given).map(Receiver::Address).map_err(|_| odd_address()),
    }
}

/// The last day in a form that asks for nothing else: emptied means none, left out means nothing.
pub(super) fn last_day(posted: &Posted) -> Result<Option<NaiveDate>, Refusal> {
    match posted.all("expires_on").next() {
        None => Err(Refusal::invalid("expires_on", "Choose a last day, or empty the field for none.")),
        Some(_) => form::day("expires_on", posted.get("expires_on")),
    }
}

fn key(posted: &Posted) -> Result<Option<LicenseKey>, Refusal> {
    match posted.get("key") {
        "" => Ok(None),
        key => LicenseKey::parse(key).map(Some),
    }
}

fn receiver(posted: &Posted) -> Result<Receiver, Refusal> {
    match (known_receiver(posted)?, posted.get("add_person"), posted.get("name")) {
        (member @ Receiver::Member(_), ..) => Ok(member),
        // Without a name nobody can be added; whoever is in People already needs none.
        (known, "", _) | (known, "1", "") => Ok(known),
        (Receiver::Address(address) | Receiver::AddressOrNew { address, .. }, "1", name) => {
            Ok(Receiver::AddressOrNew { address, name: parse_name(name)? })
        }
        _ => Err(Refusal::invalid("add_person", "Choose whether to add the person to People.")),
    }
}

fn odd_address() -> Refusal {
    Refusal::invalid("member", "Choose a person of the list, or write an address such as name@company.com.")
}

/// Whether a letter tells whoever gets a seat.
pub(super) fn tell(posted: &Posted) -> Result<Tell, Refusal> {
    match posted.get("tell") {
        "" => Ok(Tell::ThoseWhoSignIn),
        "1" => Ok(Tell::Always),
        "0" => Ok(Tell::Never),
        _ => Err(Refusal::invalid("tell", "Choose whether a letter tells them.")),
    }
}
