//! Letters about renewals of subscriptions.

use askama::Template;

use crate::domain::subscriptions::reminders::letters::{RenewalReminder, RenewalUndecided, RenewedByDefault};
use crate::mail::render::{Paper, Unwordable, Worded, Words};

#[derive(Template)]
#[template(path = "letters/renewal_reminder/body.html")]
struct RenewalReminderHtml<'a> {
    heading: &'a str,
    letter: &'a RenewalReminder,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/renewal_reminder/body.txt", blocks = ["heading"])]
struct RenewalReminderText<'a> {
    letter: &'a RenewalReminder,
    link: &'a str,
}

impl Worded for RenewalReminder {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link_in(self.business_id, &format!("/subscriptions/{}#decide", self.subscription_id));
        let text = RenewalReminderText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &RenewalReminderHtml { heading, letter, link })
    }
}

#[derive(Template)]
#[template(path = "letters/renewal_undecided/body.html")]
struct RenewalUndecidedHtml<'a> {
    heading: &'a str,
    letter: &'a RenewalUndecided,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/renewal_undecided/body.txt", blocks = ["heading"])]
struct RenewalUndecidedText<'a> {
    letter: &'a RenewalUndecided,
    link: &'a str,
}

impl Worded for RenewalUndecided {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link_in(self.business_id, &format!("/subscriptions/{}#decide", self.subscription_id));
        let text = RenewalUndecidedText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &RenewalUndecidedHtml { heading, letter, link })
    }
}

#[derive(Template)]
#[template(path = "letters/renewed_by_default/body.html")]
struct RenewedByDefaultHtml<'a> {
    heading: &'a str,
    letter: &'a RenewedByDefault,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/renewed_by_default/body.txt", blocks = ["heading"])]
struct RenewedByDefaultText<'a> {
    letter: &'a RenewedByDefault,
    link: &'a str,
}

impl Worded for RenewedByDefault {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link_in(self.business_id, &format!("/subscriptions/{}", self.subscription_id));
        let text = RenewedByDefaultText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &RenewedByDefaultHtml { heading, letter, link })
    }
}
