//! Odd files, and undoing an import.

use crate::imports::{EXPORT, figures, imported, uploaded};
use crate::support::{Adam, Olivia, TestApp};

/// 120 people, named by number.
fn many() -> String {
    let row = |number: u32| format!("p{number}@acme.example,Person {number}\n");
    "Email,Name\n".to_owned() + &(1..=120).map(row).collect::<String>()
}

#[actix_web::test]
async fn a_file_that_cannot_be_read_says_why_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let utf_16: Vec<u8> = "\u{feff}Email\numa@acme.example\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let too_large = "File is larger than 5 MB: split it and import the parts one after another.";
    let files: [(&str, Vec<u8>, &str); 9] = [
        ("utf-16.csv", utf_16, "The file is not UTF-8"),
        ("nul.csv", b"Email\numa\0@acme.example\n".to_vec(), "Line 2 holds a NUL character"),
        ("quote.csv", b"Email,Name\n\"uma@acme.example,Uma\n".to_vec(), "The quote opened on line 2 is never closed"),
        ("empty.csv", Vec::new(), "The file is empty"),
        ("nothing.csv", vec![b','; 99], "The file is empty"),
        ("headers.csv", b"Email,Name\n".to_vec(), "The file has column names but no rows"),
        ("picture.png", vec![0x89, b'P', b'N', b'G', 0xff, 0xfe], "The file is not UTF-8"),
        ("large.csv", vec![b'a'; 5 * 1024 * 1024 + 1], &too_large[5..]),
        ("huge.csv", vec![b'a'; 12 * 1024 * 1024], &too_large[5..]),
    ];
    for (name, file, sentence) in files {
        let page = adam.upload("/import", &[("kind", "people")], name, file).await;
        page.is(422).shows(sentence);
        assert_eq!(page.texts("#file-e").len(), 1, "{name}");
        assert!(page.texts("title")[0].starts_with("Error: "), "{name}");
        assert_eq!(page.attribute(".problem a", "href").as_deref(), Some("#file"), "{name}");
    }
    let none = adam.upload("/import", &[("kind", "people")], "", Vec::new()).await;
    none.is(422).shows("Choose a CSV file.");
    let kind = adam.upload("/import", &[("kind", "plans")], "people.csv", EXPORT.to_vec()).await;
    kind.is(422).shows("Choose what the file holds: people, subscriptions or seats.");
    let role = adam.upload("/import", &[("kind", "people"), ("role", "owner")], "people.csv", EXPORT.to_vec()).await;
    role.is(422).shows("This form has no field “role”.");
    adam.post("/import", &[("kind", "people")]).await.is(422).shows("That form could not be read.");
    assert_eq!(app.number("SELECT count(*) AS number FROM imports"), 0);
    assert_eq!(app.acts(Adam), Vec::<String>::new());
}

#[actix_web::test]
async fn files_of_old_macs_with_formulas_and_scripts_are_read_as_text() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let file = "E-mail;Name;Department\rrosa@acme.example;=HYPERLINK(\"x\");'=1+1\rkim@acme.example;<script>alert(1)</script>;Sales";
    let path = imported(&adam, "../..\\mac <b>.csv", file.as_bytes()).await;
    let page = adam.get(&path).await;
    page.is(200).shows("mac <b>.csv").shows("2 created");
    assert!(!page.body.contains("mac <b>"));
    let named = "SELECT count(*) AS number FROM members WHERE (name, department) IN (('=HYPERLINK(\"x\")', '=1+1'), ('<script>alert(1)</script>', 'Sales'))";
    assert_eq!(app.number(named), 2);
}

#[actix_web::test]
async fn long_files_come_in_pages_that_lead_back() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = uploaded(&adam, "many.csv", many().as_bytes()).await;
    let first = adam.get(&path).await;
    first.shows("1 to 50 of 120");
    let next = |page: &crate::support::Shown| page.attribute(".foot nav a:last-child", "href").unwrap();
    let before = app.app.db.statements();
    let second = adam.get(&next(&first)).await;
    let statements = app.app.db.statements() - before;
    assert!(statements < 16, "{statements} statements for a page");
    second.shows("51 to 100 of 120").shows("p51@acme.example");
    adam.get(&next(&second)).await.shows("101 to 120 of 120");
    let back = second.attribute(".foot nav a:first-child", "href").unwrap();
    adam.get(&back).await.shows("1 to 50 of 120").shows("p1@acme.example");

    let before = app.app.db.statements();
    adam.post(&path, &[("commit", "1")]).await.goes_to(&path);
    let statements = app.app.db.statements() - before;
    assert!(statements < 30, "{statements} statements for 120 people");
    assert_eq!(app.acts(Adam).len(), 121);
}

