//! Letters about invitations, roles and access.

use askama::Template;

use crate::domain::team::letters::{AccessEnded, Ending, Invitation, InvitationAccepted, RoleChanged};
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
        let link = &paper.link_in(self.business_id, "/team");
        let text = InvitationAcceptedText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &InvitationAcceptedHtml { heading, letter, link })
    }
}

#[derive(Template)]
#[template(path = "letters/role_changed/body.html")]
struct RoleChangedHtml<'a> {
    heading: &'a str,
    letter: &'a RoleChanged,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/role_changed/body.txt", blocks = ["heading"])]
struct RoleChangedText<'a> {
    letter: &'a RoleChanged,
    link: &'a str,
}

impl Worded for RoleChanged {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link_in(self.business_id, "/");
        let text = RoleChangedText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &RoleChangedHtml { heading, letter, link })
    }
}

#[derive(Template)]
#[template(path = "letters/access_ended/body.html")]
struct AccessEndedHtml<'a> {
    heading: &'a str,
    letter: &'a AccessEnded,
}

#[derive(Template)]
#[template(path = "letters/access_ended/body.txt", blocks = ["heading"])]
struct AccessEndedText<'a> {
    letter: &'a AccessEnded,
}

impl Worded for AccessEnded {
    fn words(&self, _paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let text = AccessEndedText { letter };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &AccessEndedHtml { heading, letter })
    }
}
