//! Letters on their way out, through everything that can go wrong, and what else the worker does by itself.

use subledger::domain::access;
use subledger::domain::letters::claim::Claim;
use subledger::worker;

use crate::support::smtp::{MailServer, Mood};
use crate::support::{Olivia, TestApp};

#[actix_web::test]
async fn a_letter_goes_to_the_mail_server_once() {
    let server = MailServer::open(&[]);
    let app = TestApp::start_with_mail(&server).await;
    let email = app.newcomer(1).await;
    app.work_until_idle().await;
    app.days_pass(1);
    app.work_until_idle().await;

    let [letter] = &server.shown()[..] else { panic!("{:?}", server.shown()) };
    assert_eq!(letter.recipients, [format!("RCPT TO:<{email}>")]);
    let (host, id) = ("127.0.0.1", letter.header("Message-ID"));
    assert!(id.starts_with('<') && id.ends_with(&format!("@{host}>")), "{id}");
    assert!(letter.header("Content-Type").starts_with("multipart/alternative; boundary="));
    assert!(app.sent().is_empty(), "a file was written although there is a mail server");
}

#[actix_web::test]
async fn a_letter_that_is_put_off_comes_again_with_the_same_message_id() {
    let server = MailServer::open(&[Mood::PutsOff, Mood::PutsOff]);
    let app = TestApp::start_with_mail(&server).await;
    app.newcomer(1).await;
    app.work_until_idle().await;
    assert_eq!(server.shown().len(), 1, "it was not left alone for a minute");
    assert_eq!(
        app.letters_where("state = 'waiting' AND attempts = 1 AND key_sealed IS NOT NULL AND error LIKE '%451%'"),
        1
    );

    app.minutes_pass(1);
    app.work_until_idle().await;
    app.minutes_pass(1);
    app.work_until_idle().await;
    assert_eq!(server.shown().len(), 2, "the second pause is two minutes");
    app.minutes_pass(1);
    app.work_until_idle().await;

    let shown = server.shown();
    assert_eq!(shown.iter().map(|shown| shown.mood).collect::<Vec<_>>(), [Mood::PutsOff, Mood::PutsOff, Mood::Takes]);
    assert!(shown.iter().all(|again| again.header("Message-ID") == shown[0].header("Message-ID")));
    assert!(shown.iter().all(|again| again.header("Date") == shown[0].header("Date")));
    assert_eq!(app.letters_where("state = 'sent' AND attempts = 3 AND error IS NULL"), 1);
}

#[actix_web::test]
async fn a_letter_refused_for_good_is_not_tried_again_and_says_why() {
    let server = MailServer::open(&[Mood::Refuses]);
    let app = TestApp::start_with_mail(&server).await;
    app.newcomer(1).await;
    app.work_until_idle().await;
    app.days_pass(1);
    app.work_until_idle().await;

    assert_eq!(server.shown().len(), 1);
    assert_eq!(app.letters_where("state = 'failed' AND key_sealed IS NULL AND error LIKE '%nobody of that name%'"), 1);
}

#[actix_web::test]
async fn while_the_mail_server_is_away_nothing_is_lost_and_people_notice_nothing() {
    let mut server = MailServer::open(&[]);
    let app = TestApp::start_with_mail(&server).await;
    server.close();
    for number in 0..20 {
        app.newcomer(number).await;
    }
    for _ in 0..40 {
        let refusal = worker::until_idle(&app.app).await.unwrap_err();
        assert!(refusal.cause.unwrap().contains("no mail can be delivered"));
        app.minutes_pass(60);
    }
    assert_eq!(app.letters_where("state = 'waiting' AND attempts = 0 AND key_sealed IS NOT NULL"), 20);

    let server = MailServer::reopen(server.address());
    app.work_until_idle().await;
    let mut recipients: Vec<String> = server.shown().iter().map(|shown| shown.recipients.concat()).collect();
    recipients.sort();
    recipients.dedup();
    assert_eq!((server.shown().len(), recipients.len()), (20, 20));
    assert_eq!(app.letters_where("state = 'sent'"), 20);
}

