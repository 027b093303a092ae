//! Who signs in to the demo business, and how they came to.

use rand::RngExt;

use crate::app::App;
use crate::domain::access;
use crate::domain::identity::enrol::TurnOn;
use crate::domain::identity::password::Password;
use crate::domain::identity::two_factor::{RecoveryCodes, Setup};
use crate::domain::support::staff::{Activate, Activation, AddStaff, Added, by_key};
use crate::domain::team::accept::{Accept, Joiner, Proof};
use crate::domain::team::invitation::InvitationState;
use crate::domain::team::invite::Invite;
use crate::domain::team::link::MakeLink;
use crate::domain::team::roster::{Invitations, Turn};
use crate::kernel::access::{Access, Origin, Source};
use crate::kernel::email_address::EmailAddress;
use crate::kernel::ids::UserId;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;

use super::SignIn;
use super::data::PEOPLE;

/// Where the demo's acts come from.
pub(super) fn source() -> Source {
    Source::inside(Origin::Command)
}

/// A person's address at the studio.
pub(super) fn email_of(name: &str) -> Result<EmailAddress, Refusal> {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'á' => 'a',
            ' ' => '.',
            other => other,
        })
        .collect();
    EmailAddress::parse(&format!("{plain}@larkfield.example"))
}

/// Four short words and a number: easy to type, new on each installation.
pub(super) fn password() -> String {
    const WORDS: [&str; 24] = [
        "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "juniper", "kelp", "linen",
        "maple", "north", "otter", "pebble", "quartz", "river", "spruce", "tidal", "umber", "violet", "willow",
        "zephyr",
    ];
    let mut random = rand::rng();
    let mut words: Vec<&str> = Vec::new();
    while words.len() < 4 {
        words.extend(WORDS.get(random.random_range(0..WORDS.len())));
    }
    format!("{}-{}", words.join("-"), random.random_range(10..100))
}

/// The access of somebody who signs in, as a session of theirs would have it.
pub(super) async fn access_of(app: &App, user: UserId) -> Result<Access, Refusal> {
    let memberships = access::memberships(&app.db, user).await?;
    let own = memberships.first().ok_or_else(Refusal::not_found)?;
    let proved = access::by_session(&app.db, user, (own.business, own.member), source()).await?;
    proved.ok_or_else(Refusal::not_found)
}

/// Invites one of the people and lets them join with a password of their own.
pub(super) async fn join(app: &App, inviter: &Access, index: usize, role: Role) -> Result<(Access, SignIn), Refusal> {
    let (name, department) = PEOPLE.get(index).copied().ok_or_else(Refusal::not_found)?;
    let email = email_of(name)?;
    invite(app, inviter, &email, role, department, "Welcome to our books. Have a look around.").await?;
    let pending = Invitations { state: InvitationState::Pending, turn: Turn::First };
    let rows = app.db.answer(inviter, pending).await?.rows;
    let row = rows.iter().find(|row| row.email == email.as_str()).ok_or_else(Refusal::not_found)?;
    let link = app.db.perform(inviter, MakeLink { invitation: row.invitation.id }).await?;
    let password = password();
    let hash = app.passwords.hash(Password::parse(&password, &[])?).await?;
    let invitee = access::by_invitation_key(&app.db, &link.key.to_text(), None, source()).await?;
    let joiner = Joiner::New { name: name.to_owned(), password_hash: hash };
    let joined = app.db.perform(&invitee, Accept { proof: Proof::Key(link.key), joiner }).await?;
    let email = email.as_str().to_owned();
    let sign_in = SignIn { name: name.to_owned(), email, role: role.label(), password, totp_secret: None };
    Ok((access_of(app, joined.user).await?, sign_in))
}

/// Makes somebody who runs the installation, with a second factor as all of them have.
pub(super) async fn staff(app: &App) -> Result<SignIn, Refusal> {
    let (name, password) = ("Noor Hale", password());
    let email = EmailAddress::parse("noor.hale@subledger.example")?;
    let hash = app.passwords.hash(Password::parse(&password, &[])?).await?;
    let add = AddStaff { email: email.clone(), locked_hash: hash.clone() };
    let Added::WithKey(key) = app.db.perform(&access::for_installation(), add).await? else {
        return Err(Refusal::fault("the demo's member of staff was there already"));
    };
    let (key, Activation { user, .. }) = by_key(&app.db, &key.to_text()).await?;
    let own = access::for_user(user, source());
    app.db.perform(&own, Activate { key, user, name: name.to_owned(), password_hash: hash }).await?;
    let setup = Setup::begin(&app.keyring, user)?;
    let (secret, typed) = (setup.in_groups(), setup.code(app.db.clock().now())?);
    let (codes, businesses, keep) = (RecoveryCodes::random(), Vec::new(), String::new());
    app.db.perform(&own, TurnOn { setup, typed, codes, businesses, keep }).await?;
    let email = email.as_str().to_owned();
    Ok(SignIn { name: name.to_owned(), email, role: "Staff", password, totp_secret: Some(secret) })
}

/// Sends one invitation.
pub(super) async fn invite(
    app: &App,
    inviter: &Access,
    email: &EmailAddress,
    role: Role,
    department: &str,
    message: &str,
) -> Result<(), Refusal> {
    let invite =
        Invite { addresses: vec![email.clone()], role, department: department.to_owned(), message: message.to_owned() };
    app.db.perform(inviter, invite).await.map(drop)
}
