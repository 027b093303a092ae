//! Many seats in one act: all of them, or none.

use super::*;

const PATH: &str = "/licenses/assign";

#[actix_web::test]
async fn many_people_get_a_seat_of_one_subscription_each_once() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(9));
    let adam = app.sign_in(Adam).await;
    let ids = people(&app, 3);
    assign(&adam, &figma, Audrey.email()).await.goes_to(&figma.path());
    let list = format!("UMA@acme.example\r\numa@ACME.example, {}\n{}\n{}", ids[0], Audrey.email(), ids[0]);
    let form = [("subscription", figma.id.as_str()), ("members", list.as_str()), ("members", ids[1].as_str())];
    adam.post(PATH, &form).await.goes_to(&figma.licenses());
    let page = adam.get(&figma.licenses()).await;
    page.shows("3 seats of Figma given. 1 was there already. 1 letter tells of it.").shows("4 held");
    assert_eq!(page.texts("tbody th a"), ["Audrey Aldana", "Person 0", "Person 1", "Uma Usher"]);
    assert_eq!((held(&app, &figma), licenses(&app, &figma)), (4, 4));
    for name in ["Uma Usher", "Person 0", "Person 1"] {
        app.trail_holds(Adam, &format!("Adam Adler gave {name} a seat of Figma"));
    }
    assert_eq!(app.letters_to(Uma.email()).len(), 1);
    // Once more changes nothing.
    adam.post(PATH, &form).await.goes_to(&figma.licenses());
    adam.get(&figma.licenses()).await.shows("Everybody named has a seat of Figma already. Nothing was changed.");
    assert_eq!(held(&app, &figma), 4);
}

#[actix_web::test]
async fn one_seat_short_and_nobody_gets_one() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(3));
    let adam = app.sign_in(Adam).await;
    let ids = people(&app, 3);
    assign(&adam, &figma, Uma.email()).await.goes_to(&figma.path());
    let before = app.fingerprint();
    let list = ids.join("\n");
    let short = adam.post(PATH, &[("subscription", &figma.id), ("members", &list)]).await;
    short.is(409).shows("2 of 3 seats of Figma are free, and 3 people need one. Nothing was assigned.");
    let ticked = short.texts("tr:has(input[checked]) th .who");
    assert_eq!(ticked.len(), 3, "what was chosen stays chosen: {ticked:?}");
    let unknown = format!("{}\nnina@acme.example\nnoah@acme.example", ids[0]);
    let page = adam.post(PATH, &[("subscription", &figma.id), ("members", &unknown)]).await;
    page.is(422).shows("Nobody in People has these addresses: nina@acme.example, noah@acme.example.");
    assert_eq!(page.texts("textarea#members"), ["nina@acme.example noah@acme.example"]);
    app.sql(&format!("UPDATE members SET left_on = '2020-02-29' WHERE id = '{}'", Audrey.member_uuid()));
    let gone = format!("{}\n{}", ids[0], Audrey.email());
    let page = adam.post(PATH, &[("subscription", &figma.id), ("members", &gone)]).await;
    page.is(409).shows("Audrey Aldana cannot be given a seat: deactivated or left.");
    app.sql(&format!("UPDATE members SET left_on = NULL WHERE id = '{}'", Audrey.member_uuid()));
    assert_eq!(app.fingerprint(), before);
}

