//! A vendor's product.

use crate::kernel::fact::{Change, Fact, Object};
use crate::kernel::ids::ServiceId;
use crate::kernel::refusal::Refusal;

/// A service of one business's list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// The id.
    pub id: ServiceId,
    /// Its name, as first written.
    pub name: String,
    /// What is known of it.
    pub about: About,
}

/// What a business writes of a service.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct About {
    /// Who sells it, or empty.
    pub vendor: String,
    /// What sort of software it is, or empty.
    pub category: String,
    /// Its site, or empty.
    pub website: String,
}

/// A name as names are compared: in lower case, with single spaces.
pub fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Another service has this name already.
pub struct NameTaken {
    /// Its name.
    pub name: String,
}

impl From<NameTaken> for Refusal {
    fn from(NameTaken { name }: NameTaken) -> Self {
        Self::conflict("duplicate", format!("{name} is a service of its own already. Write another name.")).at("name")
    }
}

/// A service was changed.
pub(super) struct ServiceChanged {
    pub(super) before: Service,
    pub(super) after: Service,
}

impl Fact for ServiceChanged {
    fn code(&self) -> &'static str {
        "service.changed"
    }

    fn object(&self) -> Object {
        Object::new("service", self.after.id, &self.after.name)
    }

    fn said(&self) -> String {
        format!("changed the service {}", self.after.name)
    }

    fn changes(&self) -> Vec<Change> {
        let (before, after) = (texts(&self.before), texts(&self.after));
        before.into_iter().zip(after).filter_map(|((field, had), (_, has))| Change::between(field, had, has)).collect()
    }
}

fn texts(service: &Service) -> [(&'static str, Option<String>); 4] {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    [
        ("Name", filled(&service.name)),
        ("Vendor", filled(&service.about.vendor)),
        ("Category", filled(&service.about.category)),
        ("Website", filled(&service.about.website)),
    ]
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn case_and_spaces_do_not_make_another_service() {
        for written in ["Figma Team", "figma  team", " FIGMA TEAM "] {
            assert_eq!(folded(written), "figma team");
        }
        assert_ne!(folded("Figma"), folded("Figjam"));
    }
}
