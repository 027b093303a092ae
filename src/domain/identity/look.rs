//! How pages look for one person, and whether they answer to single keys: as they chose in their profile. It is found
//! with their session, so that no page asks for it.

use serde::{Deserialize, Serialize};

use crate::kernel::refusal::Refusal;

/// Light or dark, whatever the person's system says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Theme {
    /// Dark ink on light paper.
    Light,
    /// Light ink on dark paper.
    Dark,
}

impl Theme {
    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }

    /// A theme as chosen from the list; blank is that of the person's system.
    pub fn choose(code: &str) -> Result<Option<Self>, Refusal> {
        match code {
            "" => Ok(None),
            code => Self::parse(code)
                .map(Some)
                .ok_or_else(|| Refusal::invalid("theme", "Choose light, dark, or as your system does.")),
        }
    }

    /// The stable code, as stored and written into pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// As a screen says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// What a person chose about the pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Look {
    /// Light or dark; none: as their system does.
    pub theme: Option<Theme>,
    /// Whether single keys are shortcuts.
    pub has_shortcuts: bool,
}

impl Default for Look {
    /// Of somebody who is not known.
    fn default() -> Self {
        Self { theme: None, has_shortcuts: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_one_of_two_or_left_to_the_system() {
        assert_eq!(Theme::choose("").unwrap(), None);
        for theme in [Theme::Light, Theme::Dark] {
            assert_eq!(Theme::choose(theme.code()).unwrap(), Some(theme));
        }
        for other in ["Dark", "sepia", "light dark", " "] {
            assert_eq!(Theme::choose(other).unwrap_err().field, Some("theme"), "{other}");
        }
    }
}
