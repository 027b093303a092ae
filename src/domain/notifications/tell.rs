//! Telling members something, in the transaction that brings it about: each in their inbox and by letter, as they have
//! chosen. Whoever cannot sign in has no inbox, and gets the letter.

use crate::kernel::ids::{BusinessId, MemberId, NotificationId};
use crate::kernel::outbox::Sealed;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Scope, SweepWork, Work};

use super::kind::Kind;
use super::notification::{News, Told};
use super::store::{self, New};

/// Somebody who is told something.
pub struct To {
    /// Who.
    pub member: MemberId,
    /// The letter that goes with it; none: this time there is none.
    pub letter: Option<Sealed>,
}

impl To {
    /// In their inbox only.
    pub fn inbox(member: MemberId) -> Self {
        Self { member, letter: None }
    }

    /// Also by letter.
    pub fn with(member: MemberId, letter: Sealed) -> Self {
        Self { member, letter: Some(letter) }
    }
}

/// Tells these members the same; says how many letters go out. Who does something is not told of it in their own inbox.
pub fn tell(work: &mut Work<'_>, news: &News, to: Vec<To>) -> Result<usize, Refusal> {
    let (business, now, acting) = (work.business(), work.now(), work.access().member());
    let rows: Vec<New> = (0..)
        .zip(to.iter().filter(|to| Some(to.member) != acting))
        .map(|(nth, to)| row(NotificationId::mint_nth(now, nth), business, news, to))
        .collect();
    store::put(work.conn(), now, rows)?;
    let keys = to.iter().filter(|to| to.letter.is_some()).map(|to| (business, to.member, news.kind)).collect();
    let unwanted = store::without_letters(work.conn(), keys)?;
    let wanted = to.into_iter().filter(|to| !unwanted.contains(&(business, to.member, news.kind.code().to_owned())));
    let letters: Vec<Sealed> = wanted.filter_map(|to| to.letter).collect();
    work.send_many(&letters)?;
    Ok(letters.len())
}

/// The same about the state of something, whoever brought it about: they find it in their inbox too.
pub fn tell_state(work: &mut Work<'_>, news: &News, to: Vec<To>) -> Result<(), Refusal> {
    let (business, now, acting) = (work.business(), work.now(), work.access().member());
    let own = to.iter().find(|to| Some(to.member) == acting);
    let row = own.map(|to| row(NotificationId::mint(now), business, news, to));
    store::put(work.conn(), now, row.into_iter().collect())?;
    tell(work, news, to).map(drop)
}

/// Tells members of many businesses, each their own.
pub fn tell_all(work: &mut SweepWork<'_>, all: Vec<(BusinessId, News, To)>) -> Result<(), Refusal> {
    let now = work.now();
    let rows = (0..).zip(&all).map(|(nth, (business, news, to))| {
        let id = NotificationId::mint_nth(now, nth);
        row(id, *business, news, to)
    });
    let rows = rows.collect();
    let conn = work.conn_of_all_businesses();
    store::put(conn, now, rows)?;
    let with_letter = all.iter().filter(|(_, _, to)| to.letter.is_some());
    let keys = with_letter.map(|(business, news, to)| (*business, to.member, news.kind)).collect();
    let unwanted = store::without_letters(conn, keys)?;
    let is_wanted = |(business, news, to): &(BusinessId, News, To)| {
        !unwanted.contains(&(*business, to.member, news.kind.code().to_owned()))
    };
    let letters: Vec<Sealed> = all.into_iter().filter(is_wanted).filter_map(|(_, _, to)| to.letter).collect();
    work.send_many(&letters).map(drop)
}

fn row(id: NotificationId, business: BusinessId, news: &News, to: &To) -> New {
    let (told, occasion) = (news.told.clone(), news.occasion.clone());
    New { id, business, member: to.member, kind: news.kind, object: news.object, told, occasion }
}

/// Something to tell.
pub fn news(kind: Kind, object: Option<uuid::Uuid>, told: Told) -> News {
    debug_assert!(kind.has_inbox(), "{kind:?} never comes to an inbox");
    News { kind, object, told, occasion: None }
}
