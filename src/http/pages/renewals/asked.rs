//! What the address of the agenda asks for.

use chrono::{Months, NaiveDate};

use crate::domain::subscriptions::list::{Answered, Filters, From, Renewing, Sort};
use crate::http::pages::address;
use crate::http::pages::subscriptions::index::place;
use crate::kernel::ids::MemberId;
use crate::kernel::refusal::Refusal;

use super::PATH;

const LONGEST_SEARCH: usize = 100;
/// How many months ahead the agenda looks unless it is asked.
const AHEAD: Months = Months::new(12);

/// What narrows and sorts the agenda; a place in it does not belong to that.
pub const KEPT: [&str; 9] = ["q", "decision", "act_by", "from", "to", "category", "department", "owner", "sort"];

/// The query.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    pub q: String,
    pub decision: String,
    pub act_by: String,
    pub from: String,
    pub to: String,
    pub category: String,
    pub department: String,
    pub owner: String,
    pub sort: String,
    after: String,
    before: String,
}

impl Asked {
    /// What the agenda is narrowed to; a day that is none counts as not given.
    pub fn read(&self, today: NaiveDate) -> Result<(Filters, From), Refusal> {
        let sort = Sort::ALL.into_iter().find(|sort| sort.code() == self.sort).unwrap_or_default();
        let owner = match self.owner.as_str() {
            "" => None,
            id => Some(MemberId::parse(id).ok_or_else(Refusal::not_found)?),
        };
        let at = |text: &str| place(text, sort).ok_or_else(Refusal::not_found);
        let from = match (self.after.as_str(), self.before.as_str()) {
            ("", "") => From::Start,
            ("", before) => From::Before(at(before)?),
            (after, _) => From::After(at(after)?),
        };
        let renewing = Renewing {
            from: day(&self.from).unwrap_or(today).max(today),
            to: day(&self.to).unwrap_or_else(|| today.checked_add_months(AHEAD).unwrap_or(today)),
            answered: Answered::ALL.into_iter().find(|answer| answer.code() == self.decision),
            act_by: day(&self.act_by),
        };
        let filters = Filters {
            words: self.q.trim().chars().filter(|c| !c.is_control()).take(LONGEST_SEARCH).collect(),
            category: self.category.clone(),
            department: self.department.clone(),
            owner,
            renewing: Some(renewing),
            sort,
            ..Filters::default()
        };
        Ok((filters, from))
    }

    /// The address of the same agenda with these answers instead, from its first page on.
    pub fn address(&self, instead: &[(&str, &str)]) -> String {
        let own = KEPT.map(|name| (name, self.value(name).trim()));
        address::asked(PATH, &own, instead)
    }

    /// One of the answers, by its name.
    pub fn value(&self, name: &str) -> &str {
        match name {
            "q" => &self.q,
            "decision" => &self.decision,
            "act_by" => &self.act_by,
            "from" => &self.from,
            "to" => &self.to,
            "category" => &self.category,
            "department" => &self.department,
            "owner" => &self.owner,
            _ => &self.sort,
        }
    }

    /// Whether anything but the order was asked for.
    pub fn is_narrowed(&self) -> bool {
        KEPT.iter().any(|name| *name != "sort" && !self.value(name).trim().is_empty())
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    text.trim().parse().ok()
}
