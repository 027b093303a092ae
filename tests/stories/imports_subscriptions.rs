//! Importing subscriptions from a file: what each row would do, the same file again, limits, odd cells, undo.

use crate::exports::{imported_as, rows, uploaded_as};
use crate::imports::has;
use crate::support::{Adam, Audrey, Cast, Gus, Olivia, Shown, TestApp, Uma};

const FILE: &str = "\
Service,Name,Cost,Currency,Billing cycle,Next renewal,Seats,Owner,Notice,Category,Tags,Colour
Figma,,\"$16,200.00\",,yearly,06/15/2199,30,adam@acme.example,30 days,Design,\"a, b\",red
Slack,Slack for all,€ 12.58,EUR,monthly,2199-03-31,,Olivia Owens,,,,
Zoom,,15,usd,3 months,2199-01-31,5,nobody@acme.example,1 month,,,
,,,,,,,,,,,blue
Miro,,-5,USD,monthly,2199-01-31,,,,,,
";

/// The rows of the dry run: line, outcome, and what is said.
fn told(page: &Shown) -> Vec<Vec<String>> {
    page.texts("section .ledger tbody td").chunks(3).map(<[String]>::to_vec).collect()
}

#[track_caller]
fn line(page: &Shown, line: &str) -> (String, String) {
    let found = told(page).into_iter().find(|cells| cells[0] == line);
    let cells = found.unwrap_or_else(|| panic!("no line {line} in {:#?}", told(page)));
    (cells[1].clone(), cells[2].clone())
}

fn subscriptions(app: &TestApp, of: Cast, rest: &str) -> i64 {
    let business = of.business_uuid();
    app.number(&format!("SELECT count(*) AS number FROM subscriptions WHERE business_id = '{business}' {rest}"))
}

#[actix_web::test]
async fn adam_sees_what_each_row_would_do_imports_it_and_the_same_file_again_changes_nothing() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    adam.get("/import?kind=subscriptions")
        .await
        .is(200)
        .shows("Import subscriptions")
        .shows("CSV file of subscriptions")
        .hides("Manager");
    let path = uploaded_as(&adam, "subscriptions", FILE).await;
    let page = adam.get(&path).await;
    page.is(200).shows("file.csv is uploaded, and nothing is changed yet.").shows("Import 3 subscriptions");
    has(&page, &[("Create", "3"), ("Update", "0"), ("Unchanged", "0"), ("Error", "1"), ("Warned", "1")]);
    let (outcome, figma) = line(&page, "2");
    assert_eq!(outcome, "Create");
    assert!(figma.contains("USD every year") && figma.contains("owner Adam Adler"), "{figma}");
    let (_, zoom) = line(&page, "4");
    assert!(zoom.contains("“nobody@acme.example” is nobody in People, so you become the owner."), "{zoom}");
    assert_eq!(line(&page, "5").0, "Skip");
    let (outcome, miro) = line(&page, "6");
    assert_eq!(outcome, "Error");
    assert!(miro.contains("Cost: Write 0 or more."), "{miro}");
    assert_eq!((subscriptions(&app, Adam, ""), app.acts(Adam).len()), (0, 0));

    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    adam.get(&path).await.shows("3 created, 0 updated, 0 unchanged, 1 refused.").shows("Subscriptions imported");
    assert_eq!(app.acts(Adam).len(), 4, "an entry for each, and one for the import");
    app.trail_holds(Adam, "Adam Adler added Figma");
    app.trail_holds(Adam, "Adam Adler imported 3 subscriptions from file.csv");
    let figma =
        "AND name = 'Figma' AND currency = 'USD' AND cycle_unit = 'year' AND notice_count = 30 AND tags = '{a,b}'";
    assert_eq!(subscriptions(&app, Adam, figma), 1);
    let slack = format!("AND name = 'Slack for all' AND currency = 'EUR' AND owner_id = '{}'", Olivia.member_uuid());
    assert_eq!(subscriptions(&app, Adam, &slack), 1);
    adam.get("/subscriptions").await.shows("$16,200.00").shows("€12.58");

    let again = imported_as(&adam, "subscriptions", FILE).await;
    adam.get(&again).await.shows("0 created, 0 updated, 3 unchanged, 1 refused.");
    assert_eq!((subscriptions(&app, Adam, ""), app.acts(Adam).len()), (3, 5));
    app.trail_holds(Adam, "Adam Adler imported file.csv, which changed nothing");
    assert_eq!(subscriptions(&app, Gus, ""), 0);
}

