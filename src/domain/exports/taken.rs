//! That somebody takes a list is written down before its first byte leaves.

use chrono::NaiveDate;

use crate::domain::subscriptions::list::Renewing;
use crate::domain::{licenses, subscriptions, team};
use crate::kernel::fact::{Fact, Object};
use crate::kernel::ids::{BusinessId, MemberId};
use crate::kernel::operation::{Attempt, Operation};
use crate::kernel::permission::Permission;
use crate::kernel::refusal::Refusal;
use crate::kernel::work::{Audited, Scope, Work};

use super::store;

/// A list, narrowed as its page is.
pub enum List {
    /// The directory.
    People(team::list::Filter),
    /// The subscriptions.
    Subscriptions(subscriptions::list::Filters),
    /// The seats, as of a day.
    Licenses(licenses::all::Filter, Option<NaiveDate>),
}

/// Writes down that a list was taken as a file.
pub struct Take(pub List);

impl Operation for Take {
    const NEEDS: Permission = Permission::ExportLists;
    const SENSITIVE: Option<Attempt> = Some(Attempt { action: "list.export_refused", said: "tried to export a list" });
    type Output = ();

    fn run(&self, work: &mut Work<'_>) -> Result<Audited<()>, Refusal> {
        let name = store::business_name(work)?;
        let (list, filters) = self.0.said(work)?;
        let said = match filters.is_empty() {
            true => format!("exported {list}"),
            false => format!("exported {list}: {}", filters.join(", ")),
        };
        work.record(&Taken { business: work.business(), name, said }, ())
    }
}

impl List {
    /// What it is a list of, and by what it is narrowed.
    fn said(&self, work: &mut Work<'_>) -> Result<(&'static str, Vec<String>), Refusal> {
        let (list, filters) = match self {
            Self::People(filter) => (
                "the people",
                vec![
                    words(&filter.words),
                    filled("department", &filter.department),
                    person("manager", work, filter.manager)?,
                    filter.status.map(|status| status.label().to_owned()),
                ],
            ),
            Self::Subscriptions(filters) => (
                "the subscriptions",
                vec![
                    words(&filters.words),
                    filled("category", &filters.category),
                    filled("department", &filters.department),
                    person("owner", work, filters.owner)?,
                    filters.renewing.as_ref().map(renewing),
                    match filters.shown {
                        subscriptions::list::Shown::All => None,
                        subscriptions::list::Shown::Of(status) => Some(status.label().to_owned()),
                        subscriptions::list::Shown::Removed => Some("Removed".to_owned()),
                    },
                ],
            ),
            Self::Licenses(filter, on) => (
                "the seats",
                vec![
                    words(&filter.words),
                    filter.status.map(|status| status.label().to_owned()),
                    on.map(|day| format!("as of {day}")),
                ],
            ),
        };
        Ok((list, filters.into_iter().flatten().collect()))
    }
}

fn words(words: &str) -> Option<String> {
    Some(words.trim()).filter(|words| !words.is_empty()).map(|words| format!("words “{words}”"))
}

fn filled(what: &str, value: &str) -> Option<String> {
    (!value.is_empty()).then(|| format!("{what} {value}"))
}

fn renewing(Renewing { from, to, answered, act_by }: &Renewing) -> String {
    let answered = answered.map(|answered| format!(", {}", answered.code())).unwrap_or_default();
    let act_by = act_by.map(|day| format!(", to be cancelled by {day}")).unwrap_or_default();
    format!("renewing from {from} to {to}{answered}{act_by}")
}

fn person(what: &str, work: &mut Work<'_>, id: Option<MemberId>) -> Result<Option<String>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    let name = store::person(work, id)?.unwrap_or_else(|| "nobody known".to_owned());
    Ok(Some(format!("{what} {name}")))
}

struct Taken {
    business: BusinessId,
    name: String,
    said: String,
}

impl Fact for Taken {
    fn code(&self) -> &'static str {
        "list.exported"
    }

    fn object(&self) -> Object {
        Object::new("business", self.business, &self.name)
    }

    fn said(&self) -> String {
        self.said.clone()
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::subscriptions::list::Answered;

    use super::*;

    #[test]
    fn coming_renewals_are_told_with_all_that_narrows_them() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        let all = Renewing { from: day(1), to: day(30), answered: None, act_by: None };
        assert_eq!(renewing(&all), "renewing from 2026-11-01 to 2026-11-30");
        let some = Renewing { answered: Some(Answered::Undecided), act_by: Some(day(9)), ..all };
        assert_eq!(renewing(&some), "renewing from 2026-11-01 to 2026-11-30, undecided, to be cancelled by 2026-11-09");
    }
}
