//! What the letters about a business itself say.

use serde::{Deserialize, Serialize};

use crate::kernel::ids::BusinessId;
use crate::kernel::outbox::Letter;

/// To the owners: the business is being closed.
#[derive(Serialize, Deserialize)]
pub struct BusinessClosing {
    /// The greeting.
    pub name: String,
    /// The business.
    pub business: String,
    /// Its id, so that links open it.
    pub business_id: BusinessId,
    /// Who closes it; none for commands.
    pub by: Option<String>,
    /// Whether that is the reader.
    #[serde(default)]
    pub is_own: bool,
    /// The day it will be gone, as written for them.
    pub gone_on: String,
}

impl Letter for BusinessClosing {
    const KIND: &'static str = "business_closing";
}

impl BusinessClosing {
    /// Who closes it, to the reader.
    pub fn who(&self) -> String {
        match &self.by {
            _ if self.is_own => "you are closing".to_owned(),
            Some(by) => format!("{by} is closing"),
            None => "somebody is closing".to_owned(),
        }
    }
}
