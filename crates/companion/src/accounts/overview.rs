//! One account at a glance, from the cache.

use std::sync::Arc;

use billing_core::time::beijing_day;

use crate::accounts::situation::{situation, situation_view};
use crate::alerts::standing::alerts;
use crate::api::{
    Advice, AlertView, Day, ErrorCode, ExpiryView, GivenDay, Instant, LotState, Origin, OverviewView,
    PurchaseState, Reading, Tag,
};
use crate::context::Context;
use crate::error::Error;
use crate::forecast::advice::{Start, advise, nothing_yet};
use crate::forecast::outlook::{Imagined, Outlook, outlook};
use crate::member_card::history::unfinished;
use crate::member_card::platform::cached_settings;
use crate::member_card::under_way::ModeChanges;
use crate::purchasing::view::purchase_view;
use crate::snapshot::{AccountSnapshot, next_expiry};
use crate::store::readings::Lot;
use crate::store::{StoreError, connections, mode_changes, orders, reminders};
use crate::usage::state::Usage;
use crate::usage::view::usage_view;

/// From the cache, with standing alerts.
pub(crate) async fn get_overview(
    context: &Context,
    usage: &Arc<Usage>,
    modes: &ModeChanges,
    account: &str,
) -> Result<OverviewView, Error> {
    let known = context.snapshot(account).await?;
    let card = cached_settings(context, &known.account.id).await?;
    let id = known.account.id.clone();
    let read = context.store.ledger(move |db| {
        let can_switch = connections::member_card_since(db, &id)?.is_some();
        Ok((reminders::of(db, &id)?, mode_changes::of(db, &id)?, orders::of(db, &id)?, can_switch))
    });
    let (reminder, history, orders, can_switch) = read.await?;
    let unfinished = unfinished(&history, &modes.ids());
    let outlook = outlook(context, &known).await?;
    let usage = usage_view(&known, &outlook, usage.is_being_read(&known.account.id));
    let platform = card.map(|card| Reading::new(card.mode, Origin::Platform, card.read_at));
    let answered = known.answers.mode.map(|mode| {
        let at = known.answers.finished_at.unwrap_or(known.now);
        Reading::new(mode, Origin::TypedIn, at)
    });
    let mode = platform.or(answered);
    let situation = situation(&known, &outlook);
    let advice = if situation.row().advises { advice(context, &known, &outlook).await? } else { None };
    let work = tokio::task::spawn_blocking(move || {
        let lots = known.lots();
        let (due, ahead) = match reminder {
            Some(day) if day <= beijing_day(known.now) => (Some(day), None),
            reminder => (None, reminder),
        };
        let reminder_due = due.map(|day| AlertView::Reminder { day: Day(day) });
        let unfinished =
            unfinished.map(|change| AlertView::ModeUnfinished { to: change.to, asked_at: change.asked_at });
        let purchase = known.purchase.as_ref();
        let order = orders.iter().find(|order| order.purchase.as_ref() == purchase.map(|one| &one.id));
        let refund_asked =
            order.is_some_and(|one| one.refund_asked_at.is_some() || one.refunded_at.is_some());
        let asked = unfinished.into_iter().chain(reminder_due);
        OverviewView {
            account: known.account.id.clone(),
            name: known.account.name.clone(),
            environment: known.account.environment,
            free: known.is_free(),
            usage,
            situation: situation_view(situation),
            can_switch,
            next_expiry: expiry_view(lots, &outlook),
            advice,
            purchase: known
                .purchase
                .as_ref()
                .filter(|purchase| purchase.state != PurchaseState::GivenUp)
                .map(|purchase| purchase_view(purchase, lots)),
            alerts: asked.chain(alerts(&known, lots, &outlook, situation, refund_asked)).collect(),
            mode,
            reminder: ahead.map(Day),
        }
    });
    work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()).into())
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
    let (_, past) = context.snapshot_and_past(&known.account.id).await?;
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
    use super::*;
    use crate::api::LotSource;
    use billing_core::time::parse_instant;

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
