//! What happened at Larkfield Studio, day by day. The product's clock is set back and follows the story to today.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use crate::app::App;
use crate::domain::access;
use crate::domain::businesses::sign_up::{Founder, SignUp, SignUpMode};
use crate::domain::identity::password::Password;
use crate::domain::identity::user::NewUser;
use crate::domain::licenses::assign::{Assign, Receiver};
use crate::domain::licenses::letters::Tell;
use crate::domain::licenses::revoke::Revoke;
use crate::domain::plans::choose::{Choose, PlanChanges};
use crate::domain::renewals::decide::Decide;
use crate::domain::subscriptions::add::{Add, Twins};
use crate::domain::subscriptions::dates::GivenDates;
use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::every::Every;
use crate::domain::subscriptions::notice::Notice;
use crate::domain::subscriptions::price::SetPrice;
use crate::domain::subscriptions::price_line::Price;
use crate::domain::subscriptions::schedule::AutoRenew;
use crate::domain::subscriptions::subscription::{CostModel, Details, Status};
use crate::domain::team::add::Add as AddPerson;
use crate::domain::team::member::Details as PersonDetails;
use crate::kernel::access::{Access, House, Standing};
use crate::kernel::currency::Currency;
use crate::kernel::ids::{BusinessId, LicenseId, MemberId, SubscriptionId};
use crate::kernel::locale::Locale;
use crate::kernel::money::Money;
use crate::kernel::permission::Role;
use crate::kernel::refusal::Refusal;
use crate::worker;

use super::cast::{access_of, email_of, invite, join, password, source, staff};
use super::data::{PEOPLE, SOFTWARE, Software};
use super::{Demo, SignIn};

/// How many days ago the story begins.
const BEGINNING: i64 = 400;

/// Something that happens on a day of the story.
#[derive(Clone, Copy)]
enum Event {
    /// These people are entered into the list.
    People(usize, usize),
    /// The trial is left for a plan.
    LeaveTrial,
    /// The software of this number is bought, and its seats given.
    Buy(usize),
    /// The software of this number gets this many seats more.
    Grow(usize, u32),
    /// The worker has its nightly rounds.
    Night,
}

/// The studio as it stands on the present day of the story.
struct Studio<'a> {
    app: &'a App,
    today: NaiveDate,
    team: Vec<Access>,
    members: Vec<MemberId>,
    bought: Vec<(usize, SubscriptionId)>,
}

/// Tells the story and sets the clock to where it was.
pub(super) async fn tell(app: &App) -> Result<Demo, Refusal> {
    let begun = app.db.clock().now();
    app.db.clock().advance(TimeDelta::days(-BEGINNING));
    let told = tell_from_the_beginning(app, begun.date_naive()).await;
    let passed = app.db.clock().now() - begun;
    // What telling took has passed for real.
    app.db.clock().advance(-round_to_days(passed));
    told
}

fn round_to_days(passed: TimeDelta) -> TimeDelta {
    TimeDelta::days((passed + TimeDelta::hours(if passed < TimeDelta::zero() { -12 } else { 12 })).num_days())
}

async fn tell_from_the_beginning(app: &App, today: NaiveDate) -> Result<Demo, Refusal> {
    worker::until_idle(app).await?;
    let (owner, application_id, mut people) = found(app).await?;
    let mut studio = Studio { app, today, team: vec![owner], members: Vec::new(), bought: Vec::new() };
    studio.people(1, 24).await?;
    for (index, role) in [(1, Role::Admin), (4, Role::Auditor), (5, Role::User)] {
        let (joined, sign_in) = join(app, &owner, index, role).await?;
        people.push(sign_in);
        studio.team.push(joined);
    }
    people.push(staff(app).await?);
    let mut day = BEGINNING;
    for (days_ago, event) in events() {
        app.db.clock().advance(TimeDelta::days(day - days_ago));
        day = days_ago;
        studio.happens(event).await?;
    }
    app.db.clock().advance(TimeDelta::days(day));
    studio.last_days().await?;
    worker::until_idle(app).await?;
    Ok(Demo { address: app.config.base_url.to_string(), application_id, people })
}

