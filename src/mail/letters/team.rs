//! Letters about invitations.

use askama::Template;

use crate::domain::team::letters::{Invitation, InvitationAccepted};
use crate::mail::render::{Paper, Unwordable, Worded, Words};

#[derive(Template)]
#[template(path = "letters/invitation/body.html")]
struct InvitationHtml<'a> {
    heading: &'a str,
    letter: &'a Invitation,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/invitation/body.txt", blocks = ["heading"])]
struct InvitationText<'a> {
    letter: &'a Invitation,
    link: &'a str,
}

impl Worded for Invitation {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.key_link("/join")?;
        let text = InvitationText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &InvitationHtml { heading, letter, link })
    }
}

#[derive(Template)]
#[template(path = "letters/invitation_accepted/body.html")]
struct InvitationAcceptedHtml<'a> {
    heading: &'a str,
    letter: &'a InvitationAccepted,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/invitation_accepted/body.txt", blocks = ["heading"])]
struct InvitationAcceptedText<'a> {
    letter: &'a InvitationAccepted,
    link: &'a str,
}

impl Worded for InvitationAccepted {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link("/team");
        let text = InvitationAcceptedText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &InvitationAcceptedHtml { heading, letter, link })
    }
}
