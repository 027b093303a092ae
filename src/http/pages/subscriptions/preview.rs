//! What a form comes to before it is saved: renewals, last days to cancel, the cost of a year.

use chrono::NaiveDate;

use crate::domain::subscriptions::dates::Ahead;
use crate::domain::subscriptions::read;
use crate::domain::subscriptions::subscription::CostModel;
use crate::http::pages::form::{FormErrors, FormState};
use crate::kernel::locale::Locale;

use super::views::{DayView, ahead_label};

/// The box beside the form.
pub struct Preview {
    /// What is ahead: words and day.
    pub ahead: Vec<(&'static str, DayView)>,
    /// "$16,200.00", or "–" while it is not known.
    pub a_year: String,
    /// What is missing, or what the year is made of.
    pub note: String,
}

impl Preview {
    /// The preview of what stands in the form; what cannot be read yet is left out.
    pub fn of(form: &FormState, today: NaiveDate, locale: Locale) -> Self {
        let (mut errors, mut wrong) = (FormErrors::default(), FormErrors::default());
        let dates = read::dates(form, &mut wrong);
        let status = read::status(form).ok();
        let ahead = dates.zip(status).and_then(|(dates, status)| {
            let coming = wrong.take(dates.coming(status, today))?;
            Some(dates.ahead(status, coming, today))
        });
        let has_date = ["starts_on", "renews_on"].iter().any(|field| !form.value(field).trim().is_empty());
        let wrong = wrong.or(None::<()>).err().and_then(|wrong| wrong.into_iter().next()).filter(|_| has_date);
        let currency = read::currency(form).ok();
        let price = currency.and_then(|currency| read::price(form, currency, &mut errors));
        let model = read::cost_model(form).unwrap_or(CostModel::Flat);
        let cycle = dates.and_then(|dates| dates.cycle);
        let a_year = price.and_then(|price| price.a_year(model, cycle.map(|cycle| cycle.interval())));
        let is_dated = ahead.is_some();
        let dated = |(date, what): (NaiveDate, Ahead)| (ahead_label(what), DayView::new(date, locale));
        Self {
            ahead: ahead.unwrap_or_default().into_iter().map(dated).collect(),
            a_year: a_year.map_or_else(|| "–".to_owned(), |year| locale.money(year)),
            note: match (is_dated, price.is_some()) {
                (true, true) => String::new(),
                (false, true) => wrong.map_or_else(
                    || "Renewals are shown as soon as there is a date.".to_owned(),
                    |wrong| wrong.message.into_owned(),
                ),
                (true, false) => "The year is shown as soon as the cost is a number.".to_owned(),
                (false, false) => "Shown as soon as there are a cost and a date.".to_owned(),
            },
        }
    }
}
