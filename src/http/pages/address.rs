//! Addresses of lists: where a list is, and what was asked of it.

use url::form_urlencoded::{Serializer, parse};

/// The list at `path` as it was asked for, with these answers `instead`; empty ones are left out.
pub fn asked(path: &str, own: &[(&str, &str)], instead: &[(&str, &str)]) -> String {
    let is_replaced = |name: &str| instead.iter().any(|(other, _)| *other == name);
    let kept = own.iter().filter(|(name, _)| !is_replaced(name));
    let mut query = Serializer::new(String::new());
    query.extend_pairs(kept.chain(instead).filter(|(_, value)| !value.is_empty()));
    with_query(path, &query.finish())
}

/// The list at `path` that a form was sent from, as far as its query holds what is `known`: from its first page on.
pub fn back(path: &str, list: &str, known: &[&str]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(parse(list.as_bytes()).filter(|(name, _)| known.contains(&name.as_ref())));
    with_query(path, &query.finish())
}

fn with_query(path: &str, query: &str) -> String {
    match query {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_take_the_place_of_others_and_empty_ones_are_left_out() {
        let own = [("q", "a & b"), ("status", "active"), ("owner", "")];
        assert_eq!(asked("/list", &own, &[]), "/list?q=a+%26+b&status=active");
        assert_eq!(asked("/list", &own, &[("status", ""), ("after", "x")]), "/list?q=a+%26+b&after=x");
        assert_eq!(asked("/list", &own, &[("q", ""), ("status", "")]), "/list");
    }

    #[test]
    fn whoever_comes_back_finds_the_list_and_nothing_else() {
        let list = "q=a+%26+b&after=x&evil=https://elsewhere.example";
        assert_eq!(back("/list", list, &["q", "status"]), "/list?q=a+%26+b");
        assert_eq!(back("/list", "//elsewhere.example", &["q"]), "/list");
    }
}