#[actix_web::test]
async fn an_import_is_undone_as_long_as_nobody_relies_on_it() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let before = app.number("SELECT count(*) AS number FROM members");
    let path = imported(&adam, "people.csv", EXPORT).await;
    let file = "Email,Department\nilyas@fernhill.example,Gardens\nhana@fernhill.example,Bees\n";
    let more = imported(&adam, "more.csv", file.as_bytes()).await;
    adam.get(&more).await.shows("Undo this import");
    adam.post(&format!("{more}/undo"), &[]).await.goes_to(&more);
    let page = adam.get(&more).await;
    page.is(200).shows("The import of more.csv is undone: 0 taken out, 2 put back.").shows("Import undone");
    app.trail_holds(Adam, "Adam Adler undid the import of more.csv");
    app.trail_holds(Adam, "Adam Adler put Ilyas Okonjo back as before more.csv");
    assert_eq!(app.number("SELECT count(*) AS number FROM members WHERE department <> ''"), 0);

    // Hana is changed by hand meanwhile, and Greta manages her; Alma owns a subscription.
    app.sql("UPDATE members SET department = 'Honey' WHERE email_folded = 'hana@fernhill.example'");
    app.sql(&own_a_subscription("alma@fernhill.example"));
    adam.post(&format!("{path}/undo"), &[]).await.goes_to(&path);
    let page = adam.get(&path).await;
    page.shows("14 taken out, 0 put back. 3 stayed as they are")
        .shows("Hana Sato was changed since.")
        .shows("Alma Berg owns a subscription since.")
        .shows("Greta Van Der Linden manages somebody who stays.");
    assert_eq!(app.number("SELECT count(*) AS number FROM members"), before + 3);
    app.trail_holds(Adam, "Adam Adler took Nora Winterbottom out again, undoing people.csv");
    app.trail_holds(Adam, "Adam Adler undid the import of people.csv");
    adam.post(&format!("{path}/undo"), &[]).await.is(409).shows("was undone already");
    adam.get("/import").await.shows("Undone");
    assert_eq!(figures(&page)[0], ("Created".to_owned(), "17".to_owned()));
}

#[actix_web::test]
async fn what_was_not_imported_or_lies_long_back_is_not_undone() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let path = uploaded(&olivia, "people.csv", EXPORT).await;
    olivia.post(&format!("{path}/undo"), &[]).await.is(409).shows("people.csv was not imported");
    olivia.post(&path, &[("commit", "1")]).await.goes_to(&path);
    app.sql("UPDATE members SET department = 'Taken' WHERE user_id IS NULL");
    olivia
        .post(&format!("{path}/undo"), &[])
        .await
        .is(409)
        .shows("There is nothing left to undo: ")
        .shows("and 12 more.");
    app.days_pass(7);
    olivia.get(&path).await.is(200).hides("Undo this import");
    olivia.post(&format!("{path}/undo"), &[]).await.is(410);
    assert_eq!(app.number("SELECT count(*) AS number FROM members WHERE department = 'Taken'"), 17);
}

fn own_a_subscription(email: &str) -> String {
    let business = Adam.business_uuid();
    let (service, subscription) = ("01900000-0000-7000-8000-0000000000c1", "01900000-0000-7000-8000-0000000000c2");
    format!(
        "WITH service AS (INSERT INTO services VALUES ('{business}', '{service}', 'Figma', 'figma', '', '', ''))
         INSERT INTO subscriptions (business_id, id, parse_id, service_id, name, name_folded, owner_id, status, cost_model, currency,
           cycle_unit, cycle_count, anchor_on, auto_renew, notice_count, notice_unit, department, category, tags, payment_method, url,
           notes, created_at)
         SELECT '{business}', '{subscription}', 'figmaparse', '{service}', 'Figma', 'figma', id, 'active', 'flat', 'EUR',
           'month', 1, '2026-01-01', 'auto', 0, 'day', '', '', '{{}}', '', '', '', created_at
         FROM members WHERE email_folded = '{email}'"
    )
}