#[actix_web::test]
async fn an_export_changed_in_a_spreadsheet_changes_what_was_changed_and_can_be_undone() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    imported_as(&adam, "subscriptions", FILE).await;
    let before = adam.get("/subscriptions.csv").await;
    let changed = before.body.replace("16200.00", "18000.00").replace(",Design,", ",Drawing,");
    let path = uploaded_as(&adam, "subscriptions", &changed).await;
    let page = adam.get(&path).await;
    has(&page, &[("Create", "0"), ("Update", "1"), ("Unchanged", "2"), ("Error", "0"), ("Warned", "0")]);
    page.shows("Category: Design → becomes Drawing").shows("18000.00 USD");
    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    assert_eq!(adam.get("/subscriptions.csv").await.body, changed);
    app.trail_holds(Adam, "Adam Adler changed Figma");

    adam.post(&format!("{path}/undo"), &[]).await.goes_to(&path);
    adam.get(&path).await.shows("Import undone").shows("0 taken out, 1 put back.");
    assert_eq!(adam.get("/subscriptions.csv").await.body, before.body);
    adam.post(&format!("{path}/undo"), &[]).await.is(409).shows("was undone already");
}

#[actix_web::test]
async fn an_undo_removes_what_is_as_it_was_and_names_what_is_not() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = imported_as(&adam, "subscriptions", FILE).await;
    let ids: Vec<(String, String)> = rows(&adam.get("/subscriptions.csv").await)
        .into_iter()
        .skip(1)
        .map(|row| (row[2].clone(), row[0].clone()))
        .collect();
    let id = |name: &str| ids.iter().find(|(other, _)| other == name).map(|(_, id)| id.clone()).unwrap();
    adam.post(&format!("/subscriptions/{}/licenses", id("Zoom")), &[("member", &Uma.member_id())]).await.is(303);
    let heir = [("id", &*id("Figma")), ("verb", "owner"), ("new_owner", &*Olivia.member_id())];
    adam.post("/subscriptions/bulk", &heir).await.is(303);
    adam.post(&format!("{path}/undo"), &[]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows("1 taken out, 0 put back. 2 stayed as they are");
    page.shows("Zoom has seats that people hold.").shows("Figma was changed since.");
    adam.get("/subscriptions").await.shows("Figma").shows("Zoom").hides("Slack for all");
    adam.get(&format!("/subscriptions/{}", id("Slack for all"))).await.is(200).shows("Restore");
    adam.get("/subscriptions.csv").await.hides("Slack for all");
    app.trail_holds(Adam, "Adam Adler removed Slack for all");
    app.trail_holds(Adam, "Adam Adler undid the import of file.csv");

    // What was removed is new again.
    adam.get(&uploaded_as(&adam, "subscriptions", FILE).await).await.shows("Import 2 subscriptions");
}

#[actix_web::test]
async fn cells_that_make_no_sense_are_refused_in_words_and_nothing_is_changed() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let header = "Service,Cost,Currency,Every,Renews on,Started on,Notice,Seats,Status,Link,Pack size,Cost is for\n";
    let good = ["Figma", "12", "USD", "1 month", "2199-01-31", "", "", "", "", "", "", ""];
    let cases = [
        (1, "-5", "Cost: Write 0 or more."),
        (1, "12.345", "Cost: Write at most 2 decimals for USD."),
        (1, "1.234,56", "Cost: Write "),
        (1, "99999999999999999999", "Cost: "),
        (1, "€12", "Cost: The amount names another currency"),
        (1, "", "Cost: Write an amount"),
        (2, "ZZZ", "Currency: "),
        (3, "0 months", "Every: "),
        (3, "-1 months", "Every: “-1 months” is no cycle we can read."),
        (3, "sometimes", "Every: “sometimes” is no cycle we can read."),
        (4, "9999-01-01", "Renews on: “9999-01-01” is no date we can read."),
        (4, "31.12.2199", "Renews on: “31.12.2199” is no date we can read."),
        (4, "2199-02-30", "Renews on: “2199-02-30” is no date we can read."),
        (4, "1901-01-01", "Renews on: Choose a date from 1990-01-01"),
        (4, "", "Renews on: Write the date of the next renewal, or the date it started."),
        (5, "2026-01-15", "Renews on: With this start and cycle the nearest renewal is 2199-"),
        (6, "13 months", "Notice: The notice is longer than the term"),
        (6, "soon", "Notice: “soon” is no notice we can read."),
        (7, "-3", "Seats: Write a whole number from 0 to 1,000,000."),
        (7, "1000001", "Seats: Write a whole number from 0 to 1,000,000."),
        (8, "on hold", "Status: Choose where it stands"),
        (9, "javascript:alert(1)", "Link: Write the whole address of a web page"),
        (11, "each pack", "Pack size: Write how many seats a pack has."),
    ];
    let mut file = header.to_owned();
    for (place, value, _) in cases {
        let mut cells = good;
        cells[place] = value;
        let quoted: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
        file += &format!("{}\n", quoted.join(","));
    }
    let path = uploaded_as(&adam, "subscriptions", &file).await;
    let page = adam.get(&path).await;
    for (number, (_, value, sentence)) in cases.into_iter().enumerate() {
        let (outcome, said) = line(&page, &(number + 2).to_string());
        assert!(outcome == "Error" && said.contains(sentence), "{value}: {outcome} {said}");
    }
    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    assert_eq!(subscriptions(&app, Adam, ""), 0);
    let twice = "Service,Cost,Renews on\nFigma,1,2199-01-31\nFIGMA,2,2199-01-31\n";
    let page = adam.get(&uploaded_as(&adam, "subscriptions", twice).await).await;
    page.shows("The same subscription is on line 2: keep one of the two rows.");
    let none = uploaded_as(&adam, "subscriptions", "Cost,Renews on\n1,2199-01-31\n").await;
    adam.get(&none).await.shows("Choose the column that holds the service or the name");
    adam.post(&none, &[("commit", "1")]).await.is(422).shows("Choose the column that holds the service or the name");
}

