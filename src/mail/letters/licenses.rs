//! Letters about seats.

use askama::Template;

use crate::domain::licenses::letters::{SeatGiven, SeatTaken, SeatsFew};
use crate::mail::render::{Paper, Unwordable, Worded, Words};

#[derive(Template)]
#[template(path = "letters/seat_given/body.html")]
struct SeatGivenHtml<'a> {
    heading: &'a str,
    letter: &'a SeatGiven,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/seat_given/body.txt", blocks = ["heading"])]
struct SeatGivenText<'a> {
    letter: &'a SeatGiven,
    link: &'a str,
}

impl Worded for SeatGiven {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link_in(self.business_id, &format!("/subscriptions/{}", self.subscription_id));
        let text = SeatGivenText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &SeatGivenHtml { heading, letter, link })
    }
}

#[derive(Template)]
#[template(path = "letters/seat_taken/body.html")]
struct SeatTakenHtml<'a> {
    heading: &'a str,
    letter: &'a SeatTaken,
}

#[derive(Template)]
#[template(path = "letters/seat_taken/body.txt", blocks = ["heading"])]
struct SeatTakenText<'a> {
    letter: &'a SeatTaken,
}

impl Worded for SeatTaken {
    fn words(&self, _paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let text = SeatTakenText { letter };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &SeatTakenHtml { heading, letter })
    }
}

#[derive(Template)]
#[template(path = "letters/seats_low/body.html")]
struct SeatsFewHtml<'a> {
    heading: &'a str,
    letter: &'a SeatsFew,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/seats_low/body.txt", blocks = ["heading"])]
struct SeatsFewText<'a> {
    letter: &'a SeatsFew,
    link: &'a str,
}

impl Worded for SeatsFew {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let link = &paper.link_in(self.business_id, &format!("/subscriptions/{}", self.subscription_id));
        let text = SeatsFewText { letter, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &SeatsFewHtml { heading, letter, link })
    }
}