async fn found(app: &App) -> Result<(Access, String, Vec<SignIn>), Refusal> {
    let (name, _) = PEOPLE.first().copied().ok_or_else(Refusal::not_found)?;
    let (email, password) = (email_of(name)?, password());
    let password_hash = app.passwords.hash(Password::parse(&password, &[])?).await?;
    let now = app.db.clock().now();
    let house = House {
        business: BusinessId::mint(now),
        zone: Tz::Europe__Lisbon,
        currency: Currency::EUR,
        locale: Locale::parse("en-GB").unwrap_or_default(),
        standing: Standing::Active,
    };
    let founder = NewUser { name: name.to_owned(), email: email.clone(), password_hash };
    let sign_up = SignUp {
        mode: SignUpMode::Open,
        business: "Larkfield Studio".to_owned(),
        founder: Founder::New(founder),
        plan: "trial".to_owned(),
        changes: PlanChanges::ByOwners,
    };
    let founded = app.db.perform(&access::for_sign_up(None, house, source()), sign_up).await?;
    let owner = access_of(app, founded.user).await?;
    let (email, role) = (email.to_string(), Role::Owner.label());
    let sign_in = SignIn { name: name.to_owned(), email, role, password, totp_secret: None };
    Ok((owner, founded.application_id, vec![sign_in]))
}

/// Everything that happens, oldest first, with a night for the worker after every week.
fn events() -> Vec<(i64, Event)> {
    let mut events = vec![(388, Event::LeaveTrial), (300, Event::People(24, 40)), (120, Event::People(40, 60))];
    for (index, software) in SOFTWARE.iter().enumerate() {
        events.push((bought_days_ago(software), Event::Buy(index)));
    }
    events.extend([(210, Event::Grow(0, 6)), (150, Event::Grow(2, 3)), (90, Event::Grow(4, 10))]);
    events.extend((0..BEGINNING / 7).map(|week| (week * 7 + 1, Event::Night)));
    events.sort_by_key(|(days_ago, _)| std::cmp::Reverse(*days_ago));
    events
}

/// Within the present cycle, so that its coming renewal is the one the story names.
fn bought_days_ago(software: &Software) -> i64 {
    let cycle = if software.cycle == "year" { 364 } else { 27 };
    (cycle - software.renews_in).max(1)
}

