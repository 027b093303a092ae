//! The trail as people read it: who may see what of it, finding something, paging, one entry, notes.

mod exporting;
mod finding;
mod months;

use crate::support::{Adam, Audrey, Gus, Olivia, Shown, TestApp, Uma};

/// What the list says, one sentence an entry; a link's end is no space.
fn sentences(shown: &Shown) -> Vec<String> {
    let told = shown.texts("ol.trail .what");
    told.iter().map(|said| said.replace(" :", ":")).collect()
}

/// Writes so many entries of Acme's owner, a minute apart, the last one at this instant; one by one as the kernel does.
fn given_entries(app: &TestApp, count: u32, last: &str) {
    app.sql(&format!(
        "INSERT INTO audit_entries (id, business_id, parse_id, at, actor_kind, actor_member_id, action, object_kind,
           object_id, object_label, said, changes, origin, outcome)
         SELECT (left(id_floor(t)::text, 14) || '7000-8000-' || lpad(n::text, 12, '0'))::uuid, '{}', 'entry', t, 'member', '{}',
           'subscription.changed', 'subscription', '{}', 'Thing ' || n, 'changed Thing ' || n, '[]', 'page', 'done'
         FROM (SELECT n, '{last}'::timestamptz - ({count} - n) * interval '1 minute' AS t FROM generate_series(1, {count}) n) g",
        Olivia.business_uuid(),
        Olivia.member_uuid(),
        Olivia.business_uuid(),
    ));
}

#[actix_web::test]
async fn audrey_reads_who_did_what_and_what_it_was_before() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let form = [("name", "Nina New"), ("email", "nina@acme.example"), ("department", "Design")];
    olivia.post("/people", &form).await.is(303);
    let audrey = app.sign_in(Audrey).await;
    let trail = audrey.get("/audit").await;
    trail.is(200).shows("Today, ").shows("127.0.0.1");
    assert_eq!(
        sentences(&trail),
        ["Audrey Aldana signed in", "Olivia Owens added Nina New to People", "Olivia Owens signed in"]
    );
    assert!(trail.texts(".diff").iter().any(|diff| diff.contains("Department") && diff.contains("Design")));
}

#[actix_web::test]
async fn the_facts_of_one_act_stand_in_their_order() {
    let app = TestApp::start().await;
    let founder = app.visitor();
    let form = [
        ("business", "Initech"),
        ("name", "Ines Ito"),
        ("email", "ines@initech.example"),
        ("password", "correct horse battery"),
        ("plan", "trial"),
    ];
    founder.post("/signup", &form).await.goes_to("/");
    assert_eq!(
        sentences(&founder.get("/audit").await),
        ["Ines Ito became the owner", "Ines Ito chose the plan Trial", "Ines Ito founded Initech"]
    );
}

#[actix_web::test]
async fn one_entry_tells_how_it_came_about() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let list = olivia.get("/audit").await;
    let path = list.attribute("ol.trail .meta a", "href").unwrap();
    let entry = olivia.get(&path).await;
    entry.is(200).shows("Olivia Owens signed in").shows("Through Page").shows("From address 127.0.0.1");
    assert!(entry.text().contains("Outcome Done"), "{}", entry.text());

    app.sign_in(Adam).await.get(&path).await.is(200);
    app.sign_in(Audrey).await.get(&path).await.is(200);
    app.sign_in(Uma).await.get(&path).await.is(404);
    app.sign_in(Gus).await.get(&path).await.is(404);
    app.visitor().get("/audit").await.goes_to("/login?next=%2Faudit");
    for wrong in ["/audit/7", "/audit/00000000000000000000000000", "/audit/%00"] {
        olivia.get(wrong).await.is(404);
    }
}

#[actix_web::test]
async fn uma_reads_what_she_did_and_nothing_else() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.post("/audit", &[("note", "Uma asked for a raise"), ("object", "")]).await.is(303);
    let uma = app.sign_in(Uma).await;
    let trail = uma.get("/audit").await;
    trail.is(200).hides("Olivia").hides("/audit.csv").hides("Add a note");
    assert_eq!(sentences(&trail), ["Uma Usher signed in"]);
    let asked = format!("/audit?actor={}", Olivia.member_id());
    uma.get(&asked).await.is(200).shows("Nothing found").hides("Olivia");
    uma.get("/audit?q=raise").await.is(200).shows("Nothing found");
    uma.post("/audit", &[("note", "Mine"), ("object", "")]).await.is(403);
    uma.get("/audit.csv").await.is(403);

    let audrey = app.sign_in(Audrey).await;
    let refused = audrey.get("/audit?action=audit.export_refused").await;
    assert_eq!(sentences(&refused), ["Uma Usher tried to export the audit trail Refused"]);
    assert!(refused.texts(".state.bad").contains(&"Refused".to_owned()));
}

