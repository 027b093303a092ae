//! Letters about the plan of a business, to its owners.

use askama::Template;

use crate::domain::plans::fact::{PlanChanged, PlanEnded, PlanRenewed, TrialEnding};
use crate::domain::plans::notice::LimitNear;
use crate::domain::plans::requests::{PlanAsked, PlanDeclined};
use crate::mail::render::{Paper, Unwordable, Worded, Words};

#[derive(Template)]
#[template(path = "letters/plan_renewed/body.html")]
struct PlanRenewedHtml<'a> {
    heading: &'a str,
    letter: &'a PlanRenewed,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/plan_renewed/body.txt", blocks = ["heading"])]
struct PlanRenewedText<'a> {
    letter: &'a PlanRenewed,
    name: &'a str,
    link: &'a str,
}

impl Worded for PlanRenewed {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/settings/plan");
        let text = PlanRenewedText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &PlanRenewedHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/plan_changed/body.html")]
struct PlanChangedHtml<'a> {
    heading: &'a str,
    letter: &'a PlanChanged,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/plan_changed/body.txt", blocks = ["heading"])]
struct PlanChangedText<'a> {
    letter: &'a PlanChanged,
    name: &'a str,
    link: &'a str,
}

impl Worded for PlanChanged {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/settings/plan");
        let text = PlanChangedText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &PlanChangedHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/plan_ended/body.html")]
struct PlanEndedHtml<'a> {
    heading: &'a str,
    letter: &'a PlanEnded,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/plan_ended/body.txt", blocks = ["heading"])]
struct PlanEndedText<'a> {
    letter: &'a PlanEnded,
    name: &'a str,
    link: &'a str,
}

impl Worded for PlanEnded {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/settings/plan/choose");
        let text = PlanEndedText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &PlanEndedHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/plan_asked/body.html")]
struct PlanAskedHtml<'a> {
    heading: &'a str,
    letter: &'a PlanAsked,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/plan_asked/body.txt", blocks = ["heading"])]
struct PlanAskedText<'a> {
    letter: &'a PlanAsked,
    name: &'a str,
    link: &'a str,
}

impl Worded for PlanAsked {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link(&format!("/staff/businesses/{}", self.business_id));
        let text = PlanAskedText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &PlanAskedHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/plan_declined/body.html")]
struct PlanDeclinedHtml<'a> {
    heading: &'a str,
    letter: &'a PlanDeclined,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/plan_declined/body.txt", blocks = ["heading"])]
struct PlanDeclinedText<'a> {
    letter: &'a PlanDeclined,
    name: &'a str,
    link: &'a str,
}

impl Worded for PlanDeclined {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/settings/plan/choose");
        let text = PlanDeclinedText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &PlanDeclinedHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/trial_ending/body.html")]
struct TrialEndingHtml<'a> {
    heading: &'a str,
    letter: &'a TrialEnding,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/trial_ending/body.txt", blocks = ["heading"])]
struct TrialEndingText<'a> {
    letter: &'a TrialEnding,
    name: &'a str,
    link: &'a str,
}

impl Worded for TrialEnding {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/settings/plan/choose");
        let text = TrialEndingText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &TrialEndingHtml { heading, letter, name, link })
    }
}

#[derive(Template)]
#[template(path = "letters/limit_near/body.html")]
struct LimitNearHtml<'a> {
    heading: &'a str,
    letter: &'a LimitNear,
    name: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "letters/limit_near/body.txt", blocks = ["heading"])]
struct LimitNearText<'a> {
    letter: &'a LimitNear,
    name: &'a str,
    link: &'a str,
}

impl Worded for LimitNear {
    fn words(&self, paper: &Paper<'_>) -> Result<Words, Unwordable> {
        let letter = self;
        let name = &paper.name;
        let link = &paper.link_in(self.business_id, "/settings/plan");
        let text = LimitNearText { letter, name, link };
        let heading = &text.as_heading().render()?;
        Words::of(heading, &text, &LimitNearHtml { heading, letter, name, link })
    }
}