impl Studio<'_> {
    fn person(&self, index: usize) -> Result<Access, Refusal> {
        self.team.get(index % self.team.len().max(1)).copied().ok_or_else(Refusal::not_found)
    }

    async fn happens(&mut self, event: Event) -> Result<(), Refusal> {
        match event {
            Event::People(from, to) => self.people(from, to).await,
            Event::LeaveTrial => self.leave_trial().await,
            Event::Buy(index) => self.buy(index).await,
            Event::Grow(index, more) => self.grow(index, more).await,
            Event::Night => worker::until_idle(self.app).await,
        }
    }

    async fn people(&mut self, from: usize, to: usize) -> Result<(), Refusal> {
        let owner = self.person(0)?;
        if self.members.is_empty() {
            self.members.extend(owner.member());
        }
        let manager = self.members.first().copied();
        for (name, department) in PEOPLE.iter().take(to).skip(from) {
            let details = PersonDetails {
                department: (*department).to_owned(),
                manager,
                joined_on: Some(self.app.db.clock().now().date_naive()),
                left_on: None,
            };
            let add = AddPerson { name: (*name).to_owned(), email: email_of(name)?, details };
            self.members.push(self.app.db.perform(&owner, add).await?);
        }
        Ok(())
    }

    async fn leave_trial(&mut self) -> Result<(), Refusal> {
        let choose = Choose { plan: "business".to_owned(), changes: PlanChanges::ByOwners, seen: None };
        self.app.db.perform(&self.person(0)?, choose).await.map(drop)
    }

    async fn buy(&mut self, index: usize) -> Result<(), Refusal> {
        let software = SOFTWARE.get(index).ok_or_else(Refusal::not_found)?;
        let buyer = self.person(index % 2)?;
        let add =
            Add { details: self.details(software)?, price: price(software, software.seats)?, twins: Twins::Allow };
        let added = self.app.db.perform(&buyer, add).await?;
        self.bought.push((index, added.id));
        for seat in 0..software.held.min(self.members.len()) {
            let place = (index * 7 + seat) % self.members.len();
            let Some(member) = self.members.get(place).copied() else {
                continue;
            };
            self.give(&buyer, added.id, member).await?;
        }
        Ok(())
    }

    async fn give(&self, by: &Access, subscription: SubscriptionId, to: MemberId) -> Result<LicenseId, Refusal> {
        let assign = Assign { subscription, to: Receiver::Member(to), expires_on: None, key: None, tell: Tell::Never };
        self.app.db.perform(by, assign).await.map(|given| given.license)
    }

    fn details(&self, software: &Software) -> Result<Details, Refusal> {
        let owner = self.members.get(software.owner).copied().ok_or_else(Refusal::not_found)?;
        let cycle = Every::parse(software.cycle, 1).map_err(Refusal::fault)?;
        let renewal = self.today + TimeDelta::days(software.renews_in);
        let span = cycle.interval().span();
        // A known start tells what was due; at the end of a long month there is none that leads to this renewal.
        let start = span.from(renewal, -1).filter(|start| span.from(*start, 1) == Some(renewal));
        let dates = GivenDates {
            cycle: Some(cycle),
            starts_on: start,
            renews_on: Some(renewal),
            first_term: None,
            next_term: None,
            auto_renew: AutoRenew::Auto,
            notice: Notice::Days(software.notice),
            trial_ends_on: None,
        };
        Ok(Details {
            service: software.service.to_owned(),
            name: software.name.to_owned(),
            owner,
            status: Status::Active,
            cost_model: CostModel::parse(software.cost_model, None)?,
            currency: Currency::parse(software.currency).map_err(Refusal::fault)?,
            dates: dates.settle()?,
            department: String::new(),
            category: software.category.to_owned(),
            tags: Vec::new(),
            payment_method: "Company card".to_owned(),
            url: String::new(),
            notes: String::new(),
        })
    }

    async fn grow(&self, index: usize, more: u32) -> Result<(), Refusal> {
        let software = SOFTWARE.get(index).ok_or_else(Refusal::not_found)?;
        let Some((_, subscription)) = self.bought.iter().find(|(bought, _)| *bought == index) else {
            return Ok(());
        };
        let from_on = self.app.db.clock().now().date_naive();
        let set = SetPrice { subscription: *subscription, from_on, price: price(software, software.seats + more)? };
        self.app.db.perform(&self.person(0)?, set).await.map(drop)
    }

    /// Somebody gave a seat back, somebody left, two invitations wait.
    async fn last_days(&self) -> Result<(), Refusal> {
        let (owner, admin) = (self.person(0)?, self.person(1)?);
        if let (Some((_, first)), Some(last)) = (self.bought.first(), self.members.last()) {
            let license = self.give(&admin, *first, *last).await;
            if let Ok(license) = license {
                self.app.db.perform(&admin, Revoke { license }).await?;
            }
        }
        self.decide().await?;
        for (name, role) in [("Ines Marlow", Role::Auditor), ("Priya Nair", Role::Admin)] {
            let message = "Could you look after our renewals with me?";
            invite(self.app, &owner, &email_of(name)?, role, "Finance", message).await?;
        }
        Ok(())
    }
}

impl Studio<'_> {
    /// Some renewals are decided, and the others wait.
    async fn decide(&self) -> Result<(), Refusal> {
        let wishes = [
            (1, Decided::Renew, ""),
            (4, Decided::Resize(24), "Six people have moved to another tool."),
            (7, Decided::Cancel, "Nobody has opened it since spring."),
        ];
        for (place, decided, note) in wishes {
            let Some((_, subscription)) = self.bought.get(place).copied() else {
                continue;
            };
            let decide = Decide { subscription, renews_on: None, wish: Some(decided), note: note.to_owned() };
            self.app.db.perform(&self.person(0)?, decide).await?;
        }
        Ok(())
    }
}

fn price(software: &Software, seats: u32) -> Result<Price, Refusal> {
    let currency = Currency::parse(software.currency).map_err(Refusal::fault)?;
    let cost = Money::parse_price(software.cost, currency).map_err(Refusal::fault)?;
    Ok(Price { cost, seats: (seats > 0).then_some(seats) })
}
