//! Importing people from a file: upload, columns, dry run, import, the same file again.

use crate::support::{Adam, Browser, Cast, Gus, Olivia, Shown, TestApp};

pub const EXPORT: &[u8] = include_bytes!("../fixtures/people-export.csv");

/// Uploads a file of people and answers the path of its page.
pub async fn uploaded(browser: &Browser, name: &str, file: &[u8]) -> String {
    let answer = browser.upload("/import", &[("kind", "people")], name, file.to_vec()).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location().to_owned()
}

/// Uploads and imports at once.
pub async fn imported(browser: &Browser, name: &str, file: &[u8]) -> String {
    let path = uploaded(browser, name, file).await;
    browser.post(&path, &[("commit", "1")]).await.goes_to(&path);
    path
}

/// The strip of figures: words above, number.
pub fn figures(page: &Shown) -> Vec<(String, String)> {
    let words = page.texts(".figures dt");
    let numbers = page.texts(".figures dt + dd");
    words.into_iter().zip(numbers).collect()
}

/// Asserts the strip of figures.
#[track_caller]
pub fn has(page: &Shown, expected: &[(&str, &str)]) {
    let expected: Vec<(String, String)> =
        expected.iter().map(|(word, number)| ((*word).to_owned(), (*number).to_owned())).collect();
    assert_eq!(figures(page), expected);
}

/// The row of this line of the file, cell by cell.
fn row(page: &Shown, line: &str) -> Vec<String> {
    let cells = page.texts("section .ledger tbody td");
    cells.chunks(3).find(|cells| cells[0] == line).unwrap_or_else(|| panic!("no line {line} in {cells:#?}")).to_vec()
}

/// How many people of this business there are, narrowed by the rest of a condition.
pub fn people(app: &TestApp, of: Cast, rest: &str) -> i64 {
    let business = of.business_uuid();
    app.number(&format!("SELECT count(*) AS number FROM members WHERE business_id = '{business}' {rest}"))
}

#[actix_web::test]
async fn adam_sees_what_each_row_would_do_before_anybody_is_changed() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get("/import").await.is(200).shows("Import people").shows("No imports yet");
    let path = uploaded(&adam, "people.csv", EXPORT).await;
    let page = adam.get(&path).await;
    page.is(200)
        .shows("people.csv is uploaded, and nobody is changed yet.")
        .shows("people.csv, 20 rows, uploaded by Adam Adler");
    has(&page, &[("Create", "17"), ("Update", "0"), ("Unchanged", "0"), ("Error", "3"), ("Warned", "4")]);
    assert_eq!(page.texts("select option[selected]").iter().filter(|words| *words != "Leave out").count(), 6);

    assert_eq!(row(&page, "3"), ["3", "Create", "Ilyas Okonjo ilyas@fernhill.example"]);
    let nora = row(&page, "2").join(" | ");
    assert!(nora.contains("joined 12 Apr 2021, left 31 Jan 2023"), "{nora}");
    assert!(nora.contains("The manager is the same person, so none is set."), "{nora}");
    assert_eq!(row(&page, "6"), ["6", "Error", "Teo There is no e-mail address: add one."]);
    assert!(row(&page, "7")[2].contains("managed by greta@fernhill.example"));

    let wrong = adam.get(&format!("{path}?outcome=error")).await;
    assert_eq!(wrong.texts("section .ledger tbody tr").len(), 3);
    assert_eq!(adam.get(&format!("{path}?outcome=warned")).await.texts("section .ledger tbody tr").len(), 4);
    adam.get(&format!("{path}?outcome=update")).await.is(200).shows("No such rows");
    assert_eq!(people(&app, Adam, ""), 4);
    assert_eq!(app.acts(Adam), Vec::<String>::new());
}

#[actix_web::test]
async fn adam_imports_the_file_and_the_same_file_again_changes_nobody() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = imported(&adam, "people.csv", EXPORT).await;
    let page = adam.get(&path).await;
    page.is(200).shows("people.csv is imported: 17 created, 0 updated, 0 unchanged, 3 refused.");
    has(&page, &[("Created", "17"), ("Updated", "0"), ("Unchanged", "0"), ("Refused", "3")]);
    assert_eq!((people(&app, Adam, ""), people(&app, Adam, "AND status = 'left'")), (21, 2));
    assert_eq!(people(&app, Adam, "AND status = 'directory' AND left_on = '2199-12-31'"), 1);
    assert_eq!(people(&app, Gus, ""), 1);
    let managed = "AND manager_id = (SELECT id FROM members WHERE email_folded = 'greta@fernhill.example')";
    assert_eq!(people(&app, Adam, managed), 2);

    let trail = app.acts(Adam);
    assert_eq!(trail.len(), 18);
    app.trail_holds(Adam, "Adam Adler imported 17 people from people.csv");
    app.trail_holds(Adam, "Adam Adler added Sunniva Aasen from people.csv");

    let again = uploaded(&adam, "people.csv", EXPORT).await;
    has(
        &adam.get(&again).await,
        &[("Create", "0"), ("Update", "0"), ("Unchanged", "17"), ("Error", "3"), ("Warned", "4")],
    );
    adam.post(&again, &[("commit", "1")]).await.goes_to(&again);
    adam.get(&again).await.shows("people.csv is imported: 0 created, 0 updated, 17 unchanged, 3 refused.");
    assert_eq!((people(&app, Adam, ""), app.acts(Adam).len()), (21, 19));
    app.trail_holds(Adam, "Adam Adler imported people.csv, which changed nobody");
    let list = adam.get("/import").await;
    assert_eq!(list.texts(".ledger tbody .state"), ["Imported", "Imported"]);
}

