//! The member-card platform in the words of the page.

use std::collections::HashSet;

use billing_core::time::beijing_day;

use crate::api::{
    CustomersSeeView, Day, Instant, MemberCardView, ModeChangeView, ModeCostsView, MonthlyVolume, Origin,
    Reading, SignUpWeekView, SignUpsView,
};
use crate::forecast::outlook::Outlook;
use crate::forecast::stock::{Volume, remaining_now};
use crate::member_card::history::{undo_of, unfinished};
use crate::onboarding::verdict::ways_view;
use crate::snapshot::{AccountSnapshot, STALE_AFTER};
use crate::store::member_cards::CardSettings;
use crate::store::mode_changes::ModeChange;
use crate::store::sign_ups::{DayCounts, SignUps};

const WEEK_DAYS: usize = 7;

/// What is stored for the page alone.
pub(super) struct CardRecords {
    /// An access key is in the keyring.
    pub(super) has_key: bool,
    /// Newest first.
    pub(super) history: Vec<ModeChange>,
    pub(super) sign_ups: Option<SignUps>,
}

/// `can_connect`: the platform's address is known. `under_way`: the changes that are being finished.
pub(super) fn member_card_view(
    known: &AccountSnapshot,
    outlook: &Outlook,
    stored: CardRecords,
    can_connect: bool,
    under_way: &HashSet<String>,
) -> MemberCardView {
    let CardRecords { has_key, history, sign_ups } = stored;
    let card = known.card.as_ref().filter(|_| has_key);
    let count = |of: fn(&CardSettings) -> u64| {
        card.map(|card| Reading::new(of(card), Origin::Platform, card.read_at))
    };
    MemberCardView {
        connected: has_key && can_connect,
        mode: card.map(|card| Reading::new(card.mode, Origin::Platform, card.read_at)),
        quota: count(|card| card.quota),
        issued: count(|card| card.issued),
        remaining: count(|card| card.remaining),
        sms_balance: count(|card| card.sms_balance),
        undo: undo_of(&history, known.now).filter(|_| has_key),
        unfinished: unfinished(&history, under_way),
        stale: card.is_some_and(|card| known.now.signed_duration_since(card.read_at) > STALE_AFTER),
        history: history.into_iter().map(change_view).collect(),
        costs: mode_costs(known, outlook),
        sign_ups: sign_ups.filter(|_| has_key).map(|read| sign_ups_view(&read)),
        seen: customers_see(known, card),
    }
}

/// What each mode costs at the volume that is known. Nothing where none is, or more than can be priced; an account that
/// pays nothing needs none.
fn mode_costs(known: &AccountSnapshot, outlook: &Outlook) -> Option<ModeCostsView> {
    // Before anything was read there is only what the shop guessed.
    let guess = || Volume::known(known).map(Volume::monthly);
    let free = || known.is_free().then_some(MonthlyVolume { calls: 0, is_estimate: true });
    let volume = outlook.monthly().or_else(guess).or_else(free)?;
    let ways = ways_view(volume.calls).ok()?;
    Some(ModeCostsView { ways, volume_is_estimate: volume.is_estimate, free: known.is_free() })
}

fn change_view(change: ModeChange) -> ModeChangeView {
    ModeChangeView {
        id: change.id,
        from: change.from,
        to: change.to,
        by: change.by,
        why: change.why,
        state: change.state,
        asked_at: Instant(change.asked_at),
        confirmed_at: change.confirmed_at.map(Instant),
    }
}

/// Weeks end with the day of the reading; a week that the reading does not cover in full is left out.
fn sign_ups_view(read: &SignUps) -> SignUpsView {
    let until = beijing_day(read.read_at);
    let days: Vec<&DayCounts> = read.days.iter().filter(|day| day.day <= until).collect();
    let sum = |days: &[&DayCounts], count: fn(&DayCounts) -> u64| {
        days.iter().fold(0_u64, |sum, day| sum.saturating_add(count(day)))
    };
    let weeks = days.rchunks_exact(WEEK_DAYS).filter_map(|week| {
        let (first, last) = (week.first()?, week.last()?);
        Some(SignUpWeekView {
            first: Day(first.day),
            last: Day(last.day),
            authorized: sum(week, |day| day.authorized),
            manual: sum(week, |day| day.manual),
            cards_issued: sum(week, |day| day.cards_issued),
        })
    });
    SignUpsView {
        read_at: Instant(read.read_at),
        weeks: weeks.collect(),
        authorized: sum(&days, |day| day.authorized),
        manual: sum(&days, |day| day.manual),
        cards_issued: sum(&days, |day| day.cards_issued),
        numbers_not_fetched: sum(&days, |day| day.numbers_not_fetched),
    }
}

