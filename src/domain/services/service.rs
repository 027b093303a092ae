//! A vendor's product.

use crate::kernel::ids::ServiceId;

/// A service of one business's list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Service {
    /// The id.
    pub id: ServiceId,
    /// Its name, as first written.
    pub name: String,
}

/// A name as names are compared: in lower case, with single spaces.
pub fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
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