#[actix_web::test]
async fn a_known_person_is_updated_where_the_file_says_more() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    imported(&adam, "people.csv", EXPORT).await;
    let file = "Email,Name,Department,Manager,Left on\n\
                ilyas@fernhill.example,Ilyas Okonjo-Berg,Gardens,Uma Usher,2024-01-31\n\
                nora@fernhill.example,,,,2199-01-31\n\
                UMA@acme.example,Uma Other,Sales,,2024-01-31\n\
                olivia@acme.example,,Board,,\n\
                lopez@fernhill.example,Lopez,,,\n";
    let path = uploaded(&adam, "more.csv", file.as_bytes()).await;
    let page = adam.get(&path).await;
    let ilyas = row(&page, "2");
    assert_eq!(ilyas[1], "Update");
    assert!(ilyas[2].contains("Name: Ilyas Okonjo → becomes Ilyas Okonjo-Berg"), "{ilyas:?}");
    assert!(ilyas[2].contains("Left on: 31 Jan 2024"), "{ilyas:?}");
    let uma = row(&page, "4");
    assert!(uma[2].contains("signs in and chooses their own name, so it stays."), "{uma:?}");
    assert!(uma[2].contains("can sign in or is invited, so the last day stays as it is"), "{uma:?}");
    let olivia = row(&page, "5");
    assert_eq!(olivia[1], "Unchanged");
    assert!(olivia[2].contains("stands above your role here, so nothing changes"), "{olivia:?}");
    assert_eq!(row(&page, "6")[1], "Unchanged");

    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    assert_eq!(people(&app, Adam, "AND name = 'Ilyas Okonjo-Berg' AND status = 'left' AND department = 'Gardens'"), 1);
    assert_eq!(people(&app, Adam, "AND name = 'Nora Winterbottom' AND status = 'directory'"), 1);
    assert_eq!(
        people(&app, Adam, "AND name = 'Uma Usher' AND status = 'active' AND department = 'Sales' AND left_on IS NULL"),
        1
    );
    assert_eq!(people(&app, Adam, "AND name = 'Olivia Owens' AND department = ''"), 1);
    app.trail_holds(Adam, "Adam Adler changed 3 people from more.csv");
    app.trail_holds(Adam, "Adam Adler changed Uma Usher from more.csv");
    let changes = "SELECT count(*) AS number FROM audit_entries WHERE said = 'changed Ilyas Okonjo-Berg from more.csv'
                   AND changes @> '[{\"field\": \"Department\", \"before\": null, \"after\": \"Gardens\"},
                                    {\"field\": \"Status\", \"before\": \"Directory\", \"after\": \"Left\"}]'";
    assert_eq!(app.number(changes), 1);
}

#[actix_web::test]
async fn columns_that_cannot_be_guessed_are_chosen_by_hand() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let file = "Wer,Wohin [Adresse],Team\nRosa Klee,rosa@acme.example,Sales\n";
    let path = uploaded(&olivia, "leute.csv", file.as_bytes()).await;
    let page = olivia.get(&path).await;
    page.is(200).shows("Choose the column that holds the e-mail address");
    assert!(page.texts("h1, title").iter().all(|words| !words.contains("Error")));
    olivia.post(&path, &[("commit", "1")]).await.is(422).shows("Choose the column that holds the e-mail address");

    let both = [("map[Wer]", "email"), ("map[Wohin [Adresse]]", "email"), ("map[Team]", "")];
    let page = olivia.post(&path, &both).await;
    page.is(422).shows("Two columns are mapped to E-mail: choose one of them.");
    assert_eq!(page.texts("select option[selected]"), ["E-mail", "E-mail", "Leave out"]);
    olivia.post(&path, &[("map[Nope]", "email")]).await.is(422).shows("The file has no column “Nope”");
    olivia.post(&path, &[("map[Wer]", "salary")]).await.is(422).shows("There is no field “salary”");
    olivia
        .post(&path, &[("map[Wer]", "name"), ("role", "owner")])
        .await
        .is(422)
        .shows("This form has no field “role”.");

    let good = [("map[Wer]", "name"), ("map[Wohin [Adresse]]", "email"), ("map[Team]", "")];
    olivia.post(&path, &good).await.goes_to(&path);
    let page = olivia.get(&path).await;
    has(&page, &[("Create", "1"), ("Update", "0"), ("Unchanged", "0"), ("Error", "0"), ("Warned", "0")]);
    let form: Vec<(&str, &str)> = good.into_iter().chain([("commit", "1")]).collect();
    olivia.post(&path, &form).await.goes_to(&path);
    assert_eq!(people(&app, Olivia, "AND name = 'Rosa Klee' AND department = ''"), 1);
}
