//! Which column of a file holds which field, for any kind of file.

use std::collections::BTreeMap;

use crate::kernel::refusal::Refusal;

use super::fields::Field;

/// Which columns to read, by header: `map[header] = field`; unmapped columns are left out.
pub type Mapping = BTreeMap<String, String>;

/// A mapping that was checked against the headers of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(BTreeMap<&'static str, usize>);

/// The mapping to offer first: each field at the header that says it most surely, other columns left out.
pub fn guess(fields: &[Field], headers: &[String]) -> Mapping {
    let mut mapping = Mapping::new();
    for field in fields {
        let mut known = field.headers.iter().flat_map(|known| headers.iter().find(|header| plain(header) == *known));
        if let Some(header) = known.find(|header| !mapping.contains_key(*header)) {
            mapping.insert(header.clone(), field.code.to_owned());
        }
    }
    mapping
}

/// A header by its letters and digits only.
pub(super) fn plain(header: &str) -> String {
    let letters = header.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

impl Columns {
    /// Checks a mapping against the headers of a file.
    pub fn new(fields: &'static [Field], headers: &[String], mapping: &Mapping) -> Result<Self, Refusal> {
        let wrong = |message: String| Refusal::invalid("map", message);
        let mut columns = BTreeMap::new();
        for (header, code) in mapping {
            let column = headers.iter().position(|other| other == header && !header.is_empty());
            let column = column
                .ok_or_else(|| wrong(format!("The file has no column “{header}”: choose one of its columns.")))?;
            let field = fields.iter().find(|field| field.code == code);
            let field = field.ok_or_else(|| wrong(format!("There is no field “{code}”: choose one of the list.")))?;
            if columns.insert(field.code, column).is_some() {
                return Err(wrong(format!("Two columns are mapped to {}: choose one of them.", field.label)));
            }
        }
        Ok(Self(columns))
    }

    /// Whether a column holds this field.
    pub fn has(&self, code: &str) -> bool {
        self.0.contains_key(code)
    }

    /// The cell of a field without spaces around it; none when it is not mapped or blank.
    pub fn cell<'row>(&self, code: &str, cells: &'row [String]) -> Option<&'row str> {
        let cell = cells.get(*self.0.get(code)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// Whether a row says nothing in the columns that are read.
    pub fn is_blank(&self, cells: &[String]) -> bool {
        self.0.keys().all(|code| self.cell(code, cells).is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::{LICENSE, SUBSCRIPTION};
    use super::*;

    fn headers(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    fn guessed(fields: &[Field], text: &str) -> String {
        let found = guess(fields, &headers(text));
        found.into_iter().map(|(header, code)| format!("{header}={code}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn headers_of_other_programs_are_recognised() {
        assert_eq!(
            guessed(&SUBSCRIPTION, "Name,Price,Payment Cycle,Next Payment,Category,Payment Method,Paid By,URL,Notes"),
            "Category=category Name=name Next Payment=renews_on Notes=notes Payment Cycle=every Payment Method=payment_method Price=cost URL=url"
        );
        assert_eq!(
            guessed(&LICENSE, "Application,User E-mail,Last Login,Serial,Colour"),
            "Application=service Last Login=last_used_on Serial=key User E-mail=person"
        );
        assert_eq!(guessed(&SUBSCRIPTION, "Colour,Size,"), "");
    }

    #[test]
    fn what_is_exported_is_recognised() {
        for fields in [&SUBSCRIPTION[..], &LICENSE[..]] {
            let labels: Vec<String> = fields.iter().map(|field| field.label.to_owned()).collect();
            let found = guess(fields, &labels);
            for field in fields {
                assert_eq!(found.get(field.label).map(String::as_str), Some(field.code), "{}", field.label);
            }
        }
    }

    #[test]
    fn a_mapping_must_make_sense() {
        let of_file = headers("A,B");
        let refused = |pairs: &[(&str, &str)]| {
            let mapping = pairs.iter().map(|(header, code)| ((*header).to_owned(), (*code).to_owned())).collect();
            Columns::new(&SUBSCRIPTION, &of_file, &mapping).expect_err("refused").message.into_owned()
        };
        assert_eq!(refused(&[("X", "cost")]), "The file has no column “X”: choose one of its columns.");
        assert_eq!(refused(&[("A", "salary")]), "There is no field “salary”: choose one of the list.");
        assert_eq!(refused(&[("A", "cost"), ("B", "cost")]), "Two columns are mapped to Cost: choose one of them.");
    }
}