#[actix_web::test]
async fn gus_learns_nothing_about_acme() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    olivia.post("/audit", &[("note", "A secret of Acme"), ("object", "")]).await.is(303);
    let gus = app.sign_in(Gus).await;
    let acme = Olivia.business_id();
    for path in [
        "/audit".to_owned(),
        "/audit?q=secret".to_owned(),
        "/audit?q=Olivia".to_owned(),
        format!("/audit?actor={}", Olivia.member_id()),
        format!("/audit?object={acme}"),
    ] {
        gus.get(&path).await.is(200).hides("A secret").hides("Olivia Owens");
    }
    let file = gus.get(&format!("/audit.csv?actor={}", Olivia.member_id())).await;
    file.is(200).hides("Olivia Owens");
    assert_eq!(file.body.lines().count(), 1, "{}", file.body);
    let stolen = [("note", "Hello"), ("object", acme.as_str())];
    gus.post("/audit", &stolen).await.is(404);
}

#[actix_web::test]
async fn owners_admins_and_auditors_leave_notes_for_good() {
    let app = TestApp::start().await;
    for person in [Olivia, Adam, Audrey] {
        let browser = app.sign_in(person).await;
        let note = format!("Asked about\r\nthe invoice, says {}", person.role());
        browser.post("/audit", &[("note", &note), ("object", "")]).await.goes_to("/audit");
        let said = format!("{} noted about Acme: “Asked about\nthe invoice, says {}”", person.name(), person.role());
        app.trail_holds(person, &said);
        let trail = browser.get("/audit").await;
        trail.shows("The note stands in the trail.");
        assert_eq!(
            trail.texts(".state.info"),
            vec!["Note"; sentences(&trail).iter().filter(|said| said.contains("noted")).count()]
        );
    }
}

#[actix_web::test]
async fn a_note_is_about_something_the_trail_knows() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let form = [("name", "Nina New"), ("email", "nina@acme.example")];
    olivia.post("/people", &form).await.is(303);
    let list = olivia.get("/audit?action=member.added").await;
    let about = list.attribute("ol.trail .what a:last-of-type", "href").unwrap();
    let object = about.strip_prefix("/audit?object=").unwrap();
    olivia.get(&about).await.is(200).shows("About Nina New");
    let note = [("note", "Begins in May"), ("object", object)];
    let there = olivia.post_once("/audit", "one-click", &note).await;
    there.goes_to(&about);
    olivia.post_once("/audit", "one-click", &note).await.goes_to(&about);
    app.trail_holds(Olivia, "Olivia Owens noted about Nina New: “Begins in May”");
    assert_eq!(sentences(&olivia.get(&about).await).len(), 2);

    for unknown in ["nonsense", "00000000000000000000000000"] {
        let shown = olivia.post("/audit", &[("note", "Hm"), ("object", unknown)]).await;
        assert!(matches!(shown.status, 404 | 422), "{unknown}: {}", shown.status);
    }
}

#[actix_web::test]
async fn a_note_that_cannot_be_taken_is_kept_on_the_page() {
    let app = TestApp::start().await;
    let olivia = app.sign_in(Olivia).await;
    let before = app.trail(Olivia).len();
    let long = "long ".repeat(500);
    let shown = olivia.post("/audit", &[("note", long.as_str()), ("object", "")]).await;
    shown.is(422).shows("Shorten the note to at most 2,000 characters").shows("long long long");
    assert!(shown.texts("title").first().unwrap().starts_with("Error: "));
    olivia.post("/audit", &[("note", " "), ("object", "")]).await.is(422).shows("Write the note.");
    let privileged = [("note", "Mine"), ("object", ""), ("actor", "somebody")];
    olivia.post("/audit", &privileged).await.is(422).shows("no field “actor”");
    assert_eq!(app.trail(Olivia).len(), before);
}
