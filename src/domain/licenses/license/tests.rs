use crate::kernel::refusal::{Kind, Refusal};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn somebody() -> Option<MemberId> {
    Some(MemberId::mint(DateTime::UNIX_EPOCH))
}

#[test]
fn as_many_people_as_seats_and_not_one_more() {
    for (seats, held, fits) in [
        (None, 0, true),
        (None, 1_000_000, true),
        (Some(0), 0, false),
        (Some(1), 0, true),
        (Some(1), 1, false),
        (Some(30), 29, true),
        (Some(30), 30, false),
        // Fewer seats than held, after a reduction: nobody more until enough were revoked.
        (Some(24), 27, false),
    ] {
        assert_eq!(require_free_seat(seats, held, "Figma").is_ok(), fits, "{held} of {seats:?}");
    }
}

#[test]
fn the_sentence_counts_the_seats() {
    let said = |seats| Refusal::from(LicenseError::NoFreeSeat { seats, subscription: "Figma".to_owned() });
    assert_eq!(said(30).message, "All 30 seats of Figma are given. Revoke one, or buy more.");
    assert_eq!(said(1).message, "The one seat of Figma is given. Revoke it, or buy more.");
    assert_eq!(said(0).message, "Figma has no seats to give. Buy some first.");
    assert_eq!(said(30).code, "no_free_seat");
    assert_eq!(said(30).kind, Kind::Conflict);
}

#[test]
fn the_last_day_still_counts() {
    let today = day("2026-11-22");
    let on = |last: &str| Status::of(State::Open, somebody(), Some(day(last)), today);
    assert_eq!(on("2026-11-21"), Status::Expired);
    assert_eq!(on("2026-11-22"), Status::Assigned);
    assert_eq!(Status::of(State::Open, None, None, today), Status::Free);
    assert_eq!(Status::of(State::Retired, None, Some(day("2020-01-01")), today), Status::Retired);
    assert!(require_not_past(Some(day("2026-11-22")), today).is_ok());
    assert!(require_not_past(None, today).is_ok());
    assert_eq!(require_not_past(Some(day("2026-11-21")), today), Err(LicenseError::ExpiresInThePast));
}

#[test]
fn only_what_runs_has_seats_to_give() {
    for (status, may) in [
        (SubscriptionStatus::Trial, true),
        (SubscriptionStatus::Active, true),
        (SubscriptionStatus::Canceled, false),
        (SubscriptionStatus::Expired, false),
    ] {
        assert_eq!(require_assignable(status, "Figma").is_ok(), may, "{status:?}");
    }
}

#[test]
fn whoever_is_gone_gets_no_seat() {
    for (status, may) in [
        (MemberStatus::Directory, true),
        (MemberStatus::Invited, true),
        (MemberStatus::Active, true),
        (MemberStatus::Deactivated, false),
        (MemberStatus::Left, false),
    ] {
        let holder = Holder {
            id: MemberId::mint(DateTime::UNIX_EPOCH),
            name: "Uma Usher".to_owned(),
            email: "uma@acme.example".to_owned(),
            department: String::new(),
            status,
        };
        assert_eq!(holder.require_can_hold().is_ok(), may, "{status:?}");
        assert_eq!(holder.is_gone(), !may);
    }
}
