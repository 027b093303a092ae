//! Well-known services, the same for every business: facts to begin with, which a business may change in its own list.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::service::folded;

const LINES: &str = include_str!("catalogue.csv");

/// A service that many businesses use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Known {
    /// As its vendor calls it.
    pub name: &'static str,
    /// Who sells it.
    pub vendor: &'static str,
    /// What sort of software it is.
    pub category: &'static str,
    /// Its site.
    pub website: &'static str,
}

/// All of them, by name.
pub fn known() -> &'static [Known] {
    static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| LINES.lines().skip(1).filter_map(read).collect());
    &KNOWN
}

/// The one of this name, however it is written.
pub fn by_name(name: &str) -> Option<Known> {
    static BY_NAME: LazyLock<HashMap<String, Known>> =
        LazyLock::new(|| known().iter().map(|known| (folded(known.name), *known)).collect());
    BY_NAME.get(&folded(name)).copied()
}

fn read(line: &'static str) -> Option<Known> {
    let mut cells = line.split(',');
    let known = Known { name: cells.next()?, vendor: cells.next()?, category: cells.next()?, website: cells.next()? };
    cells.next().is_none().then_some(known)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_is_read_and_every_name_stands_once() {
        assert_eq!(known().len(), LINES.lines().count() - 1);
        let names: BTreeSet<String> = known().iter().map(|known| folded(known.name)).collect();
        assert!(names.len() == known().len() && names.len() >= 200, "{}", names.len());
        for known in known() {
            let cells = [known.name, known.vendor, known.category, known.website];
            assert!(cells.iter().all(|cell| !cell.is_empty() && cell.trim() == *cell), "{known:?}");
            assert!(known.website.starts_with("https://"), "{known:?}");
        }
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        assert_eq!(by_name("  gitHub  COPILOT ").map(|known| known.vendor), Some("GitHub"));
        assert_eq!(by_name("Figjam"), None);
    }
}
