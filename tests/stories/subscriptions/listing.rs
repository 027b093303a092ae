//! Finding one of them in a long list.

use super::*;
use crate::support::{Adam, Olivia, Uma};

#[actix_web::test]
async fn the_list_is_narrowed_by_words_status_category_and_owner() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    two_seats(&adam).await;
    let olivia = Olivia.member_id();
    for more in [
        [("service", "Slack"), ("category", "Talk"), ("owner", olivia.as_str()), ("tags", "chat_1")],
        [("service", "Miro"), ("category", "Design"), ("status", "trial"), ("tags", "board")],
        [("service", "Xing"), ("category", "Design"), ("status", "canceled"), ("tags", "chatx1")],
    ] {
        adam.post("/subscriptions", &[&TWO_SEATS[1..], &more[..]].concat()).await.is(303);
    }
    let by_owner = format!("?owner={olivia}");
    for (query, names) in [
        ("", vec!["Figma", "Slack", "Miro", "Xing"]),
        ("?q=SLA", vec!["Slack"]),
        ("?q=board", vec!["Miro"]),
        ("?q=chat_1", vec!["Slack"]),
        ("?q=olivia", vec!["Slack"]),
        ("?status=canceled", vec!["Xing"]),
        ("?category=Design&sort=name", vec!["Miro", "Xing"]),
        (by_owner.as_str(), vec!["Slack"]),
        ("?q=%25", vec![]),
    ] {
        let page = adam.get(&format!("/subscriptions{query}")).await;
        assert_eq!(page.is(200).texts("tbody th a"), names, "{query}");
    }
    adam.get("/subscriptions?q=nothing").await.shows("Nothing matches");
    for wrong in ["?owner=x", "?after=x", "?before=.x", "?sort=name&after=figma"] {
        adam.get(&format!("/subscriptions{wrong}")).await.is(404);
    }
}

#[actix_web::test]
async fn a_long_list_is_turned_page_by_page_and_back() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    for number in 1..=53 {
        let (name, date) = (format!("Tool {number:02}"), format!("2199-{:02}-15", number % 12 + 1));
        let once = [("service", name.as_str()), ("cost", "1"), ("cycle_unit", "once"), ("starts_on", "2026-01-10")];
        let yearly = [("service", name.as_str()), ("cost", "1"), ("cycle_unit", "year"), ("renews_on", date.as_str())];
        let fields = if number % 4 == 0 { once } else { yearly };
        adam.post("/subscriptions", &fields).await.is(303);
    }
    for sort in ["cancel_by", "name", "renewal"] {
        let first = adam.get(&format!("/subscriptions?sort={sort}")).await;
        first.shows("50 of 53");
        let next = first.attribute("nav[aria-label='Pages'] a", "href").unwrap();
        let second = adam.get(&next).await;
        let (mut names, rest) = (first.texts("tbody th a"), second.texts("tbody th a"));
        assert_eq!((names.len(), rest.len()), (50, 3), "{sort}");
        let back = second.attribute("nav[aria-label='Pages'] a", "href").unwrap();
        assert_eq!(adam.get(&back).await.texts("tbody th a"), names, "{sort}");
        names.extend(rest);
        let is_in_order = sort != "name" || names.is_sorted();
        names.sort();
        names.dedup();
        assert!(is_in_order && names.len() == 53, "{sort}");
    }
}

#[actix_web::test]
async fn a_page_takes_as_many_statements_however_long_it_is() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    two_seats(&adam).await;
    adam.get("/subscriptions").await.is(200);
    let counted = async || {
        let before = app.app.db.statements();
        adam.get("/subscriptions").await.is(200);
        app.app.db.statements() - before
    };
    let few = counted().await;
    for service in ["A", "B", "C", "D", "E"] {
        adam.post("/subscriptions", &[&TWO_SEATS[1..], &[("service", service)][..]].concat()).await.is(303);
    }
    // The first look takes away what the last change left to say.
    adam.get("/subscriptions").await.is(200);
    assert_eq!(counted().await, few);
}

#[actix_web::test]
async fn what_is_ticked_is_handed_over_or_removed_together_or_not_at_all() {
    let app = TestApp::start().await;
    let (adam, uma) = (app.sign_in(Adam).await, app.sign_in(Uma).await);
    let mut ids = Vec::new();
    for service in ["Figma", "Slack", "Miro"] {
        let path = added(&adam, &[("service", service)]).await;
        ids.push(path.rsplit_once('/').unwrap().1.to_owned());
    }
    let (olivia, figma) = (Olivia.member_id(), format!("/subscriptions/{}", ids[0]));
    let ticked = |verb: &'static str| {
        let picked = ids.iter().map(|id| ("id", id.as_str()));
        picked.chain([("verb", verb), ("new_owner", olivia.as_str()), ("list", "sort=name&x=//y")]).collect::<Vec<_>>()
    };
    let page = adam.get("/subscriptions?sort=name").await;
    assert_eq!(page.texts("td.tick input[name='id']").len(), 3);
    adam.post("/subscriptions/bulk", &ticked("owner")).await.goes_to("/subscriptions?sort=name");
    adam.get("/subscriptions").await.shows("Changed 3 subscriptions.").shows("Olivia Owens");
    adam.post("/subscriptions/bulk", &ticked("owner")).await.is(303);
    app.trail_holds(Adam, "Adam Adler changed Slack");
    give(&adam, &figma, Uma).await;
    uma.post("/subscriptions/bulk", &[("id", ids[0].as_str()), ("verb", "remove")]).await.is(403);
    uma.post("/subscriptions/bulk", &[("id", ids[1].as_str()), ("verb", "remove")]).await.is(404);
    adam.post("/subscriptions/bulk", &ticked("remove")).await.is(409).shows("People hold seats of Figma (1).");
    adam.get("/subscriptions").await.shows("Slack").shows("Miro");
    app.sql("UPDATE assignments SET ended_at = given_at");
    adam.post("/subscriptions/bulk", &ticked("remove")).await.is(303);
    adam.get("/subscriptions").await.shows("Removed 3 subscriptions.").shows("No subscriptions yet");
    adam.post("/subscriptions/bulk", &[("verb", "remove")]).await.is(422).shows("Tick the subscriptions");
}

#[actix_web::test]
async fn large_counts_of_seats_are_grouped_as_the_reader_writes_them() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let path = added(&adam, &[("service", "Figma"), ("seats", "5000")]).await;
    give(&adam, &path, Uma).await;
    for page in ["/subscriptions", &path] {
        let page = adam.get(page).await;
        page.is(200).shows("1 / 5,000");
        assert!(!page.text().contains("5000"), "{}", page.text());
    }
}
