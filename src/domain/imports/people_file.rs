//! The columns of a people file: which of our fields each one holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::kernel::refusal::Refusal;

use super::columns::{Mapping, plain};

/// A field a column can be mapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeopleField {
    /// The address, by which a person is found; the only field that must be mapped.
    Email,
    /// The whole name.
    Name,
    /// The first name, joined with the last.
    FirstName,
    /// The last name.
    LastName,
    /// The department.
    Department,
    /// The manager, by name or address.
    Manager,
    /// The first day.
    JoinedOn,
    /// The last day, which still counts.
    LeftOn,
}

/// Which columns to read, by header: `map[header] = field`; unmapped columns are left out.
pub type PeopleMapping = BTreeMap<String, PeopleField>;

/// A mapping that was checked against the headers of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleColumns(BTreeMap<PeopleField, usize>);

/// Why a mapping was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    /// No column holds the address.
    #[error("Choose the column that holds the e-mail address: people are found by it.")]
    NoEmail,
    /// Two columns for one field.
    #[error("Two columns are mapped to {}: choose one of them.", field.label())]
    MappedTwice {
        /// The field.
        field: PeopleField,
    },
    /// The whole name and a part of it.
    #[error("Map either the name, or the first and the last name.")]
    NameAndParts,
    /// The file has no such column.
    #[error("The file has no column “{header}”: choose one of its columns.")]
    NoSuchColumn {
        /// The header asked for.
        header: String,
    },
}

impl PeopleField {
    /// Every field, in the order they are offered.
    pub const ALL: [Self; 8] = [
        Self::Email,
        Self::Name,
        Self::FirstName,
        Self::LastName,
        Self::Department,
        Self::Manager,
        Self::JoinedOn,
        Self::LeftOn,
    ];

    /// The code in forms and in the trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Department => "department",
            Self::Manager => "manager",
            Self::JoinedOn => "joined_on",
            Self::LeftOn => "left_on",
        }
    }

    /// As a screen says it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Email => "E-mail",
            Self::Name => "Name",
            Self::FirstName => "First name",
            Self::LastName => "Last name",
            Self::Department => "Department",
            Self::Manager => "Manager",
            Self::JoinedOn => "Joined on",
            Self::LeftOn => "Left on",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    /// Headers other programs give this field, letters and digits only, the surest first.
    #[rustfmt::skip]
    const fn known_headers(self) -> &'static [&'static str] {
        match self {
            Self::Email => &["email", "emailaddress", "workemail", "companyemail", "primaryemail", "useremail", "mail"],
            Self::Name => &["name", "fullname", "displayname", "employeename", "employee", "person"],
            Self::FirstName => &["firstname", "givenname", "forename", "first"],
            Self::LastName => &["lastname", "surname", "familyname", "last"],
            Self::Department => &["department", "departmentname", "dept", "team", "division"],
            Self::Manager => &["manageremail", "manager", "managername", "linemanager", "reportsto", "supervisor"],
            Self::JoinedOn => &["joinedon", "joined", "startdate", "hiredate", "datehired", "joindate", "joiningdate", "datejoined"],
            Self::LeftOn => &["lefton", "left", "enddate", "terminationdate", "leavingdate", "leavedate", "exitdate", "lastday", "lastworkingday"],
        }
    }
}

/// A mapping as it is sent and kept, read as one of people.
pub(super) fn of_people(mapping: &Mapping) -> Result<PeopleMapping, Refusal> {
    let read = mapping.iter().map(|(header, code)| {
        let unknown = || Refusal::invalid("map", format!("There is no field “{code}”: choose one of the list."));
        Ok((header.clone(), PeopleField::parse(code).ok_or_else(unknown)?))
    });
    read.collect()
}

/// The mapping to offer first: each field at the header that says it most surely, other columns left out.
pub fn guess_people_mapping(headers: &[String]) -> PeopleMapping {
    let find = |field: PeopleField| {
        let known = field.known_headers().iter();
        known.flat_map(|known| headers.iter().find(|header| plain(header) == **known)).next()
    };
    let found = PeopleField::ALL.into_iter().filter_map(|field| Some((find(field)?.clone(), field)));
    let mut mapping: PeopleMapping = found.collect();
    let is_mapped = |field| mapping.values().any(|mapped| *mapped == field);
    if is_mapped(PeopleField::Name) {
        mapping.retain(|_, field| !matches!(field, PeopleField::FirstName | PeopleField::LastName));
    }
    mapping
}