fn customers_see(known: &AccountSnapshot, settings: Option<&CardSettings>) -> CustomersSeeView {
    CustomersSeeView {
        shop: settings.and_then(|settings| settings.shop.clone()),
        program: known.account.name.clone(),
        quota_dry: remaining_now(known).filter(|_| !known.is_free()).map(|left| left == 0),
        cards_dry: settings.is_some_and(|settings| settings.remaining == 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{AcquisitionMode, Subject};
    use crate::snapshot::samples::{self, card, connected, lot};
    use billing_core::time::parse_instant;
    use chrono::{Days, NaiveDate};

    #[test]
    fn weeks_end_with_the_day_of_the_reading_and_are_whole() {
        let first = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let days = (0..17).map(|number| DayCounts {
            day: first + Days::new(number),
            authorized: number,
            manual: 1,
            cards_issued: 2,
            numbers_not_fetched: 0,
        });
        let read = SignUps {
            account: "a".to_owned(),
            read_at: parse_instant("2026-11-17T23:59:00+08:00").unwrap(),
            days: days.collect(),
        };
        let view = sign_ups_view(&read);
        let spans: Vec<_> = view
            .weeks
            .iter()
            .map(|week| (week.first.to_string(), week.last.to_string(), week.authorized))
            .collect();
        // The 18th is not yet; the 2nd and 3rd are no whole week, but belong to the sum.
        let week = |first: &str, last: &str, authorized| (first.to_owned(), last.to_owned(), authorized);
        assert_eq!(spans, [week("2026-11-11", "2026-11-17", 84), week("2026-11-04", "2026-11-10", 35)]);
        assert_eq!((view.authorized, view.manual, view.cards_issued), (120, 16, 32));
    }

    fn records(has_key: bool) -> CardRecords {
        CardRecords { has_key, history: Vec::new(), sign_ups: None }
    }

    /// Of an account without a history of changes or sign-ups.
    fn view_of(known: &AccountSnapshot, has_key: bool, can_connect: bool) -> MemberCardView {
        let outlook = Outlook::new(known.outlook.clone(), None);
        member_card_view(known, &outlook, records(has_key), can_connect, &HashSet::new())
    }

    #[test]
    fn a_platform_that_was_not_read_has_no_figures_and_one_without_a_key_shows_none() {
        let with = |card| AccountSnapshot { card, ..connected() };
        let shown = |known: &AccountSnapshot, has_key, can_connect| {
            let view = view_of(known, has_key, can_connect);
            let mode = view.mode.map(|mode| mode.value);
            (view.connected, mode, view.remaining.map(|cards| cards.value), view.stale, view.seen.cards_dry)
        };
        let manual = AcquisitionMode::Manual;
        let empty = CardSettings { remaining: 0, ..card(manual, 1) };
        let rows = [
            (with(None), true, true, (true, None, None, false, false)),
            (with(Some(card(manual, 1))), true, true, (true, Some(manual), Some(380), false, false)),
            (with(Some(card(manual, 7))), true, true, (true, Some(manual), Some(380), true, false)),
            (with(Some(empty)), true, true, (true, Some(manual), Some(0), false, true)),
            (with(Some(card(manual, 1))), true, false, (false, Some(manual), Some(380), false, false)),
            (with(Some(card(manual, 1))), false, true, (false, None, None, false, false)),
        ];
        for (number, (known, has_key, can_connect, expected)) in rows.into_iter().enumerate() {
            assert_eq!(shown(&known, has_key, can_connect), expected, "row {number}");
        }
    }

    #[test]
    fn the_quota_is_dry_only_where_it_is_known_and_paid_for() {
        let dry = |known: &AccountSnapshot| view_of(known, true, true).seen.quota_dry;
        assert_eq!(dry(&connected()), None, "unknown is not dry");
        assert_eq!(dry(&samples::read(1, vec![lot("p1", 10, 4)])), Some(false));
        assert_eq!(dry(&samples::read(1, vec![lot("p1", 10, 10)])), Some(true));
        let free = AccountSnapshot {
            answers: samples::declared(Subject::Government).answers,
            ..samples::read(1, vec![lot("p1", 10, 10)])
        };
        assert_eq!(dry(&free), None);
    }

    #[test]
    fn costs_are_shown_once_a_volume_is_known() {
        let costs = |known: &AccountSnapshot| view_of(known, false, false).costs;
        assert_eq!(costs(&connected()), None);
        let mut guessed = connected();
        guessed.answers.way = Some((AcquisitionMode::Authorized, 200));
        let shown = costs(&guessed).unwrap();
        assert_eq!(shown.ways.authorised_year, "72.00");
        assert_eq!((shown.volume_is_estimate, shown.free), (true, false));
        let free = costs(&samples::declared(Subject::Government)).unwrap();
        assert!(free.free, "nobody needs to read its usage");
        assert_eq!(free.ways.authorised_year, "0.00");
    }
}
