//! Letters as they reach people: the files that stand in for a mail server.

use std::fs;

use subledger::mail::eml::Eml;

use super::app::TestApp;
use super::smtp::MailServer;

impl TestApp {
    /// With the cast, and letters going to this mail server.
    pub async fn start_with_mail(server: &MailServer) -> Self {
        let url = server.url();
        let settings = [("SUBLEDGER_SMTP_URL", url.as_str()), ("SUBLEDGER_MAIL_FROM", "Books <books@example.com>")];
        Self::start_with(&settings).await
    }

    /// Somebody new founds a business and so is written a letter; their address.
    pub async fn newcomer(&self, number: u32) -> String {
        let email = format!("ingrid{number}@initech.example");
        let form = [
            ("business", "Initech"),
            ("name", "Ingrid Initech"),
            ("email", &email),
            ("password", "stapler of many colours"),
        ];
        self.visitor().post("/signup", &form).await.goes_to("/");
        email
    }

    /// Moves the clock.
    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.advance(chrono::TimeDelta::minutes(minutes));
    }

    /// How many letters of the outbox are so.
    pub fn letters_where(&self, what: &str) -> i64 {
        self.number(&format!("SELECT count(*) AS number FROM letters WHERE {what}"))
    }

    /// The letters that were sent, oldest first, as bytes.
    pub fn sent(&self) -> Vec<Vec<u8>> {
        let Ok(entries) = fs::read_dir(self.data.join("mail")) else {
            return Vec::new();
        };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| fs::read(path).unwrap()).collect()
    }

    /// What this address was sent, oldest first.
    pub fn mailbox(&self, email: &str) -> Vec<Eml> {
        let letters = self.sent().into_iter().map(|raw| Eml::parse(&raw).unwrap());
        letters.filter(|letter| letter.header("To").contains(email)).collect()
    }
}