impl PeopleColumns {
    /// Checks a mapping against the headers of a file.
    pub fn new(headers: &[String], mapping: &PeopleMapping) -> Result<Self, MappingError> {
        let mut columns = BTreeMap::new();
        for (header, field) in mapping {
            let column = headers.iter().position(|other| other == header && !header.is_empty());
            let column = column.ok_or_else(|| MappingError::NoSuchColumn { header: header.clone() })?;
            if columns.insert(*field, column).is_some() {
                return Err(MappingError::MappedTwice { field: *field });
            }
        }
        let parts = [PeopleField::FirstName, PeopleField::LastName];
        let has_parts = parts.iter().any(|part| columns.contains_key(part));
        if columns.contains_key(&PeopleField::Name) && has_parts {
            return Err(MappingError::NameAndParts);
        }
        match columns.contains_key(&PeopleField::Email) {
            true => Ok(Self(columns)),
            false => Err(MappingError::NoEmail),
        }
    }

    /// The cell of a field without spaces around it; `None` when it is not mapped or blank.
    pub fn cell<'row>(&self, field: PeopleField, cells: &'row [String]) -> Option<&'row str> {
        let cell = cells.get(*self.0.get(&field)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// What a row says in the columns that are read, for somebody who looks for it in the file.
    pub fn says(&self, cells: &[String]) -> String {
        let said: Vec<&str> = PeopleField::ALL.iter().filter_map(|field| self.cell(*field, cells)).collect();
        said.join(", ")
    }

    /// The name in a row: as written, or first and last name joined; `None` when all are blank.
    pub fn name(&self, cells: &[String]) -> Option<String> {
        let fields = [PeopleField::Name, PeopleField::FirstName, PeopleField::LastName];
        let parts: Vec<&str> = fields.iter().filter_map(|field| self.cell(*field, cells)).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    fn mapping(pairs: &[(&str, PeopleField)]) -> PeopleMapping {
        pairs.iter().map(|(header, field)| ((*header).to_owned(), *field)).collect()
    }

    #[test]
    fn headers_of_other_programs_are_recognised() {
        use PeopleField::*;
        #[rustfmt::skip]
        let cases = [
            (
                "First Name,Last Name,Email,Username,Activated,Location,Address,City,Country,Phone,Job Title,Notes,Company,Manager,Remote,VIP,Start Date,End Date",
                mapping(&[("First Name", FirstName), ("Last Name", LastName), ("Email", Email), ("Manager", Manager), ("Start Date", JoinedOn), ("End Date", LeftOn)]),
            ),
            (
                "name,email,department,manager,joined_on,left_on,status",
                mapping(&[("name", Name), ("email", Email), ("department", Department), ("manager", Manager), ("joined_on", JoinedOn), ("left_on", LeftOn)]),
            ),
            (
                "E-Mail Address,Display Name,First Name,Dept.,Manager,Manager Email",
                mapping(&[("E-Mail Address", Email), ("Display Name", Name), ("Dept.", Department), ("Manager Email", Manager)]),
            ),
            ("Given name,SURNAME,Hire_Date,Notes", mapping(&[("Given name", FirstName), ("SURNAME", LastName), ("Hire_Date", JoinedOn)])),
            ("Colour,Size,", mapping(&[])),
        ];
        for (text, expected) in cases {
            assert_eq!(guess_people_mapping(&headers(text)), expected, "{text}");
        }
    }

    #[test]
    fn a_mapping_must_make_sense() {
        use PeopleField::*;
        let of_file = headers("E,N,F,L,");
        #[rustfmt::skip]
        let cases = [
            (mapping(&[("N", Name)]), "Choose the column that holds the e-mail address: people are found by it."),
            (mapping(&[("E", Email), ("N", Email)]), "Two columns are mapped to E-mail: choose one of them."),
            (mapping(&[("E", Email), ("N", Name), ("F", FirstName)]), "Map either the name, or the first and the last name."),
            (mapping(&[("E", Email), ("X", Name)]), "The file has no column “X”: choose one of its columns."),
            (mapping(&[("E", Email), ("", Name)]), "The file has no column “”: choose one of its columns."),
        ];
        for (mapping, sentence) in cases {
            let refused = PeopleColumns::new(&of_file, &mapping).map_err(|error| error.to_string());
            assert_eq!(refused, Err(sentence.to_owned()));
        }
        let parts = mapping(&[("E", Email), ("F", FirstName), ("L", LastName)]);
        let columns = PeopleColumns::new(&of_file, &parts).expect("a good mapping");
        let name = |cells: &str| columns.name(&headers(cells));
        assert_eq!(name("e,n, Uma , Usher ,").as_deref(), Some("Uma Usher"));
        assert_eq!(name("e,n,,Usher,").as_deref(), Some("Usher"));
        assert_eq!(name("e,n, ,,"), None);
    }

    #[test]
    fn every_field_has_a_code_and_a_label() {
        for field in PeopleField::ALL {
            assert_eq!(PeopleField::parse(field.code()), Some(field));
            assert!(!field.label().is_empty());
        }
        assert_eq!(PeopleField::parse("password"), None);
    }
}
