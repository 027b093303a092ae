//! Letters about a business itself.

use askama::Template;

use crate::domain::businesses::letters::BusinessClosing;
use crate::mail::render::{Paper, Unwordable, Worded, Words};

#[derive(Template)]
#[template(path = "letters/business_closing/body.html")]
struct BusinessClosingHtml<'a> {
    heading: &'a str,
    letter: &'a BusinessClosing,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/business_closing/body.txt", blocks = ["heading"])]
struct BusinessClosingText<'a> {
    letter: &'a BusinessClosing,
    link: &'a str,
}

impl Worded for BusinessClosing {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link_in(self.business_id, "/settings/business#keep");
        let text = BusinessClosingText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &BusinessClosingHtml { heading, letter, link })
    }
}
