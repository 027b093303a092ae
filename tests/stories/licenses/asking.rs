//! Asking for a seat: who asks, who decides, who is told.

use super::*;

/// The id of the newest request.
fn newest(app: &TestApp) -> String {
    let id = app.text("SELECT id::text AS text FROM seat_requests ORDER BY id DESC LIMIT 1");
    subledger::kernel::ids::to_text(id.parse().unwrap())
}

fn ask(software: &Software) -> String {
    format!("{}/requests", software.path())
}

fn kinds(app: &TestApp, person: Cast) -> Vec<String> {
    app.letters_to(person.email()).into_iter().map(|letter| letter.kind).collect()
}

#[actix_web::test]
async fn uma_asks_adam_approves_and_the_seat_is_hers() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(2));
    let (uma, adam, olivia) = (app.sign_in(Uma).await, app.sign_in(Adam).await, app.sign_in(Olivia).await);
    uma.get("/").await.is(200).shows("Ask for a seat");
    uma.get("/requests").await.is(200).shows("Figma").shows("Adam Adler").hides("15.00");
    uma.post(&ask(&figma), &[("note", "For the new site.")]).await.goes_to("/requests");
    uma.get("/requests").await.shows("Asked for a seat of Figma.").shows("Waiting for an answer").shows("Withdraw");
    uma.get("/").await.shows("Waiting for an answer").shows("Figma");
    uma.get(&figma.path()).await.is(404);
    assert_eq!((kinds(&app, Adam), kinds(&app, Olivia)), (vec!["seat_asked".to_owned()], vec![]));
    assert_eq!(app.letters_to(Adam.email())[0].details["note"], "For the new site.");
    assert_eq!(app.letters_to(Adam.email())[0].details["free"], "2 of 2 seats are free");

    for browser in [&adam, &olivia] {
        browser.get("/").await.is(200).shows("Who asks for a seat").shows("Uma Usher").shows("Approve");
        browser.get(&figma.path()).await.shows("Who asks for a seat").shows("For the new site.");
    }
    adam.post(&format!("/requests/{}/approve", newest(&app)), &[]).await.goes_to(&figma.path());
    adam.get(&figma.path()).await.shows("Uma Usher has a seat of Figma now.").hides("Who asks for a seat");
    assert_eq!(kinds(&app, Uma), ["seat_approved"]);
    app.trail_holds(Uma, "Uma Usher asked for a seat of Figma");
    app.trail_holds(Adam, "Adam Adler gave Uma Usher a seat of Figma");
    app.trail_holds(Adam, "Adam Adler approved Uma Usher's request for a seat of Figma");
    uma.get("/").await.shows("Figma").shows("Give back").hides("Waiting for an answer");
    let again = format!("/requests/{}/decline", newest(&app));
    adam.post(&again, &[]).await.is(409).shows("This request of Uma Usher was approved already.");
    assert_eq!((held(&app, &figma), licenses(&app, &figma)), (1, 1));
}

#[actix_web::test]
async fn a_request_is_declined_with_words_and_may_be_asked_again() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(2));
    let (uma, adam) = (app.sign_in(Uma).await, app.sign_in(Adam).await);
    uma.post(&ask(&figma), &[]).await.goes_to("/requests");
    let long = "x".repeat(501);
    let decline = format!("/requests/{}/decline", newest(&app));
    let page = adam.post(&decline, &[("words", &long)]).await;
    page.is(422).shows("Write at most 500 characters").shows("Waiting for an answer");
    assert_eq!(page.texts("textarea[aria-invalid]"), std::slice::from_ref(&long));
    let field = format!("{}-words", newest(&app));
    assert_eq!(page.attribute(".problem a", "href"), Some(format!("#{field}")));
    assert_eq!(page.attribute("textarea[aria-invalid]", "id"), Some(field));
    uma.post(&decline, &[("words", &long)]).await.is(403);
    app.sign_in(Gus).await.post(&decline, &[("words", &long)]).await.is(404);
    adam.post(&decline, &[("words", "Ask again in March.")]).await.goes_to(&figma.path());
    assert_eq!(kinds(&app, Uma), ["seat_declined"]);
    assert_eq!(app.letters_to(Uma.email())[0].details["words"], "Ask again in March.");
    app.trail_holds(Adam, "Adam Adler declined Uma Usher's request for a seat of Figma");
    let page = uma.post(&ask(&figma), &[("note", &long)]).await;
    page.is(422).shows("Write at most 500 characters");
    assert_eq!(page.texts("textarea#note"), [long]);
    uma.post(&ask(&figma), &[("note", "Now?")]).await.goes_to("/requests");
    uma.post(&ask(&figma), &[("note", "Now!")]).await.is(409).shows("You have asked for a seat of Figma already.");
    let withdraw = format!("/requests/{}/withdraw", newest(&app));
    adam.post(&withdraw, &[]).await.is(403);
    uma.post(&withdraw, &[]).await.goes_to("/requests");
    uma.post(&withdraw, &[]).await.is(409);
    app.trail_holds(Uma, "Uma Usher withdrew a request for a seat of Figma");
    assert_eq!(held(&app, &figma), 0);
}

