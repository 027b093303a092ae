//! The log of the real program, at its most talkative, while people do everything that takes a secret: none is in it.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command};

use crate::passwords::mailed_key;
use crate::support::app::SECRET;
use crate::support::cast::PASSWORD;
use crate::support::{Browser, Olivia, Phone, Sam, TestApp, Uma};

const WRONG: &str = "a canary that is no password";
const NEW: &str = "a canary in a coal mine";
const TYPED: &str = "canarycanarycanarycanarycanarycanarycanary0";

/// The program as it is installed, on the database of a story.
pub struct Program {
    log: PathBuf,
    address: String,
    server: Child,
}

impl Program {
    pub fn start(app: &TestApp) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        fs::create_dir_all(&app.data).unwrap();
        let (log, address) = (app.data.join("log"), free.to_string());
        let mut serve = command(app, &address, File::create(&log).unwrap());
        let mut server = serve.args(["serve", "--no-migrate"]).env("SUBLEDGER_WORKER", "off").spawn().unwrap();
        while TcpStream::connect(&address).is_err() {
            assert!(server.try_wait().unwrap().is_none(), "{}", fs::read_to_string(&log).unwrap());
            std::thread::yield_now();
        }
        Self { log, address, server }
    }

    /// Everything that is due, done by a program of its own.
    fn work(&self, app: &TestApp) {
        let log = File::options().append(true).open(&self.log).unwrap();
        assert!(command(app, &self.address, log).args(["work", "--once"]).status().unwrap().success());
    }

    /// Its number among those that run.
    pub fn pid(&self) -> u32 {
        self.server.id()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn command(app: &TestApp, address: &str, log: File) -> Command {
    let mut command = app.program();
    command.env("SUBLEDGER_ADDR", address).env("SUBLEDGER_LOG", "debug").stderr(log);
    command
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// What every cookie of this browser holds.
fn cookies(browser: &Browser) -> Vec<String> {
    browser.cookies().split("; ").map(|pair| pair.split_once('=').unwrap().1.to_owned()).collect()
}

#[actix_web::test]
async fn no_password_key_code_cookie_or_address_is_in_the_log() {
    let app = TestApp::start().await;
    let program = Program::start(&app);
    let mut secrets: Vec<String> = [PASSWORD, WRONG, NEW, TYPED, SECRET].map(str::to_owned).to_vec();

    let uma = Browser::at(&program.url());
    uma.post("/login", &[("email", Uma.email()), ("password", WRONG)]).await.is(422);
    uma.post("/login", &[("email", Uma.email()), ("password", PASSWORD)]).await.goes_to("/");
    secrets.extend(cookies(&uma));
    secrets.push(uma.get("/settings/security/two-factor").await.texts("#secret").pop().unwrap().replace(' ', ""));
    let phone = Phone::set_up(&app, &uma).await;
    secrets.extend(phone.codes.iter().map(|code| code.replace('-', "")));
    secrets.extend(phone.codes.clone());
    let change = [("current", PASSWORD), ("password", NEW)];
    uma.post("/settings/security/password", &change).await.goes_to("/settings/security");
    uma.post("/settings/profile", &[("email", "canary@acme.example")]).await.goes_to("/settings/profile");
    let key = app.key_for("canary@acme.example");
    uma.get(&format!("/email/confirm?key={key}")).await.is(200);
    secrets.extend(cookies(&uma));
    secrets.push(key);
    uma.post("/logout", &[]).await.goes_to("/login");

    let olivia = Browser::at(&program.url());
    olivia.post("/login", &[("email", Olivia.email()), ("password", PASSWORD)]).await.goes_to("/");
    olivia.post("/team/invitations", &[("emails", "leo@acme.example"), ("role", "user")]).await.is(303);
    let key = app.key_for("leo@acme.example");
    let visitor = Browser::at(&program.url());
    visitor.get(&format!("/join?key={key}")).await.is(200);
    visitor.post("/join", &[("key", &key), ("name", "Leo"), ("password", NEW)]).await.goes_to("/");
    secrets.extend(cookies(&olivia).into_iter().chain(cookies(&visitor)).chain([key]));
    let feed = olivia.post("/renewals/feed", &[]).await.attribute("#address", "value").unwrap();
    let feed = feed.rsplit_once('/').unwrap().1.trim_end_matches(".ics").to_owned();
    visitor.get(&format!("/calendar/{feed}.ics")).await.is(200);
    visitor.get(&format!("/calendar/{TYPED}.ics")).await.is(410);
    secrets.push(feed);
    let reset = mailed_key(&app, Olivia.email()).await;
    for (path, key) in [("/password/reset", reset.as_str()), ("/activate", TYPED), ("/verify", TYPED), ("/join", TYPED)]
    {
        visitor.get(&format!("{path}?key={key}")).await;
        visitor.post(path, &[("key", key), ("password", NEW), ("name", "Eve"), ("surprise", TYPED)]).await;
    }
    visitor.post("/login/code", &[("code", TYPED)]).await.is(410);
    visitor.get(&format!("/nowhere/{TYPED}?password={NEW}")).await.is(404);
    let spoiled = visitor.request(reqwest::Method::GET, "/").header("cookie", format!("subledger={TYPED}"));
    crate::support::Shown::of(spoiled.header("authorization", format!("Bearer {TYPED}"))).await.is(403);
    secrets.push(reset);
    program.work(&app);

    let addresses = [Uma, Olivia, Sam].map(|person| person.email().to_owned());
    secrets.extend(addresses.into_iter().chain(["canary@acme.example".to_owned(), "leo@acme.example".to_owned()]));
    let log = fs::read_to_string(&program.log).unwrap();
    for told in ["/settings/profile", "/email/confirm", "/login/code", "sign_in_over", "/calendar/{key}.ics"] {
        assert!(log.contains(told), "it says what was done: {log}");
    }
    let told: Vec<_> = secrets.iter().filter(|secret| log.contains(secret.as_str())).collect();
    assert!(told.is_empty(), "{told:?}");
}
