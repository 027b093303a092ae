//! What letters say, where their links lead, and who may read them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::smtp::{MailServer, Shown};
use crate::support::{self, Olivia, TestApp};

#[actix_web::test]
async fn the_welcome_letter_brings_a_link_that_confirms_the_address() {
    let app = TestApp::start().await;
    let email = app.newcomer(1).await;
    app.work_until_idle().await;

    let letter = app.mailbox(&email).pop().unwrap();
    assert_eq!(letter.header("Subject"), "Welcome to Subledger: confirm your address");
    assert_eq!(letter.header("To"), format!("\"Ingrid Initech\" <{email}>"));
    assert_eq!(letter.header("From"), "Subledger <subledger@localhost>");
    assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
    let start = format!("{}/verify?key=", app.url);
    let link = letter.text.lines().find(|line| line.starts_with(&start)).unwrap();
    assert!(letter.html.contains(&format!("href=\"{link}\"")));

    let path = link.strip_prefix(&app.url).unwrap();
    let ingrid = app.visitor();
    ingrid.get(path).await.is(200).shows(&email);
    let key = path.split_once('=').unwrap().1;
    ingrid.post("/verify", &[("key", key)]).await.goes_to("/login");
    ingrid.get(path).await.is(410);
    let confirmed = "SELECT count(*) AS number FROM users WHERE email LIKE 'ingrid%' AND email_verified_at IS NOT NULL";
    assert_eq!(app.number(confirmed), 1);
}

#[actix_web::test]
async fn a_key_rests_encrypted_while_its_letter_waits_and_is_gone_once_it_is_sent() {
    let app = TestApp::start().await;
    let email = app.newcomer(1).await;
    let key = app.key_for(&email);
    let in_the_clear = format!("position('{key}'::bytea in key_sealed) > 0 OR position('{key}' in details::text) > 0");
    assert_eq!(app.letters_where("state = 'waiting' AND octet_length(key_sealed) > 43"), 1);
    assert_eq!(app.letters_where(&in_the_clear), 0);

    app.work_until_idle().await;
    assert_eq!(app.letters_where("state = 'sent' AND key_sealed IS NULL AND sent_at IS NOT NULL AND attempts = 1"), 1);

    let folder = app.data.join("mail");
    let file = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(folder.as_path()), mode(file.as_path())), (0o700, 0o600));
}

#[actix_web::test]
async fn no_name_breaks_out_of_its_header() {
    let names = [
        "Eve\r\nBcc: eve@evil.example",
        "Eve\nX-Spam: no\n\n<h1>body</h1>",
        "Eve\r\n Bcc: folded@evil.example",
        "\"Eve\" <eve@evil.example>, <mallory@evil.example>",
        "Eve\" <eve@evil.example>",
        "Eve\u{2028}Bcc: eve@evil.example\u{85}Cc: x@evil.example",
        "=?utf-8?q?Eve=0D=0ABcc:_eve@evil.example?=",
        "Ève\\\r\n\tCc: tab@evil.example",
        "(comment) Eve; Group: a@evil.example;",
        "\u{202e}evE",
    ];
    let expected = ["From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"];
    let server = MailServer::open(&[]);
    let app = TestApp::start_with_mail(&server).await;
    for (number, name) in (0..).zip(names) {
        let email = app.newcomer(number).await;
        let hostile = name.replace('\'', "''");
        app.sql(&format!(
            "UPDATE letters SET to_name = '{hostile}', details = details || jsonb_build_object('business', '{hostile}', 'name', '{hostile}')
             WHERE to_email = '{email}'"
        ));
    }
    app.work_until_idle().await;

    let shown = server.shown();
    assert_eq!(shown.len(), names.len());
    for letter in &shown {
        let found: Vec<String> = letter.headers().into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, expected, "{}", letter.message);
        assert_eq!(letter.recipients.len(), 1);
        is_one_address(letter);
    }
}

