//! One account at a glance, from the cache.

use std::sync::Arc;

use billing_core::situation::Situation;
use billing_core::time::beijing_day;
use chrono::NaiveDate;

use crate::accounts::situation::{mode_in_force, situation, situation_view};
use crate::alerts::standing::alerts;
use crate::api::{
    Advice, AlertView, Day, ErrorCode, ExpiryView, GivenDay, Instant, LotState, OverviewView, PurchaseState,
    Tag, UnfinishedChangeView,
};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::advice::{Start, advise, nothing_yet};
use crate::forecast::outlook::{Imagined, Outlook, outlook};
use crate::member_card::history::unfinished;
use crate::member_card::under_way::ModeChanges;
use crate::purchasing::view::purchase_view;
use crate::snapshot::{AccountSnapshot, next_expiry};
use crate::store::orders::{self, Order};
use crate::store::readings::Lot;
use crate::store::{Db, StoreError, connections, mode_changes, reminders};
use crate::usage::state::Usage;
use crate::usage::view::usage_view;

/// What the overview shows of the ledger and the snapshot has not.
struct LedgerFacts {
    reminder: Option<NaiveDate>,
    /// A change of mode that waits for the person.
    unfinished: Option<UnfinishedChangeView>,
    orders: Vec<Order>,
    can_switch: bool,
}

/// From the cache, with standing alerts.
pub(crate) async fn get_overview(
    context: &Context,
    usage: &Arc<Usage>,
    modes: &ModeChanges,
    account: &str,
) -> Result<OverviewView, Error> {
    let modes = modes.clone();
    let read = move |db: &Db<'_>, id: &str| {
        Ok(LedgerFacts {
            reminder: reminders::of(db, id)?,
            unfinished: unfinished(&mode_changes::of(db, id)?, &modes.ids()),
            orders: orders::of(db, id)?,
            can_switch: connections::member_card_since(db, id)?.is_some(),
        })
    };
    let (known, facts) = context.snapshot_with(account, read).await?;
    let outlook = outlook(context, &known).await?;
    let situation = situation(&known, &outlook);
    let advice = if situation.row().advises { advice(context, &known, &outlook).await? } else { None };
    let is_being_read = usage.is_being_read(&known.account.id);
    // A thousand lots are worth a thread of their own.
    let work = tokio::task::spawn_blocking(move || {
        overview_view(&known, &facts, &outlook, situation, advice, is_being_read)
    });
    work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()).into())
}

fn overview_view(
    known: &AccountSnapshot,
    facts: &LedgerFacts,
    outlook: &Outlook,
    situation: Situation,
    advice: Option<Advice>,
    is_being_read: bool,
) -> OverviewView {
    let lots = known.lots();
    let (due, ahead) = match facts.reminder {
        Some(day) if day <= beijing_day(known.now) => (Some(day), None),
        reminder => (None, reminder),
    };
    let reminder_due = due.map(|day| AlertView::Reminder { day: Day(day) });
    let unfinished = facts
        .unfinished
        .as_ref()
        .map(|change| AlertView::ModeUnfinished { to: change.to, asked_at: change.asked_at });
    let purchase = known.purchase.as_ref();
    let refund_asked = purchase.is_some_and(|bought| {
        let mut orders = facts.orders.iter().filter(|order| order.purchase.as_ref() == Some(&bought.id));
        orders.any(|order| order.refund_asked_at.is_some() || order.refunded_at.is_some())
    });
    OverviewView {
        account: known.account.id.clone(),
        name: known.account.name.clone(),
        environment: known.account.environment,
        free: known.is_free(),
        usage: usage_view(known, outlook, is_being_read),
        situation: situation_view(situation),
        can_switch: facts.can_switch,
        next_expiry: expiry_view(lots, outlook),
        advice,
        purchase: purchase
            .filter(|purchase| purchase.state != PurchaseState::GivenUp)
            .map(|purchase| purchase_view(purchase, lots)),
        alerts: unfinished
            .into_iter()
            .chain(reminder_due)
            .chain(alerts(known, lots, outlook, situation, refund_asked))
            .collect(),
        mode: mode_in_force(known),
        reminder: ahead.map(Day),
    }
}

/// What we would do; nothing for who pays nothing, and while nothing can be said. Plans are compared only when the
/// dates of running out call for one.
pub(crate) async fn advice(
    context: &Context,
    known: &AccountSnapshot,
    outlook: &Outlook,
) -> Result<Option<Advice>, Error> {
    if known.is_free() {
        return Ok(None);
    }
    if let Some(nothing) = nothing_yet(known, outlook) {
        return Ok(Some(nothing));
    }
    let past = context.past(&known.account.id).await?;
    // A year is planned in milliseconds, or a second for odd volumes: not on the runtime's own threads.
    let (known, tariff, now) = (known.clone(), Arc::clone(&known.tariff), known.now);
    let work = tokio::task::spawn_blocking(move || {
        advise(&Start::of(&known, &past, &Imagined::default()).ok()?, &tariff, now).ok()
    });
    work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()).into())
}

/// Tells of the account again on a day, instead of any day before; `None`: not any more. Errors:
/// `figures_invalid` for what is no day; a day that has passed tells at once.
pub(crate) async fn set_reminder(
    context: &Context,
    usage: &Arc<Usage>,
    modes: &ModeChanges,
    account: &str,
    day: Option<GivenDay>,
) -> Result<OverviewView, Error> {
    let id = context.account(account).await?.id;
    let day =
        day.map(|given| given.day().ok_or_else(|| Error::refused(ErrorCode::FiguresInvalid))).transpose()?;
    context.store.write_ledger(move |db| reminders::set(db, &id, day)).await?;
    context.changed(account, &[Tag::Reminder]);
    get_overview(context, usage, modes, account).await
}

