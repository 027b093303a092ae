//! Letters about a person's sign-in.

use askama::Template;

use crate::domain::identity::user::Welcome;
use crate::domain::identity::verify;
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
