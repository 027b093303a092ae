use super::*;
use crate::domain::imports::people_file::guess_people_mapping;
use crate::domain::imports::people_plan::PlanCounts;

const EXPORT: &[u8] = include_bytes!("../../../../tests/fixtures/people-export.csv");

fn date(text: &str) -> Option<NaiveDate> {
    Some(text.parse().expect(text))
}

fn plan(bytes: &[u8], known: &[KnownPerson]) -> Vec<RowPlan> {
    let sheet = Sheet::read(bytes).expect("a readable file");
    let mapping = guess_people_mapping(&sheet.headers);
    let columns = PeopleColumns::new(&sheet.headers, &mapping).expect("a good mapping");
    plan_people(&sheet, &columns, known)
}

fn plan_text(text: &str, known: &[KnownPerson]) -> Vec<RowPlan> {
    plan(text.as_bytes(), known)
}

/// The list after the plan was committed.
fn committed(plan: &[RowPlan]) -> Vec<KnownPerson> {
    let people = plan.iter().filter_map(|row| row.person.clone());
    let known = |person: PersonRow| KnownPerson {
        email: person.email.as_str().to_owned(),
        name: person.name,
        department: person.department,
        manager: person.manager,
        joined_on: person.joined_on,
        left_on: person.left_on,
        has_sign_in: false,
        is_in_team: false,
        is_above: false,
    };
    people.map(known).collect()
}

fn uma() -> KnownPerson {
    KnownPerson {
        email: "Uma@acme.example".to_owned(),
        name: "Uma Usher".to_owned(),
        department: "Sales".to_owned(),
        manager: Some("adam@acme.example".to_owned()),
        joined_on: date("2024-01-02"),
        left_on: None,
        has_sign_in: false,
        is_in_team: false,
        is_above: false,
    }
}

fn adam() -> KnownPerson {
    KnownPerson {
        email: "adam@acme.example".to_owned(),
        name: "Adam Admin".to_owned(),
        department: String::new(),
        manager: None,
        joined_on: None,
        left_on: None,
        has_sign_in: true,
        is_in_team: true,
        is_above: false,
    }
}

fn reason(row: &RowPlan) -> String {
    match &row.action {
        RowAction::Error { reason } => reason.to_string(),
        other => format!("{other:?}"),
    }
}