/// The lots that can still be used and end on the first day on which one of them does.
pub(crate) fn expiry_view(lots: &[Lot], outlook: &Outlook) -> Option<ExpiryView> {
    let first = next_expiry(lots)?.expires_at?;
    let day = beijing_day(first);
    let same: Vec<&Lot> = lots
        .iter()
        .filter(|lot| lot.state != LotState::Spent)
        .filter(|lot| lot.expires_at.is_some_and(|end| beijing_day(end) == day))
        .collect();
    let wasted: Vec<u64> = same.iter().filter_map(|lot| outlook.wasted(&lot.id)).collect();
    Some(ExpiryView {
        expires_at: Instant(first),
        lots: u32::try_from(same.len()).unwrap_or(u32::MAX),
        calls: same.iter().map(|lot| lot.remaining()).sum(),
        wasted: (!wasted.is_empty()).then(|| wasted.iter().sum()),
    })
}

#[cfg(test)]
mod tests {
    use billing_core::time::parse_instant;

    use super::*;
    use crate::api::{AcquisitionMode, LotSource, Origin};
    use crate::snapshot::samples::{self, at, lot};

    fn no_facts() -> LedgerFacts {
        LedgerFacts { reminder: None, unfinished: None, orders: Vec::new(), can_switch: false }
    }

    fn seen(known: &AccountSnapshot, facts: &LedgerFacts) -> OverviewView {
        let outlook = Outlook::default();
        overview_view(known, facts, &outlook, situation(known, &outlook), None, false)
    }

    #[test]
    fn a_reminder_is_announced_until_its_day_and_an_alert_from_then_on() {
        let known = samples::read(1, vec![lot("p1", 1_000, 40)]);
        for (day, is_due) in
            [("2026-11-19", true), ("2026-11-20", true), ("2026-11-21", false), ("2027-11-20", false)]
        {
            let day: NaiveDate = day.parse().unwrap();
            let view = seen(&known, &LedgerFacts { reminder: Some(day), ..no_facts() });
            let alert = AlertView::Reminder { day: Day(day) };
            assert_eq!(
                (view.alerts.contains(&alert), view.reminder),
                (is_due, (!is_due).then_some(Day(day)))
            );
        }
    }

    #[test]
    fn the_mode_is_the_platforms_before_the_one_that_was_answered() {
        let mode = |card, answer| {
            let mut known = samples::connected();
            known.card = card;
            known.answers.mode = answer;
            seen(&known, &no_facts()).mode.map(|mode| (mode.value, mode.origin))
        };
        let (manual, authorized) = (AcquisitionMode::Manual, AcquisitionMode::Authorized);
        assert_eq!(mode(None, None), None);
        assert_eq!(mode(None, Some(manual)), Some((manual, Origin::TypedIn)));
        let card = Some(samples::card(authorized, 3));
        assert_eq!(mode(card, Some(manual)), Some((authorized, Origin::Platform)));
    }

    #[test]
    fn a_purchase_that_was_given_up_is_not_shown() {
        let with = |state| {
            let mut known = samples::read(1, vec![lot("p1", 1_000, 40)]);
            known.purchase = Some(samples::purchase(state));
            known
        };
        assert_eq!(seen(&with(PurchaseState::GivenUp), &no_facts()).purchase, None);
        let shown = seen(&with(PurchaseState::Waiting), &no_facts()).purchase.unwrap();
        assert_eq!(shown.pack, "q-365-1000");
    }

    #[test]
    fn a_change_that_waits_for_the_person_is_the_first_alert() {
        let asked_at = Instant(at("11-20T09:00"));
        let unfinished = Some(UnfinishedChangeView { to: AcquisitionMode::Manual, asked_at });
        let reminder = "2026-11-20".parse().ok();
        let view = seen(&samples::connected(), &LedgerFacts { reminder, unfinished, ..no_facts() });
        assert_eq!(view.alerts[0], AlertView::ModeUnfinished { to: AcquisitionMode::Manual, asked_at });
        assert_eq!(view.alerts.len(), 2, "{:?}", view.alerts);
    }

    #[test]
    fn nothing_that_is_not_known_is_shown_as_a_figure() {
        let view = seen(&samples::fresh(), &no_facts());
        assert!(view.usage.is_none() && view.next_expiry.is_none() && view.mode.is_none(), "{view:?}");
        assert!(view.purchase.is_none() && view.advice.is_none() && view.reminder.is_none(), "{view:?}");
    }

    #[test]
    fn what_ends_on_the_first_day_is_one_expiry() {
        let lot = |state, end: &str, used| Lot {
            id: end.to_owned(),
            source: LotSource::Allocated,
            state,
            total: 250,
            used,
            effective_at: parse_instant("2026-04-08T10:00:00+08:00").unwrap(),
            expires_at: Some(parse_instant(end).unwrap()),
        };
        let lots = [
            lot(LotState::InEffect, "2027-04-08T20:00:00+08:00", 50),
            lot(LotState::NotYet, "2027-04-08T08:00:00+08:00", 0),
            lot(LotState::InEffect, "2027-04-09T00:00:00+08:00", 0),
            lot(LotState::Spent, "2027-04-07T08:00:00+08:00", 0),
        ];
        let view = expiry_view(&lots, &Outlook::default()).unwrap();
        assert_eq!(view.expires_at, "2027-04-08T08:00:00+08:00");
        assert_eq!((view.lots, view.calls, view.wasted), (2, 450, None), "unknown is not zero");
        assert_eq!(expiry_view(&lots[3..], &Outlook::default()), None);
    }
}
