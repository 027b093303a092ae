//! Letters about requests for seats.

use askama::Template;

use crate::domain::licenses::requests::letters::{SeatApproved, SeatAsked, SeatDeclined};
use crate::mail::render::{Paper, Unwordable, Worded, Words};

#[derive(Template)]
#[template(path = "letters/seat_asked/body.html")]
struct SeatAskedHtml<'a> {
    heading: &'a str,
    letter: &'a SeatAsked,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/seat_asked/body.txt", blocks = ["heading"])]
struct SeatAskedText<'a> {
    letter: &'a SeatAsked,
    link: &'a str,
}

impl Worded for SeatAsked {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link(&format!("/subscriptions/{}", self.subscription_id));
        let text = SeatAskedText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &SeatAskedHtml { heading, letter, link })
    }
}

#[derive(Template)]
#[template(path = "letters/seat_approved/body.html")]
struct SeatApprovedHtml<'a> {
    heading: &'a str,
    letter: &'a SeatApproved,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/seat_approved/body.txt", blocks = ["heading"])]
struct SeatApprovedText<'a> {
    letter: &'a SeatApproved,
    link: &'a str,
}

impl Worded for SeatApproved {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link(&format!("/subscriptions/{}", self.subscription_id));
        let text = SeatApprovedText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &SeatApprovedHtml { heading, letter, link })
    }
}

#[derive(Template)]
#[template(path = "letters/seat_declined/body.html")]
struct SeatDeclinedHtml<'a> {
    heading: &'a str,
    letter: &'a SeatDeclined,
}

#[derive(Template)]
#[template(path = "letters/seat_declined/body.txt", blocks = ["heading"])]
struct SeatDeclinedText<'a> {
    letter: &'a SeatDeclined,
}

impl Worded for SeatDeclined {
    fn words(&self, _paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let text = SeatDeclinedText { letter };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &SeatDeclinedHtml { heading, letter })
    }
}
