//! Random histories of one subscription's seats, against a model that knows only who holds one.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Assign(usize),
    Revoke(usize),
    Reassign(usize, usize),
    Extend(usize, i64),
    Seats(u32),
    Days(i64),
    Work,
    Retire,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let person = 0..PEOPLE;
    let step = prop_oneof![
        6 => person.clone().prop_map(Step::Assign),
        3 => person.clone().prop_map(Step::Revoke),
        3 => (person.clone(), person.clone()).prop_map(|(from, to)| Step::Reassign(from, to)),
        2 => (person, 0..9_i64).prop_map(|(who, days)| Step::Extend(who, days)),
        2 => (0..8_u32).prop_map(Step::Seats),
        2 => (1..20_i64).prop_map(Step::Days),
        1 => Just(Step::Work),
        1 => Just(Step::Retire),
    ];
    prop::collection::vec(step, 30)
}

const PEOPLE: usize = 7;
const HISTORIES: usize = 8;

/// What stands in the books beside the model.
struct Told<'a> {
    app: &'a TestApp,
    figma: Software,
    people: &'a [String],
    holders: BTreeSet<usize>,
}

impl Told<'_> {
    fn seats(&self) -> i64 {
        self.app.number(&format!(
            "SELECT seats::int8 AS number FROM price_lines WHERE subscription_id = '{}' AND from_on <= '{}'
             ORDER BY from_on DESC, id DESC LIMIT 1",
            self.figma.uuid,
            self.app.clock.now().date_naive()
        ))
    }

    fn open(&self) -> i64 {
        let sql = "SELECT count(*) AS number FROM licenses WHERE state = 'open' AND subscription_id";
        self.app.number(&format!("{sql} = '{}'", self.figma.uuid))
    }

    fn has_room(&self) -> bool {
        i64::try_from(self.holders.len()).unwrap() < self.seats()
    }

    /// The page of the seat this person holds.
    fn seat(&self, who: usize) -> Option<String> {
        let member = subledger::kernel::ids::from_text(&self.people[who]).unwrap();
        self.holders.contains(&who).then(|| {
            let id = self.app.text(&format!(
                "SELECT license_id::text AS text FROM assignments
                 WHERE subscription_id = '{}' AND member_id = '{member}' AND ended_at IS NULL",
                self.figma.uuid
            ));
            format!("/licenses/{}", subledger::kernel::ids::to_text(id.parse().unwrap()))
        })
    }

    async fn take(&mut self, by: &Browser, step: &Step) {
        match step {
            Step::Assign(who) => {
                let fits = !self.holders.contains(who) && self.has_room();
                let answer = assign(by, &self.figma, &self.people[*who]).await;
                answer.is(if fits { 303 } else { 409 });
                if fits {
                    self.holders.insert(*who);
                }
            }
            Step::Revoke(who) => {
                if let Some(seat) = self.seat(*who) {
                    by.post(&format!("{seat}/revoke"), &[]).await.is(303);
                    self.holders.remove(who);
                    by.post(&format!("{seat}/revoke"), &[]).await.is(409);
                }
            }
            Step::Reassign(from, to) => {
                if let Some(seat) = self.seat(*from) {
                    let fits = !self.holders.contains(to);
                    let answer = by.post(&format!("{seat}/reassign"), &[("member", &self.people[*to])]).await;
                    answer.is(if fits { 303 } else { 409 });
                    if fits {
                        self.holders.remove(from);
                        self.holders.insert(*to);
                    }
                }
            }
            Step::Extend(who, days) => {
                if let Some(seat) = self.seat(*who) {
                    let last = (self.app.clock.now().date_naive() + chrono::TimeDelta::days(*days)).to_string();
                    by.post(&format!("{seat}/extend"), &[("expires_on", &last)]).await.is(303);
                }
            }
            Step::Seats(seats) => {
                let (from, seats) = (self.app.clock.now().date_naive().to_string(), seats.to_string());
                let form = [("from", from.as_str()), ("cost", "15.00"), ("seats", seats.as_str())];
                by.post(&format!("{}/prices", self.figma.path()), &form).await.is(303);
            }
            Step::Days(days) => self.app.days_pass(*days),
            Step::Work => self.app.work_until_idle().await,
            Step::Retire => {
                let free = format!(
                    "SELECT coalesce(min(l.id::text), '') AS text FROM licenses l WHERE subscription_id = '{}' AND state = 'open'
                     AND NOT EXISTS (SELECT FROM assignments a WHERE a.license_id = l.id AND a.ended_at IS NULL)",
                    self.figma.uuid
                );
                if let Ok(free) = self.app.text(&free).parse() {
                    let seat = format!("/licenses/{}", subledger::kernel::ids::to_text(free));
                    by.post(&format!("{seat}/retire"), &[]).await.is(303);
                }
            }
        }
    }

    /// What must hold after every step.
    fn holds(&self, step: &Step) {
        let told: BTreeSet<String> = self.holders.iter().map(|who| self.people[*who].clone()).collect();
        let ids = self.app.text(&format!(
            "SELECT coalesce(string_agg(member_id::text, ' '), '') AS text FROM assignments
             WHERE subscription_id = '{}' AND ended_at IS NULL",
            self.figma.uuid
        ));
        let found: Vec<String> =
            ids.split_whitespace().map(|id| subledger::kernel::ids::to_text(id.parse().unwrap())).collect();
        assert_eq!(found.len(), told.len(), "after {step:?}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), told, "after {step:?}");
        if matches!(step, Step::Work | Step::Seats(_)) {
            let most = self.seats().max(i64::try_from(self.holders.len()).unwrap());
            assert!(self.open() <= most, "{} open, {most} may be, after {step:?}", self.open());
        }
        let broken = "SELECT count(*) AS number FROM assignments a JOIN licenses l ON l.id = a.license_id
                      WHERE a.ended_at IS NULL AND l.state <> 'open'
                      OR a.ended_at < a.given_at OR l.expires_on IS NOT NULL AND NOT EXISTS (
                        SELECT FROM assignments o WHERE o.license_id = l.id AND o.ended_at IS NULL)";
        assert_eq!(self.app.number(broken), 0, "after {step:?}");
    }
}

#[actix_web::test]
async fn whatever_happens_to_seats_in_whatever_order_the_books_are_right() {
    let app = TestApp::start().await;
    let people = people(&app, PEOPLE);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for history in 0..HISTORIES {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let figma = given(&app, &format!("Figma {history}"), Adam, Some(4));
        let mut told = Told { app: &app, figma, people: &people, holders: BTreeSet::new() };
        let mut by = app.sign_in(Adam).await;
        for step in &steps {
            if matches!(step, Step::Days(_)) {
                told.take(&by, step).await;
                by = app.sign_in(Adam).await;
            } else {
                told.take(&by, step).await;
            }
            told.holds(step);
        }
    }
    // Every change of a holder is on the trail, and every line of the history was begun and ended there.
    let begun = app.number("SELECT count(*) AS number FROM assignments");
    let told =
        "SELECT count(*) AS number FROM audit_entries WHERE action IN ('license.assigned', 'license.reassigned')";
    let anew = "SELECT count(*) AS number FROM audit_entries e WHERE action = 'license.extended'";
    let told = app.number(told);
    assert!(told <= begun && begun <= told + app.number(anew), "{begun} begun, {told} told");
}