fn warnings(row: &RowPlan) -> Vec<String> {
    row.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn an_export_of_another_program_is_taken_row_by_row() {
    let first = plan(EXPORT, &[]);
    let expected = PlanCounts { create: 17, error: 3, warned: 4, ..PlanCounts::default() };
    assert_eq!(PlanCounts::of(&first), expected);

    let today = date("2026-11-27").expect("a date");
    let has_left = |row: &&RowPlan| row.person.as_ref().is_some_and(|who| who.has_left(today));
    assert_eq!(first.iter().filter(has_left).count(), 2);

    let by_line = |line| first.iter().find(|row| row.line == line).expect("a row");
    assert_eq!(reason(by_line(6)), "There is no e-mail address: add one.");
    assert_eq!(warnings(by_line(2)), ["The manager is the same person, so none is set."]);
    let nobody = "Nobody called “Rui Tavares” is in the file or in People, so no manager is set.";
    assert_eq!(warnings(by_line(11)), [nobody]);
    let manager = |line| by_line(line).person.as_ref().and_then(|who| who.manager.as_deref());
    assert_eq!(manager(2), None);
    assert_eq!(manager(7), Some("greta@fernhill.example"));
    assert_eq!(manager(12), Some("greta@fernhill.example"));
    assert_eq!(manager(14), Some("emile@fernhill.example"));
    let sunniva = by_line(7).person.as_ref().expect("Sunniva");
    assert_eq!((sunniva.name.as_str(), sunniva.joined_on), ("Sunniva Aasen", date("2022-05-17")));
}

#[test]
fn the_same_file_again_changes_nothing() {
    let first = plan(EXPORT, &[]);
    let again = PlanCounts::of(&plan(EXPORT, &committed(&first)));
    let expected = PlanCounts { unchanged: 17, error: 3, warned: 4, ..PlanCounts::default() };
    assert_eq!(again, expected);
}

#[test]
fn rows_that_are_wrong_say_why() {
    let long = "x".repeat(LONGEST_TEXT + 1);
    for (row, sentence) in [
        (",Uma,,,", "There is no e-mail address: add one."),
        ("uma,Uma,,,", "“uma” is no e-mail address: write one such as name@company.com."),
        ("ADAM@acme.example,A,,,", "The same e-mail address is on line 2: keep one of the two rows."),
        (
            "uma@acme.example,Uma,,18.03.2022,",
            "“18.03.2022” is no date we can read in Joined on: write 2026-11-27 or 11/27/2026.",
        ),
        ("uma@acme.example,Uma,,2022-03-18,2022-03-17", "The last day is before the first: correct one of the dates."),
        ("uma@acme.example,\"Uma\nUsher\",,,", "Name is too long: write at most 120 characters on one line."),
        (
            &format!("uma@acme.example,Uma,{long},,"),
            "Department is too long: write at most 120 characters on one line.",
        ),
    ] {
        let file = format!("Email,Name,Department,Start Date,End Date\nadam@acme.example,Adam,,,\n{row}\n");
        let planned = plan_text(&file, &[]);
        assert_eq!(planned.len(), 2);
        assert_eq!(reason(planned.last().expect("a row")), sentence);
        assert_eq!(planned.first().map(|row| &row.action), Some(&RowAction::Create));
    }
}

#[test]
fn one_day_at_work_is_allowed() {
    let planned = plan_text("Email,Joined,Left\numa@acme.example,2022-03-18,03/18/2022\n", &[]);
    let uma = planned.first().and_then(|row| row.person.as_ref()).expect("Uma");
    assert!(!uma.has_left(uma.left_on.expect("a last day")), "the last day still counts");
    assert!(uma.has_left(date("2022-03-19").expect("a date")));
}

#[test]
fn a_known_person_changes_where_the_file_says_so() {
    let file = "email,name,department,manager,joined_on,left_on\n\
                uma@ACME.example,Uma Usher-Hall,,,,2026-11-30\n";
    let planned = plan_text(file, &[uma(), adam()]);
    let change =
        |field, before: &str, after: &str| Change { field, before: before.to_owned(), after: after.to_owned() };
    let changes =
        vec![change(PeopleField::Name, "Uma Usher", "Uma Usher-Hall"), change(PeopleField::LeftOn, "", "2026-11-30")];
    let row = planned.first().expect("a row");
    assert_eq!(row.action, RowAction::Update { changes });
    let person = row.person.as_ref().expect("Uma");
    assert_eq!(person.department, "Sales", "a blank cell leaves what is there");
    assert_eq!(person.manager.as_deref(), Some("adam@acme.example"));
}

#[test]
fn who_signs_in_keeps_the_name_they_chose() {
    let planned = plan_text("email,name\nadam@acme.example,Adam Appleby\n", &[adam()]);
    let row = planned.first().expect("a row");
    assert_eq!(row.action, RowAction::Unchanged);
    assert_eq!(warnings(row), ["Adam Admin signs in and chooses their own name, so it stays."]);
}

#[test]
fn a_manager_is_found_by_name_or_address() {
    let twin = KnownPerson { email: "adam2@acme.example".to_owned(), ..adam() };
    let same = "Several people are called “Adam Admin”, so no manager is set: write the address.";
    let nobody = "Nobody called “Gus” is in the file or in People, so no manager is set.";
    let themselves = "The manager is the same person, so none is set.";
    for (cell, known, manager, warning) in [
        ("adam  ADMIN", vec![adam()], Some("adam@acme.example"), None),
        ("\"Admin, Adam\"", vec![adam()], Some("adam@acme.example"), None),
        ("Adam@ACME.example", vec![adam()], Some("adam@acme.example"), None),
        ("Olivia", vec![adam()], Some("olivia@acme.example"), None),
        ("Adam Admin", vec![adam(), twin.clone()], None, Some(same)),
        ("adam2@acme.example", vec![adam(), twin], Some("adam2@acme.example"), None),
        ("Gus", vec![adam()], None, Some(nobody)),
        ("UMA@acme.example", vec![], None, Some(themselves)),
    ] {
        let file = format!("Email,Name,Manager\numa@acme.example,Uma,{cell}\nolivia@acme.example,Olivia,\n");
        let planned = plan_text(&file, &known);
        let row = planned.first().expect("a row");
        assert_eq!(row.person.as_ref().and_then(|who| who.manager.as_deref()), manager, "{cell}");
        assert_eq!(warnings(row), warning.into_iter().collect::<Vec<_>>(), "{cell}");
    }
}

#[test]
fn a_row_without_a_name_is_called_by_its_address_and_an_empty_one_is_skipped() {
    let planned = plan_text("Email,Name,Notes\numa@acme.example,,\n,,only a note\n", &[]);
    let row = planned.first().expect("a row");
    assert_eq!(row.person.as_ref().map(|who| who.name.as_str()), Some("uma@acme.example"));
    assert_eq!(warnings(row), ["There is no name, so the e-mail address stands for it."]);
    assert_eq!(planned.last().map(|row| &row.action), Some(&RowAction::Skip));
}

#[test]
fn nobody_on_a_wrong_row_becomes_a_manager() {
    let file = "Email,Name,Manager,Joined,Left\n\
                adam@acme.example,Adam,,2022-03-18,2022-03-17\n\
                uma@acme.example,Uma,Adam,,\n";
    let planned = plan_text(file, &[]);
    let row = planned.last().expect("a row");
    assert_eq!(row.person.as_ref().and_then(|who| who.manager.as_deref()), None);
    assert_eq!(warnings(row), ["Nobody called “Adam” is in the file or in People, so no manager is set."]);
    assert_eq!(plan_text(file, &committed(&planned)).last().map(|row| &row.action), Some(&RowAction::Unchanged));
}

#[test]
fn a_file_lets_nobody_of_the_team_leave() {
    let planned = plan_text("email,department,left_on\nadam@acme.example,Sales,2026-11-30\n", &[adam()]);
    let row = planned.first().expect("a row");
    let changes = vec![Change { field: PeopleField::Department, before: String::new(), after: "Sales".to_owned() }];
    assert_eq!(row.action, RowAction::Update { changes });
    assert_eq!(
        warnings(row),
        ["Adam Admin can sign in or is invited, so the last day stays as it is: write it in People."]
    );
}

#[test]
fn whoever_stands_above_stays_as_they_are() {
    let owner = KnownPerson { is_above: true, ..adam() };
    let file = "email,department\nadam@acme.example,Sales\n";
    let planned = plan_text(file, std::slice::from_ref(&owner));
    let row = planned.first().expect("a row");
    assert_eq!(row.action, RowAction::Unchanged);
    assert_eq!(
        warnings(row),
        ["Adam Admin stands above your role here, so nothing changes: an owner can import this row."]
    );
    let same = plan_text("email\nadam@acme.example\n", &[owner]);
    assert_eq!(warnings(same.first().expect("a row")), Vec::<String>::new());
}
