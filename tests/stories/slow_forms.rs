//! Forms that come slowly, or never to their end.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Adam, Browser, Olivia, TestApp};

const PERSON: &str = "name=Leo+Lund&email=leo%40acme.example&department=&manager=&joined_on=&left_on=";

/// A form of which the first bytes are under way and the rest is kept back.
async fn begun(app: &TestApp, browser: &Browser) -> (TcpStream, &'static [u8]) {
    let host = app.url.trim_start_matches("http://");
    let mut line = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST /people HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        browser.cookies(),
        PERSON.len(),
    );
    let (first, rest) = PERSON.as_bytes().split_at(20);
    line.write_all(head.as_bytes()).await.unwrap();
    line.write_all(first).await.unwrap();
    (line, rest)
}

async fn answered(line: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn people(app: &TestApp) -> i64 {
    app.number("SELECT count(*) AS number FROM members WHERE email_folded = 'leo@acme.example'")
}

#[actix_web::test]
async fn a_form_that_never_ends_is_given_up_and_changes_nothing() {
    let app = TestApp::start_tuned(|app| app.arrival = Duration::from_millis(300)).await;
    let (mut line, _rest) = begun(&app, &app.sign_in(Adam).await).await;
    let answer = answered(&mut line).await;
    assert!(answer.starts_with("HTTP/1.1 422 "), "{answer}");
    assert!(answer.contains("did not arrive"), "{answer}");
    assert_eq!(people(&app), 0);
}

#[actix_web::test]
async fn a_hundred_that_are_held_open_stand_in_nobodys_way() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    let mut held = Vec::new();
    for _ in 0..100 {
        held.push(begun(&app, &adam).await);
    }
    let person = [("name", "Ida Ibsen"), ("email", "ida@acme.example"), ("department", ""), ("manager", "")];
    olivia.post("/people", &[&person[..], &[("joined_on", ""), ("left_on", "")]].concat()).await.is(303);
    let (mut line, rest) = held.pop().unwrap();
    line.write_all(rest).await.unwrap();
    assert!(answered(&mut line).await.starts_with("HTTP/1.1 303 "), "what comes in time is done");
    assert_eq!(people(&app), 1);
}

#[actix_web::test]
async fn whoever_was_deactivated_meanwhile_changes_nothing_by_the_last_byte() {
    let app = TestApp::start().await;
    let (adam, olivia) = (app.sign_in(Adam).await, app.sign_in(Olivia).await);
    let (mut line, rest) = begun(&app, &adam).await;
    olivia.post(&format!("/team/{}/deactivate", Adam.member_id()), &[]).await.is(303);
    line.write_all(rest).await.unwrap();
    let answer = answered(&mut line).await;
    assert!(!answer.starts_with("HTTP/1.1 303 ") || answer.contains("location: /login"), "{answer}");
    assert_eq!(people(&app), 0);
}