#[actix_web::test]
async fn whoever_owns_it_decides_and_nobody_else_of_that_role() {
    let app = TestApp::start().await;
    let (linear, figma) = (given(&app, "Linear", Uma, Some(2)), given(&app, "Figma", Adam, Some(2)));
    let (uma, adam, audrey, gus) =
        (app.sign_in(Uma).await, app.sign_in(Adam).await, app.sign_in(Audrey).await, app.sign_in(Gus).await);
    adam.post(&ask(&linear), &[]).await.goes_to("/requests");
    assert_eq!(kinds(&app, Uma), ["seat_asked"]);
    uma.get("/").await.shows("Adam Adler").shows("Linear").shows("Approve");
    uma.post(&format!("/requests/{}/approve", newest(&app)), &[]).await.goes_to(&linear.path());

    uma.post(&ask(&figma), &[]).await.goes_to("/requests");
    let path = format!("/requests/{}", newest(&app));
    for verb in ["approve", "decline"] {
        uma.post(&format!("{path}/{verb}"), &[]).await.is(403);
        audrey.post(&format!("{path}/{verb}"), &[]).await.is(403);
        gus.post(&format!("{path}/{verb}"), &[]).await.is(404);
    }
    gus.post(&format!("{path}/withdraw"), &[]).await.is(404);
    audrey.post(&ask(&figma), &[]).await.is(403);
    audrey.get("/requests").await.is(200).shows("Uma Usher").hides("Approve").hides("What the business has");
    gus.post(&ask(&figma), &[]).await.is(404).hides("Figma");
    gus.get("/requests").await.is(200).hides("Figma").hides("Uma Usher");
    assert_eq!(held(&app, &figma), 0);
}

#[actix_web::test]
async fn what_cannot_be_had_cannot_be_asked_for() {
    let app = TestApp::start().await;
    let (uma, adam) = (app.sign_in(Uma).await, app.sign_in(Adam).await);
    let (figma, gone) = (given(&app, "Figma", Adam, Some(1)), given(&app, "Gone", Adam, Some(1)));
    let ended = given(&app, "Ended", Adam, Some(1));
    app.sql(&format!("UPDATE subscriptions SET removed_at = now() WHERE id = '{}'", gone.uuid));
    app.sql(&format!("UPDATE subscriptions SET status = 'canceled' WHERE id = '{}'", ended.uuid));
    uma.post(&ask(&gone), &[]).await.is(404);
    uma.post(&ask(&ended), &[]).await.is(409).shows("Ended is canceled");
    uma.get("/requests").await.hides("Gone").hides("Ended").shows("Figma");
    uma.get("/requests?q=zzz").await.is(200).shows("Nothing to ask for");
    uma.post(&ask(&figma), &[]).await.goes_to("/requests");
    let approve = format!("/requests/{}/approve", newest(&app));
    assign(&adam, &figma, Audrey.email()).await.is(303);
    adam.post(&approve, &[]).await.is(409).shows("The one seat of Figma is given. Revoke it, or buy more.");
    adam.post(&format!("/licenses/{}/revoke", license_of(&app, &figma, Audrey)), &[]).await.is(303);
    // However the seat comes to her, what she asked is settled.
    assign(&adam, &figma, Uma.email()).await.is(303);
    adam.get(&figma.path()).await.hides("Who asks for a seat");
    app.trail_holds(Adam, "Adam Adler approved Uma Usher's request for a seat of Figma");
    uma.post(&ask(&figma), &[]).await.is(409).shows("You have a seat of Figma already.");
    adam.post(&approve, &[]).await.is(409);
}

#[actix_web::test]
async fn two_who_decide_at_once_give_one_seat_and_one_answer() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, None);
    let (uma, adam, olivia) = (app.sign_in(Uma).await, app.sign_in(Adam).await, app.sign_in(Olivia).await);
    for _ in 0..5 {
        let path = ask(&figma);
        let (one, two) = tokio::join!(uma.post(&path, &[]), uma.post(&path, &[]));
        let mut asked = [one.status, two.status];
        asked.sort_unstable();
        assert_eq!(asked, [303, 409]);
        let request = format!("/requests/{}", newest(&app));
        let (approve, decline) = (format!("{request}/approve"), format!("{request}/decline"));
        let (one, two) = tokio::join!(adam.post(&approve, &[]), olivia.post(&decline, &[]));
        let mut decided = [one.status, two.status];
        decided.sort_unstable();
        assert_eq!(decided, [303, 409]);
        assert_eq!(held(&app, &figma), i64::from(one.status == 303));
        if one.status == 303 {
            adam.post(&format!("/licenses/{}/revoke", license_of(&app, &figma, Uma)), &[]).await.is(303);
        }
    }
}

#[actix_web::test]
async fn when_the_owner_of_the_software_is_gone_the_owners_of_the_business_are_asked() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(2));
    app.sql(&format!("UPDATE members SET status = 'deactivated' WHERE id = '{}'", Adam.member_uuid()));
    app.sign_in(Uma).await.post(&ask(&figma), &[]).await.goes_to("/requests");
    assert_eq!((kinds(&app, Adam), kinds(&app, Olivia)), (vec![], vec!["seat_asked".to_owned()]));
}
