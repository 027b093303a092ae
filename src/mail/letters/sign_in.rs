//! Letters that tell people what happened to their own sign-in.

use askama::Template;

use crate::domain::identity::change_email;
use crate::domain::identity::notices::{
    EmailChange, EmailChangeAsked, EmailChanged, RecoveryCodeUsed, SignedInFromNewDevice,
};
use crate::mail::render::{Paper, Unwordable, Worded, Words};

#[derive(Template)]
#[template(path = "letters/new_device/body.html")]
struct NewDeviceHtml<'a> {
    heading: &'a str,
    letter: &'a SignedInFromNewDevice,
    facts: &'a [(&'static str, String)],
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/new_device/body.txt", blocks = ["heading"])]
struct NewDeviceText<'a> {
    letter: &'a SignedInFromNewDevice,
    facts: &'a [(&'static str, String)],
    link: &'a str,
}

impl Worded for SignedInFromNewDevice {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let (letter, link) = (self, &paper.link("/settings/security"));
        let network = Some(self.network.clone()).filter(|network| !network.is_empty());
        let facts = &[
            ("When", self.at.clone()),
            ("Browser", self.browser.clone()),
            ("Network", network.unwrap_or_else(|| "unknown".to_owned())),
        ];
        let text = NewDeviceText { letter, facts, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &NewDeviceHtml { heading, letter, facts, link })
    }
}

#[derive(Template)]
#[template(path = "letters/recovery_code_used/body.html")]
struct RecoveryCodeUsedHtml<'a> {
    heading: &'a str,
    letter: &'a RecoveryCodeUsed,
    left: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/recovery_code_used/body.txt", blocks = ["heading"])]
struct RecoveryCodeUsedText<'a> {
    letter: &'a RecoveryCodeUsed,
    left: &'a str,
    link: &'a str,
}

impl Worded for RecoveryCodeUsed {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let (letter, link) = (self, &paper.link("/settings/security"));
        let left = &match self.left {
            0 => "None is left.".to_owned(),
            1 => "One is left.".to_owned(),
            left => format!("{left} are left."),
        };
        let text = RecoveryCodeUsedText { letter, left, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &RecoveryCodeUsedHtml { heading, letter, left, link })
    }
}

#[derive(Template)]
#[template(path = "letters/email_change/body.html")]
struct EmailChangeHtml<'a> {
    heading: &'a str,
    letter: &'a EmailChange,
    link: &'a str,
    minutes: i64,
}

#[derive(Template)]
#[template(path = "letters/email_change/body.txt", blocks = ["heading"])]
struct EmailChangeText<'a> {
    letter: &'a EmailChange,
    link: &'a str,
    minutes: i64,
}

impl Worded for EmailChange {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let (letter, minutes) = (self, change_email::VALID.num_minutes());
        let link = &paper.key_link("/email/confirm")?;
        let text = EmailChangeText { letter, link, minutes };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &EmailChangeHtml { heading, letter, link, minutes })
    }
}

#[derive(Template)]
#[template(path = "letters/email_change_asked/body.html")]
struct EmailChangeAskedHtml<'a> {
    heading: &'a str,
    letter: &'a EmailChangeAsked,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/email_change_asked/body.txt", blocks = ["heading"])]
struct EmailChangeAskedText<'a> {
    letter: &'a EmailChangeAsked,
    link: &'a str,
}

impl Worded for EmailChangeAsked {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let (letter, link) = (self, &paper.link("/settings/security"));
        let text = EmailChangeAskedText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &EmailChangeAskedHtml { heading, letter, link })
    }
}

#[derive(Template)]
#[template(path = "letters/email_changed/body.html")]
struct EmailChangedHtml<'a> {
    heading: &'a str,
    letter: &'a EmailChanged,
}

#[derive(Template)]
#[template(path = "letters/email_changed/body.txt", blocks = ["heading"])]
struct EmailChangedText<'a> {
    letter: &'a EmailChanged,
}

impl Worded for EmailChanged {
    fn words(&self, _: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let text = EmailChangedText { letter };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &EmailChangedHtml { heading, letter })
    }
}