#[actix_web::test]
async fn one_person_gets_many_seats_or_none() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let (figma, linear) = (given(&app, "Figma", Adam, Some(3)), given(&app, "Linear", Adam, None));
    let full = given(&app, "Miro", Adam, Some(0));
    let three = [("subscription", &*figma.id), ("subscription", &*linear.id), ("subscription", &*full.id)];
    let with = |fields: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    let mut form = with(&three);
    form.push(("members", Uma.email().to_owned()));
    let fields = |form: &[(&'static str, String)]| -> Vec<(&'static str, String)> { form.to_vec() };
    let all = fields(&form);
    let borrowed: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
    adam.post(PATH, &borrowed).await.is(409).shows("0 of 0 seats of Miro are free, and 1 person needs one.");
    assert_eq!(held(&app, &figma) + held(&app, &linear), 0);
    let two: Vec<(&str, &str)> = borrowed.iter().copied().filter(|(_, value)| *value != full.id).collect();
    adam.post(PATH, &two).await.goes_to(&format!("/people/{}", Uma.member_id()));
    adam.get(&format!("/people/{}", Uma.member_id())).await.shows("Uma Usher got 2 seats.");
    assert_eq!((held(&app, &figma), held(&app, &linear)), (1, 1));
    let both: Vec<(&str, &str)> = two.iter().copied().chain([("members", Audrey.email())]).collect();
    adam.post(PATH, &both)
        .await
        .is(422)
        .shows("Give many people seats of one subscription, or one person seats of many");
}

#[actix_web::test]
async fn the_page_begins_with_what_was_selected_elsewhere() {
    let app = TestApp::start().await;
    let figma = given(&app, "Figma", Adam, Some(3));
    let adam = app.sign_in(Adam).await;
    adam.get("/people").await.is(200).shows("Assign seats");
    let page =
        adam.get(&format!("{PATH}?emails=uma@acme.example&emails=Audrey@acme.example&emails=new@acme.example")).await;
    page.is(200).shows("Figma, 3 of 3 free");
    assert_eq!(page.texts("tr:has(input[checked]) th .who").len(), 2);
    assert_eq!(page.texts("textarea#members"), ["new@acme.example"]);
    let page = adam.get(&format!("{PATH}?subscription={}", figma.id)).await;
    assert_eq!(page.attribute("#subscription option[selected]", "value").as_deref(), Some(figma.id.as_str()));
    assign(&adam, &figma, Uma.email()).await.is(303);
    adam.get(&figma.path()).await.shows("Seat given to Uma Usher.");
    adam.get(&format!("{PATH}?subscription={}", figma.id)).await.hides("Uma Usher").shows("Figma, 2 of 3 free");
    adam.get(&format!("{PATH}?q=audrey")).await.shows("Audrey Aldana").hides("Olivia Owens");
    let page = adam.get(&format!("{PATH}?by=person&members={}", Audrey.member_id())).await;
    assert_eq!(page.attribute("#members", "value").as_deref(), Some(Audrey.email()));
    adam.get(&format!("/people/{}", Audrey.member_id())).await.shows("Assign seats");
}

#[actix_web::test]
async fn whoever_may_not_give_seats_gives_no_many_either() {
    let app = TestApp::start().await;
    let (figma, linear) = (given(&app, "Figma", Adam, Some(9)), given(&app, "Linear", Uma, Some(9)));
    let (audrey, uma, gus) = (app.sign_in(Audrey).await, app.sign_in(Uma).await, app.sign_in(Gus).await);
    audrey.get(PATH).await.is(403);
    let form = |software: &Software| [("subscription", software.id.clone()), ("members", Olivia.email().to_owned())];
    let post = async |browser: &Browser, software: &Software| {
        let form = form(software);
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post(PATH, &fields).await
    };
    post(&audrey, &figma).await.is(403);
    post(&gus, &figma).await.is(404).hides("Figma");
    post(&uma, &figma).await.is(404);
    uma.get(PATH).await.is(200).shows("Linear").hides("Figma");
    post(&uma, &linear).await.goes_to(&linear.licenses());
    let slack = given(&app, "Slack", Gus, Some(9));
    gus.post(PATH, &[("subscription", &slack.id), ("members", &Uma.member_id())]).await.is(404).hides("Uma Usher");
    gus.post(PATH, &[("subscription", &slack.id), ("members", Uma.email())]).await.is(422).hides("Uma Usher");
    assert_eq!((held(&app, &figma), held(&app, &linear), held(&app, &slack)), (0, 1, 0));
}
