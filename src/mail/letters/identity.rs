//! Letters about a person's sign-in.

use askama::Template;

use crate::domain::identity::password_changed::PasswordChanged;
use crate::domain::identity::reset_password::{self, PasswordReset};
use crate::domain::identity::user::Welcome;
use crate::domain::identity::verify::{self, AddressConfirmation};
use crate::mail::render::{Paper, Unwordable, Worded, Words};

#[derive(Template)]
#[template(path = "letters/welcome/body.html")]
struct WelcomeHtml<'a> {
    letter: &'a Welcome,
    heading: &'a str,
    link: &'a str,
    days: i64,
}

#[derive(Template)]
#[template(path = "letters/welcome/body.txt", blocks = ["heading"])]
struct WelcomeText<'a> {
    letter: &'a Welcome,
    link: &'a str,
    days: i64,
}

impl Worded for Welcome {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let (letter, days, link) = (self, verify::VALID.num_days(), &paper.key_link("/verify")?);
        let text = WelcomeText { letter, link, days };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &WelcomeHtml { letter, heading, link, days })
    }
}

#[derive(Template)]
#[template(path = "letters/address_confirmation/body.html")]
struct AddressConfirmationHtml<'a> {
    letter: &'a AddressConfirmation,
    heading: &'a str,
    link: &'a str,
    days: i64,
}

#[derive(Template)]
#[template(path = "letters/address_confirmation/body.txt", blocks = ["heading"])]
struct AddressConfirmationText<'a> {
    letter: &'a AddressConfirmation,
    link: &'a str,
    days: i64,
}

impl Worded for AddressConfirmation {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let (letter, days, link) = (self, verify::VALID.num_days(), &paper.key_link("/verify")?);
        let text = AddressConfirmationText { letter, link, days };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &AddressConfirmationHtml { letter, heading, link, days })
    }
}

#[derive(Template)]
#[template(path = "letters/password_reset/body.html")]
struct PasswordResetHtml<'a> {
    letter: &'a PasswordReset,
    heading: &'a str,
    link: &'a str,
    minutes: i64,
}

#[derive(Template)]
#[template(path = "letters/password_reset/body.txt", blocks = ["heading"])]
struct PasswordResetText<'a> {
    letter: &'a PasswordReset,
    link: &'a str,
    minutes: i64,
}

impl Worded for PasswordReset {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let (letter, link) = (self, &paper.key_link("/password/reset")?);
        let minutes = reset_password::VALID.num_minutes();
        let text = PasswordResetText { letter, link, minutes };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &PasswordResetHtml { letter, heading, link, minutes })
    }
}

#[derive(Template)]
#[template(path = "letters/password_changed/body.html")]
struct PasswordChangedHtml<'a> {
    letter: &'a PasswordChanged,
    heading: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/password_changed/body.txt", blocks = ["heading"])]
struct PasswordChangedText<'a> {
    letter: &'a PasswordChanged,
    link: &'a str,
}

impl Worded for PasswordChanged {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let (letter, link) = (self, &paper.link("/password/forgot"));
        let text = PasswordChangedText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &PasswordChangedHtml { letter, heading, link })
    }
}