#[actix_web::test]
async fn a_mail_server_that_wants_nothing_from_us_is_not_taken_to_speak_of_the_letter() {
    let server = MailServer::unwelcoming();
    let app = TestApp::start_with_mail(&server).await;
    app.newcomer(1).await;
    worker::until_idle(&app.app).await.unwrap_err();
    assert_eq!(app.letters_where("state = 'waiting' AND attempts = 0 AND error LIKE '%not from you%'"), 1);
}

#[actix_web::test]
async fn a_line_cut_after_the_letter_was_read_sends_it_again_as_the_same_letter() {
    let server = MailServer::open(&[Mood::HangsUp]);
    let app = TestApp::start_with_mail(&server).await;
    app.newcomer(1).await;
    app.work_until_idle().await;
    app.minutes_pass(1);
    app.work_until_idle().await;

    let [first, second] = &server.shown()[..] else { panic!("{:?}", server.shown()) };
    assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
    assert_eq!(app.letters_where("state = 'sent'"), 1);
}

#[actix_web::test]
async fn what_a_worker_held_when_it_died_is_sent_by_another_when_its_lease_is_over() {
    let app = TestApp::start().await;
    let email = app.newcomer(1).await;
    let claimed = app.app.db.sweep(&access::for_rounds(), Claim { batch: 20 }).await.unwrap();
    assert_eq!(claimed.len(), 1);

    app.work_until_idle().await;
    assert!(app.mailbox(&email).is_empty(), "two workers held the same letter");
    app.minutes_pass(10);
    app.work_until_idle().await;
    assert_eq!(app.mailbox(&email).len(), 1);
}

#[actix_web::test]
async fn two_workers_share_the_letters_and_send_none_twice() {
    let server = MailServer::open(&[]);
    let app = TestApp::start_with_mail(&server).await;
    for number in 0..20 {
        app.newcomer(number).await;
    }
    let (one, two) = tokio::join!(worker::until_idle(&app.app), worker::until_idle(&app.app));
    one.unwrap();
    two.unwrap();
    let mut ids: Vec<String> = server.shown().iter().map(|shown| shown.header("Message-ID")).collect();
    assert_eq!(ids.len(), 20);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}

#[actix_web::test]
async fn a_kind_of_letter_that_nobody_words_fails_and_says_so() {
    let app = TestApp::start().await;
    app.newcomer(1).await;
    app.sql("UPDATE letters SET kind = 'farewell'");
    app.work_until_idle().await;
    assert_eq!(app.letters_where("state = 'failed' AND error = 'there is no letter of the kind farewell'"), 1);
}

#[actix_web::test]
async fn the_worker_sends_by_itself_and_stops_when_asked() {
    let server = MailServer::open(&[]);
    let app = TestApp::start_with_mail(&server).await;
    app.newcomer(1).await;
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let product = app.app.clone();
    let worker = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        runtime.unwrap().block_on(worker::run(product, stopping));
    });
    server.wait_for_one();
    stop.send(true).unwrap();
    worker.join().unwrap();
    assert_eq!(app.letters_where("state = 'sent'"), 1);
}

#[actix_web::test]
async fn what_has_had_its_time_is_cleared() {
    let app = TestApp::start().await;
    app.sign_in(Olivia).await;
    app.newcomer(1).await;
    app.work_until_idle().await;
    assert!(app.number("SELECT count(*) AS number FROM sessions") > 0);
    assert!(app.number("SELECT count(*) AS number FROM once_answers") > 0);

    app.days_pass(31);
    app.work_until_idle().await;
    assert_eq!(app.number("SELECT count(*) AS number FROM sessions"), 0);
    assert_eq!(app.number("SELECT count(*) AS number FROM once_answers"), 0);
}