#[actix_web::test]
async fn the_limit_of_the_plan_holds_for_a_file_and_all_of_it_stays_out() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    app.sql("UPDATE plan_limits SET allowance = 2 WHERE meter = 'subscriptions'");
    let path = uploaded_as(&adam, "subscriptions", FILE).await;
    adam.post(&path, &[("commit", "1")]).await.is(409).shows("allows 2 subscriptions");
    assert_eq!((subscriptions(&app, Adam, ""), app.acts(Adam).len()), (0, 0));
    adam.get(&path).await.is(200).shows("Import 3 subscriptions");
}

#[actix_web::test]
async fn two_files_at_the_same_moment_add_each_subscription_once() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    let (one, two) =
        (uploaded_as(&adam, "subscriptions", FILE).await, uploaded_as(&olivia, "subscriptions", FILE).await);
    let commit = [("commit", "1")];
    let (first, second) = tokio::join!(adam.post(&one, &commit), olivia.post(&two, &commit));
    first.goes_to(&one);
    second.goes_to(&two);
    assert_eq!(subscriptions(&app, Adam, ""), 3);
    // Zoom's owner is whoever came first; the other one's row names nobody and changes nothing.
    assert_eq!(app.number("SELECT sum(created_rows) * 10 + sum(unchanged_rows) AS number FROM imports"), 33);
}

#[actix_web::test]
async fn whoever_may_not_import_is_refused_and_a_stranger_finds_nothing() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = uploaded_as(&adam, "subscriptions", FILE).await;
    for someone in [Audrey, Uma] {
        let browser = app.sign_in(someone).await;
        browser.get("/import?kind=subscriptions").await.is(403);
        browser.upload("/import", &[("kind", "subscriptions")], "a.csv", FILE.into()).await.is(403);
        browser.post(&path, &[("commit", "1")]).await.is(403);
    }
    let gus = app.sign_in(Gus).await;
    gus.get(&path).await.is(404);
    gus.post(&path, &[("commit", "1")]).await.is(404);
    assert_eq!((subscriptions(&app, Adam, ""), subscriptions(&app, Gus, "")), (0, 0));
}

#[actix_web::test]
async fn an_undo_takes_back_that_seats_go_at_the_renewal() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let fields = [("service", "Figma"), ("cost", "12"), ("renews_on", "2199-01-31"), ("seats", "3")];
    let figma = adam.post("/subscriptions", &fields).await.is(303).location().to_owned();
    for holder in [Uma.member_id(), Adam.member_id()] {
        adam.post(&format!("{figma}/licenses"), &[("member", &holder)]).await.is(303);
    }
    let waiting = "AND fewer_seats = 1";
    let path = imported_as(&adam, "subscriptions", "Service,Seats,Category\nFigma,1,Design\n").await;
    assert_eq!(subscriptions(&app, Adam, waiting), 1);
    adam.post(&format!("{path}/undo"), &[]).await.goes_to(&path);
    adam.get(&path).await.shows("0 taken out, 1 put back.");
    assert_eq!(subscriptions(&app, Adam, "AND fewer_seats IS NULL AND category = ''"), 1);
    app.trail_holds(Adam, "Adam Adler kept the seats of Figma");

    // What somebody decided about the seats since is theirs, and stays.
    let path = imported_as(&adam, "subscriptions", "Service,Seats\nFigma,1\n").await;
    adam.post(&format!("{figma}/keep"), &[]).await.is(303);
    adam.post(&format!("{path}/undo"), &[]).await.is(409).shows("Figma was changed since");
}
