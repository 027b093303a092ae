//! Choosing a person in a form: from a list while the people are few, else by writing an address or a name. What a
//! person writes is turned into the id a list would have sent before the form is read.

use crate::app::App;
use crate::domain::team::choose::{AddressOf, Named, Offered, PeopleOptions};
use crate::kernel::access::{Access, Sees};
use crate::kernel::ids::MemberId;
use crate::kernel::refusal::Refusal;

use super::form::{FormState, Posted};

/// Value and words, as a select has them.
type Options = Vec<(String, String)>;

/// The people a field of a form offers.
pub struct People {
    /// All who can be chosen, when they are few.
    pub options: Options,
    /// Addresses and names of some, when they are many.
    pub suggested: Options,
    /// Whether one is written instead of chosen.
    pub is_written: bool,
}

/// What a field offers beside the people.
#[derive(Default)]
pub struct Beside {
    /// The words for nobody.
    pub nobody: Option<&'static str>,
    /// Who is chosen now, also after leaving.
    pub present: Option<(MemberId, String)>,
    /// Who cannot be chosen.
    pub never: Option<MemberId>,
}

/// Everybody whom `field` can name, and the form as it shows them.
pub async fn offer(
    app: &App,
    access: &Access,
    (form, field): (FormState, &'static str),
    beside: Beside,
) -> Result<(People, FormState), Refusal> {
    match app.db.answer(access, PeopleOptions { only: None }).await? {
        Offered::Few(people) => Ok((few(people, beside), form)),
        Offered::Many(suggested) => {
            let form = match MemberId::parse(form.value(field)) {
                Some(member) => with_address(app, access, form, (field, member)).await?,
                None => form,
            };
            Ok((People { options: Options::new(), suggested, is_written: true }, form))
        }
    }
}

/// Whoever may answer for a subscription: those who see only their own, themselves alone.
pub async fn offer_owners(
    app: &App,
    access: &Access,
    (form, field): (FormState, &'static str),
    beside: Beside,
) -> Result<(People, FormState), Refusal> {
    let Sees::OnlyOf(member) = access.sees() else {
        return offer(app, access, (form, field), beside).await;
    };
    match app.db.answer(access, PeopleOptions { only: Some(member) }).await? {
        Offered::Few(people) => Ok((few(people, beside), form)),
        Offered::Many(_) => Err(Refusal::fault("one person is many")),
    }
}

fn few(mut people: Vec<(MemberId, String)>, Beside { nobody, present, never }: Beside) -> People {
    people.retain(|(id, _)| Some(*id) != never);
    people.extend(present.filter(|(present, _)| people.iter().all(|(id, _)| id != present)));
    let nobody = nobody.map(|words| (String::new(), words.to_owned()));
    let each = people.into_iter().map(|(id, name)| (id.to_string(), name));
    People { options: nobody.into_iter().chain(each).collect(), suggested: Options::new(), is_written: false }
}

async fn with_address(
    app: &App,
    access: &Access,
    form: FormState,
    (field, member): (&'static str, MemberId),
) -> Result<FormState, Refusal> {
    Ok(match app.db.answer(access, AddressOf { member }).await? {
        Some(address) => FormState::with(&[(field, &address)]).over(form),
        None => form,
    })
}

/// Puts the id of whomever a field names by address or name in its place; answers why it cannot.
pub async fn name(app: &App, access: &Access, posted: &mut Posted, field: &'static str) -> Option<Refusal> {
    let text = posted.get(field).to_owned();
    if text.is_empty() || MemberId::parse(&text).is_some() {
        return None;
    }
    match app.db.answer(access, Named { text }).await {
        Ok(member) => {
            posted.set(field, member.to_string());
            None
        }
        Err(refusal) => Some(refusal.at(field)),
    }
}

/// What is wrong with a form, with the words of `unnamed` where it says that nobody of the list was chosen.
pub fn told(refusals: Vec<Refusal>, unnamed: Option<Refusal>) -> Vec<Refusal> {
    let Some(unnamed) = unnamed else {
        return refusals;
    };
    let others = refusals.into_iter().filter(|refusal| refusal.field != unnamed.field);
    let others: Vec<Refusal> = others.collect();
    std::iter::once(unnamed).chain(others).collect()
}
