//! Files that are far too large, told from the file alone: refused in words, not kept, and not held in memory either.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use crate::logs::Program;
use crate::support::{Adam, Browser, TestApp};

const MB: usize = 1024 * 1024;
const HEAD: &str = "--b\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\npeople\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"people.csv\"\r\n\
                    Content-Type: text/csv\r\n\r\nEmail\n";
const TAIL: &str = "\r\n--b--\r\n";

/// Sends a file of so many bytes, piece by piece, and reads the answer.
fn send(program: &Program, browser: &Browser, size: usize) -> String {
    let host = program.url().trim_start_matches("http://").to_owned();
    let mut line = TcpStream::connect(&host).unwrap();
    let length = HEAD.len() + size + TAIL.len();
    let head = format!(
        "POST /import HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{HEAD}",
        browser.cookies(),
    );
    line.write_all(head.as_bytes()).unwrap();
    let piece = b"uma@acme.example\n".repeat(MB / 17);
    let mut left = size;
    while left > 0 {
        let count = left.min(piece.len());
        line.write_all(&piece[..count]).unwrap();
        left -= count;
    }
    line.write_all(TAIL.as_bytes()).unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The most memory the program ever held, in bytes.
fn most_memory(program: &Program) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", program.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

#[actix_web::test]
async fn a_hundred_megabytes_are_refused_in_words_and_never_held() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let program = Program::start(&app);
    // What every request costs is there before it is counted.
    let small = send(&program, &adam, 6 * MB);
    assert!(small.starts_with("HTTP/1.1 422 "), "{small}");
    let before = most_memory(&program);
    let answer = send(&program, &adam, 100 * MB);
    assert!(answer.starts_with("HTTP/1.1 422 "), "{answer}");
    assert!(answer.contains("The file is larger than 5 MB"), "{answer}");
    let grown = most_memory(&program) - before;
    assert!(grown < 32 * MB, "{} MB more for 100 MB", grown / MB);
    assert_eq!(app.number("SELECT count(*) AS number FROM imports"), 0);
    assert_eq!(app.acts(Adam).len(), 0);
}

#[actix_web::test]
async fn what_cannot_be_a_list_is_refused_before_it_is_read_to_its_end() {
    let app = TestApp::start().await;
    let adam = app.sign_in(Adam).await;
    let columns = format!("Email{}\numa@acme.example\n", ",".repeat(1_000_000));
    let rows = format!("E\n{}", "a\n".repeat(1_000_000));
    let utf_16: Vec<u8> = "Email,Name\numa@acme.example,Uma\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut zip = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
    zip.extend((0..4_000_000_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[0]));
    let files: [(&str, Vec<u8>, &str); 7] = [
        ("columns.csv", columns.into_bytes(), "Line 1 has more than 200 columns: remove those that are not needed."),
        ("rows.csv", rows.into_bytes(), "The file has more than 20,000 rows: split it"),
        ("zip.csv", zip, "The file is not UTF-8: save it as CSV UTF-8 and upload it again."),
        ("text-zip.csv", b"PK\x03\x04\0\0Email\n".to_vec(), "Line 1 holds a NUL character"),
        ("utf-16-without-a-mark.csv", utf_16, "Line 1 holds a NUL character"),
        (
            "quotes.csv",
            format!("Email\n\"{}", "a\n".repeat(4_000)).into_bytes(),
            "The quote opened on line 2 is never closed",
        ),
        ("cell.csv", format!("Email\n{}\n", "a".repeat(4_000_000)).into_bytes(), "a cell of more than 10,000"),
    ];
    for (name, file, sentence) in files {
        for kind in ["people", "subscriptions", "licenses"] {
            let page = adam.upload("/import", &[("kind", kind)], name, file.clone()).await;
            page.is(422).shows(sentence);
        }
    }
    let rows = format!("Service,E-mail\n{}", "Figma,uma@acme.example\n".repeat(5_001));
    let page = adam.upload("/import", &[("kind", "licenses")], "seats.csv", rows.into_bytes()).await;
    page.is(422).shows("The file has more than 5,000 rows: split it and import the parts one after another.");
    assert_eq!(app.number("SELECT count(*) AS number FROM imports"), 0);
}
