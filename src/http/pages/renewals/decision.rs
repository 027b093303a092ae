//! `POST /renewals/{id}/decision`: what becomes of the coming renewal of a subscription, and taking that back.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::app::App;
use crate::domain::renewals::decide::{Decide, Stands};
use crate::domain::renewals::decision::{note, parse};
use crate::domain::renewals::of::WithRenewal;
use crate::domain::subscriptions::decision::Decided;
use crate::domain::subscriptions::read::date;
use crate::domain::subscriptions::show::ToChange;
use crate::http::pages::answer::{carry_out, give};
use crate::http::pages::form::{FormErrors, FormState, MemberPost, Posted, all_on_form};
use crate::http::pages::refusal::HtmlRefusal;
use crate::http::pages::subscriptions::show::{Forms, draw};
use crate::kernel::ids::SubscriptionId;
use crate::kernel::locale::Locale;
use crate::kernel::once::Answer;
use crate::kernel::refusal::Refusal;

/// POST `/renewals/{id}/decision`; the id is the subscription's.
pub async fn decide(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    let subscription = parse_id(&id)?;
    let shown = app.db.answer(&access, WithRenewal(ToChange { id: subscription })).await?;
    let locale = access.reading().locale;
    let done = match read(subscription, &posted) {
        Ok(decide) => {
            let told = move |stands: &Stands| answer(subscription, stands, locale);
            let done = app.db.perform_once(&access, posted.once(), decide, told).await;
            done.map_err(|refusal| vec![refusal])
        }
        Err(refusals) => Err(refusals),
    };
    match done {
        Ok(answer) => Ok(give(&app, &request, answer).await?),
        // Without a renewal there is no form to show it on.
        Err(refusals) if shown.1.decision.is_none() && !shown.0.subscription.goes_on() => {
            Err(refusals.into_iter().next().unwrap_or_else(Refusal::not_found).into())
        }
        Err(refusals) => {
            let (told, code) = all_on_form(refusals)?;
            let forms = Forms { deciding: Some(FormState::kept(&posted).refused(&told)), ..Forms::default() };
            draw(&app, &request, &access, shown, forms, code).await
        }
    }
}

/// POST `/renewals/{id}/undo`: what was just decided about a renewal that was undecided.
pub async fn undo(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    MemberPost { access, posted }: MemberPost,
) -> Result<HttpResponse, HtmlRefusal> {
    posted.only(&[])?;
    let subscription = parse_id(&id)?;
    let undo = Decide { subscription, renews_on: None, wish: None, note: String::new() };
    let locale = access.reading().locale;
    let told = move |stands: &Stands| answer(subscription, stands, locale);
    carry_out(&app, &request, (&access, &posted), undo, told).await
}

fn parse_id(text: &str) -> Result<SubscriptionId, Refusal> {
    SubscriptionId::parse(text).ok_or_else(Refusal::not_found)
}

fn read(subscription: SubscriptionId, posted: &Posted) -> Result<Decide, Vec<Refusal>> {
    let mut errors = FormErrors::default();
    errors.take(posted.only(&["decision", "seats", "note", "renews_on"]));
    let renews_on = errors.take(date("renews_on", posted.get("renews_on")));
    let wish = errors.take(parse(posted.get("decision"), posted.get("seats")));
    let note = errors.take(note(posted.get("note")));
    let read = renews_on.zip(wish).zip(note);
    errors.or(read.map(|((renews_on, wish), note)| Decide { subscription, renews_on, wish, note }))
}

fn answer(subscription: SubscriptionId, stands: &Stands, locale: Locale) -> Answer {
    let answer = Answer::go(format!("/subscriptions/{subscription}"), said(stands, locale));
    match (stands.is_new, stands.before, stands.after) {
        (true, None, Some(_)) => answer.undone_at(format!("/renewals/{subscription}/undo")),
        _ => answer,
    }
}

fn said(stands: &Stands, locale: Locale) -> String {
    let (name, day) = (&stands.name, |day| locale.date(day));
    if !stands.is_new {
        return format!("That stood already for {name}. Nothing was changed.");
    }
    match stands.after {
        Some(Decided::Renew) => format!("{name} renews on {}.", day(stands.renews_on)),
        Some(Decided::Resize(seats)) => {
            let seats = match seats {
                1 => "1 seat".to_owned(),
                _ => format!("{} seats", locale.number(seats.into())),
            };
            let over = match stands.excess {
                0 => String::new(),
                1 => " One more is held: revoke it before, or it stays paid for.".to_owned(),
                excess => {
                    format!(" {} more are held: revoke them before, or they stay paid for.", locale.number(excess))
                }
            };
            format!("{name} renews on {} with {seats}.{over}", day(stands.renews_on))
        }
        Some(Decided::Cancel) => {
            let how = match stands.is_late {
                true => format!("The last day to cancel was {}, so the vendor may not take it.", day(stands.cancel_by)),
                false => format!("Cancel it at the vendor by {}.", day(stands.cancel_by)),
            };
            format!("{name} is covered until {} and ends then. {how}", day(stands.covered_until))
        }
        None => format!("The renewal of {name} on {} is undecided again.", day(stands.renews_on)),
    }
}
