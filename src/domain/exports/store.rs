//! What the entry about an export needs to know.

use diesel::prelude::*;

use crate::kernel::ids::MemberId;
use crate::kernel::refusal::Refusal;
use crate::kernel::schema::{businesses, members};
use crate::kernel::work::{Scope, Work};

/// The name of the business.
pub(super) fn business_name(work: &mut Work<'_>) -> Result<String, Refusal> {
    let business = work.business();
    Ok(businesses::table.find(business).select(businesses::name).first(work.conn())?)
}

/// The name of a person by whom a list is narrowed.
pub(super) fn person(work: &mut Work<'_>, id: MemberId) -> Result<Option<String>, Refusal> {
    let business = work.business();
    Ok(members::table.find((business, id)).select(members::name).first(work.conn()).optional()?)
}
