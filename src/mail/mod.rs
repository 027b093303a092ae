//! Mail: how letters are worded, and how they leave the house, by a mail server or into files. It never decides whether
//! or when a letter is sent, and never talks to the database.

pub mod eml;
mod folder;
mod letters;
mod message;
mod render;
mod smtp;

use std::path::PathBuf;

use lettre::message::Mailbox;

use crate::config::{BaseUrl, Config, Mail};
use crate::domain::letters::letter::{ClaimedLetter, Outcome};
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::Key;

pub use folder::Folder;

/// Words letters and hands them over.
pub struct Mailer {
    from: Mailbox,
    base: BaseUrl,
    way: Way,
}

enum Way {
    Smtp(smtp::Server),
    Folder(Folder),
}

/// Refuses settings with which no letter could leave, before anything starts.
pub fn check(config: &Config) -> Result<(), Refusal> {
    message::sender(&config.mail_from)?;
    match &config.mail {
        Mail::Smtp(url) => smtp::settings(url.expose()).map(drop),
        Mail::Folder => Ok(()),
    }
}

/// Where letters are kept instead of being sent, when there is no mail server.
pub fn folder(config: &Config) -> Option<Folder> {
    match config.mail {
        Mail::Smtp(_) => None,
        Mail::Folder => Some(Folder::new(folder_path(config))),
    }
}

fn folder_path(config: &Config) -> PathBuf {
    config.data.join("mail")
}

impl Mailer {
    /// A mailer for these settings. Opened, used and dropped within tokio, whose tasks keep the connections of a mail
    /// server; none is made before there is a letter.
    pub fn open(config: &Config) -> Result<Self, Refusal> {
        let way = match &config.mail {
            Mail::Smtp(url) => Way::Smtp(smtp::Server::open(smtp::settings(url.expose())?)),
            Mail::Folder => Way::Folder(Folder::new(folder_path(config))),
        };
        Ok(Self { from: message::sender(&config.mail_from)?, base: config.base_url.clone(), way })
    }

    /// Whether there is somebody to give letters to; else why not. Asked before a batch, so that what a mail server
    /// says about us is never taken for what it says about a letter.
    pub async fn greet(&self) -> Result<(), String> {
        match &self.way {
            Way::Smtp(server) => server.greet().await,
            Way::Folder(folder) => folder.make().await.map_err(|error| error.to_string()),
        }
    }

    /// Words the letter and hands it over.
    pub async fn deliver(&self, letter: &ClaimedLetter, key: Option<&Key>) -> Outcome {
        let paper = render::Paper::new(&self.base, key, &letter.to.name);
        let words = match render::words(&letter.kind, &letter.details, &paper) {
            Ok(words) => words,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        let message = match message::compose(letter, words, &self.from, &self.base) {
            Ok(message) => message,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        match &self.way {
            Way::Smtp(server) => server.send(message).await,
            Way::Folder(folder) => match folder.put(letter, &message.formatted()).await {
                Ok(()) => Outcome::Sent,
                Err(error) => Outcome::NobodyThere(error.to_string()),
            },
        }
    }
}
