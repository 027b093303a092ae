//! Letters about support, to the owners of a business.

use askama::Template;

use crate::domain::support::letters::{
    BusinessRestored, BusinessSuspended, RecoveryBegun, RecoveryDone, SupportBegan, SupportEnded, WriteAccessAsked,
};
use crate::mail::render::{Paper, Unwordable, Worded, Words};

#[derive(Template)]
#[template(path = "letters/support_began/body.html")]
struct SupportBeganHtml<'a> {
    heading: &'a str,
    letter: &'a SupportBegan,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/support_began/body.txt", blocks = ["heading"])]
struct SupportBeganText<'a> {
    letter: &'a SupportBegan,
    name: &'a str,
    link: &'a str,
}

impl Worded for SupportBegan {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/audit?actor=support");
        let text = SupportBeganText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &SupportBeganHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/support_ended/body.html")]
struct SupportEndedHtml<'a> {
    heading: &'a str,
    letter: &'a SupportEnded,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/support_ended/body.txt", blocks = ["heading"])]
struct SupportEndedText<'a> {
    letter: &'a SupportEnded,
    name: &'a str,
    link: &'a str,
}

impl Worded for SupportEnded {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/audit?actor=support");
        let text = SupportEndedText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &SupportEndedHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/write_access_asked/body.html")]
struct WriteAccessAskedHtml<'a> {
    heading: &'a str,
    letter: &'a WriteAccessAsked,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/write_access_asked/body.txt", blocks = ["heading"])]
struct WriteAccessAskedText<'a> {
    letter: &'a WriteAccessAsked,
    name: &'a str,
    link: &'a str,
}

impl Worded for WriteAccessAsked {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/settings/business");
        let text = WriteAccessAskedText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &WriteAccessAskedHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/recovery_begun/body.html")]
struct RecoveryBegunHtml<'a> {
    heading: &'a str,
    letter: &'a RecoveryBegun,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/recovery_begun/body.txt", blocks = ["heading"])]
struct RecoveryBegunText<'a> {
    letter: &'a RecoveryBegun,
    name: &'a str,
    link: &'a str,
}

impl Worded for RecoveryBegun {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, &format!("/recoveries/{}", self.recovery));
        let text = RecoveryBegunText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &RecoveryBegunHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/recovery_done/body.html")]
struct RecoveryDoneHtml<'a> {
    heading: &'a str,
    letter: &'a RecoveryDone,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/recovery_done/body.txt", blocks = ["heading"])]
struct RecoveryDoneText<'a> {
    letter: &'a RecoveryDone,
    name: &'a str,
    link: &'a str,
}

impl Worded for RecoveryDone {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/audit?actor=worker");
        let text = RecoveryDoneText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &RecoveryDoneHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/business_suspended/body.html")]
struct BusinessSuspendedHtml<'a> {
    heading: &'a str,
    letter: &'a BusinessSuspended,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/business_suspended/body.txt", blocks = ["heading"])]
struct BusinessSuspendedText<'a> {
    letter: &'a BusinessSuspended,
    name: &'a str,
    link: &'a str,
}

impl Worded for BusinessSuspended {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/");
        let text = BusinessSuspendedText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &BusinessSuspendedHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/business_restored/body.html")]
struct BusinessRestoredHtml<'a> {
    heading: &'a str,
    letter: &'a BusinessRestored,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/business_restored/body.txt", blocks = ["heading"])]
struct BusinessRestoredText<'a> {
    letter: &'a BusinessRestored,
    name: &'a str,
    link: &'a str,
}

impl Worded for BusinessRestored {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/");
        let text = BusinessRestoredText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &BusinessRestoredHtml { heading, letter, name, link })
    }
}