/// However the name is written, there is one address, and it is the last word.
fn is_one_address(letter: &Shown) {
    let to = letter.header("To");
    let (name, address) = to.rsplit_once(" <").unwrap();
    assert!(address.starts_with("ingrid") && address.ends_with("@initech.example>"), "{to}");
    let is_encoded = name.split(' ').all(|word| word.starts_with("=?utf-8?b?") && word.ends_with("?="));
    let inside = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    let is_quoted = inside.is_some_and(|inside| !inside.replace("\\\\", "").replace("\\\"", "").contains('"'));
    let is_one_word = name.chars().all(|c| c.is_ascii_alphanumeric());
    assert!(is_encoded || is_quoted || is_one_word, "{to}");
}

#[actix_web::test]
async fn on_ones_own_machine_letters_can_be_read_on_a_page() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    visitor.get("/dev/mail").await.is(200).shows("No letters yet");
    let email = app.newcomer(1).await;
    app.work_until_idle().await;

    let list = visitor.get("/dev/mail").await;
    list.is(200).shows("Welcome to Subledger: confirm your address").shows(&email);
    let path = list.attribute("table a", "href").unwrap();
    let letter = visitor.get(&path).await;
    letter.is(200).shows("Follow its link").shows("Auto-Submitted");
    let link = letter.attribute("a.btn-primary", "href").unwrap();
    assert!(link.starts_with(&format!("{}/verify?key=", app.url)), "{link}");

    let frame = letter.attribute("iframe[sandbox]", "src").unwrap();
    let html = visitor.get(&frame).await;
    html.is(200).shows("Hello Ingrid Initech");
    let policy = html.headers.get("content-security-policy").unwrap().to_str().unwrap();
    assert_eq!(policy, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox");
    for nowhere in
        ["/dev/mail/x.eml", "/dev/mail/..%2Fsecret", "/dev/mail/..%2F..%2Fetc%2Fpasswd/html", "/dev/mail/%00"]
    {
        visitor.get(nowhere).await.is(404);
    }
}

#[actix_web::test]
async fn with_a_mail_server_or_away_from_ones_own_machine_there_is_no_such_page() {
    let server = MailServer::open(&[]);
    let sending = TestApp::start_with_mail(&server).await;
    sending.sign_in(Olivia).await.get("/dev/mail").await.is(404);

    let public = TestApp::start_with(&[("SUBLEDGER_BASE_URL", "https://books.example.com")]).await;
    sign_up_at(&public, "books.example.com").await;
    public.work_until_idle().await;
    let letters = fs::read_dir(public.data.join("mail")).unwrap();
    let file = letters.map(|entry| entry.unwrap().file_name().into_string().unwrap()).next().unwrap();
    for path in ["/dev/mail".to_owned(), format!("/dev/mail/{file}"), format!("/dev/mail/{file}/html")] {
        let request = public.visitor().request(reqwest::Method::GET, &path);
        support::Shown::of(request.header("host", "books.example.com")).await.is(404);
    }
}

#[actix_web::test]
async fn links_lead_to_the_configured_address_whatever_the_request_called_itself() {
    let public = TestApp::start_with(&[("SUBLEDGER_BASE_URL", "https://books.example.com")]).await;
    sign_up_at(&public, "books.example.com").await;
    public.work_until_idle().await;
    let letter = public.mailbox("ingrid@initech.example").pop().unwrap();
    let addresses = |text: &str| text.matches("://").count() - text.matches(":// evil.example/now").count();
    let ours = |text: &str| text.matches("https://books.example.com/verify?key=").count();
    assert_eq!((ours(&letter.text), addresses(&letter.text)), (1, 1));
    assert_eq!((ours(&letter.html), addresses(&letter.html)), (3, 3));
    assert!(letter.header("Message-ID").ends_with("@books.example.com>"));
}

/// Signs up as if through a proxy that also says that the host is another one.
async fn sign_up_at(app: &TestApp, host: &str) {
    let form = [
        ("business", "https://evil.example/now"),
        ("name", "Ingrid Initech"),
        ("email", "ingrid@initech.example"),
        ("password", "stapler of many colours"),
    ];
    let request = app
        .visitor()
        .request(reqwest::Method::POST, "/signup")
        .header("host", host)
        .header("x-forwarded-host", "evil.example")
        .header("forwarded", "host=evil.example")
        .header("sec-fetch-site", "same-origin")
        .form(&form);
    support::Shown::of(request).await.goes_to("/");
}
