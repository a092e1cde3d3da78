//! One account at a glance, from the cache.

use std::sync::Arc;

use billing_core::alert::{Alert, Observation, ObservedLot, Thresholds, Told};
use billing_core::time::{beijing_day, beijing_midnight, beijing_text, parse_day};
use billing_core::{Calls, CallsTotal};

use crate::app::Companion;
use crate::error::Error;
use crate::forecast::advice::{Start, advise, nothing_yet};
use crate::forecast::outlook::{Imagined, Outlook};
use crate::purchasing::purchase::{purchase_view, refundable_until};
use crate::store::readings::Lot;
use crate::store::{StoreError, reminders};
use crate::usage::sync::{Known, lot_view};
use crate::views::{
    Advice, AlertView, ErrorCode, LotState, Origin, OverviewView, PurchaseState, Reading, Tag,
};

impl Companion {
    /// From the cache, with standing alerts.
    pub async fn get_overview(&self, account: &str) -> Result<OverviewView, Error> {
        let known = self.known(account).await?;
        let card = self.cached_settings(&known.account.id).await?;
        let id = known.account.id.clone();
        let reminder = self.shared.store.ledger(move |db| reminders::of(db, &id)).await?;
        let outlook = self.outlook(&known).await?;
        let usage = self.usage_view(&known, &outlook);
        let platform = card.map(|card| Reading::new(card.mode, Origin::Platform, beijing_text(card.read_at)));
        let kept = known.facts.answers.mode.map(|mode| {
            let at = known.facts.answers.finished_at.unwrap_or(known.now);
            Reading::new(mode, Origin::TypedIn, beijing_text(at))
        });
        let advice = self.advice(&known, &outlook).await?;
        let work = tokio::task::spawn_blocking(move || {
            let lots = known.figures.as_ref().map(|figures| figures.lots.as_slice()).unwrap_or_default();
            let (due, ahead) = match reminder {
                Some(day) if day <= beijing_day(known.now) => (Some(day), None),
                reminder => (None, reminder),
            };
            let reminder_due = due.map(|day| AlertView::Reminder { day: day.to_string() });
            OverviewView {
                account: known.account.id.clone(),
                name: known.account.name.clone(),
                environment: known.account.environment,
                free: known.facts.is_free(),
                usage,
                mode: platform.or(kept),
                next_expiry: next_expiry(lots).map(|lot| lot_view(lot, outlook.wasted(&lot.id))),
                advice,
                purchase: known
                    .facts
                    .purchase
                    .as_ref()
                    .filter(|purchase| purchase.state != PurchaseState::GivenUp)
                    .map(|purchase| purchase_view(purchase, lots)),
                alerts: reminder_due.into_iter().chain(alerts(&known, lots, &outlook)).collect(),
                reminder: ahead.map(|day| day.to_string()),
            }
        });
        work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()).into())
    }

    /// What we would do; nothing for who pays nothing, and while nothing can be said. Plans are compared only when the
    /// dates of running out call for one.
    pub(crate) async fn advice(&self, known: &Known, outlook: &Outlook) -> Result<Option<Advice>, Error> {
        if known.facts.is_free() {
            return Ok(None);
        }
        if let Some(nothing) = nothing_yet(known, outlook) {
            return Ok(Some(nothing));
        }
        let past = self.past(&known.account.id).await?;
        // A year is planned in milliseconds, or a second for odd volumes: not on the runtime's own threads.
        let (known, tariff, now) = (known.clone(), Arc::clone(&known.tariff), known.now);
        let work = tokio::task::spawn_blocking(move || {
            advise(&Start::of(&known, &past, &Imagined::default()).ok()?, &tariff, now).ok()
        });
        work.await.map_err(|stopped| StoreError::Unexpected(stopped.to_string()).into())
    }

    /// Tells of the account again on a day (`YYYY-MM-DD`), in place of any day before; `None`: not any more. Errors:
    /// `figures_invalid` for what is no day; a day that has passed tells at once.
    pub async fn set_reminder(&self, account: &str, day: Option<String>) -> Result<OverviewView, Error> {
        let id = self.account(account).await?.id;
        let day = day.map(|day| parse_day(&day)).transpose();
        let day = day.map_err(|_| Error::refused(ErrorCode::FiguresInvalid))?;
        self.shared.store.ledger(move |db| reminders::set(db, &id, day)).await?;
        self.changed(account, &[Tag::Reminder]);
        self.get_overview(account).await
    }
}

pub(crate) fn next_expiry(lots: &[Lot]) -> Option<&Lot> {
    let open = lots.iter().filter(|lot| lot.state != LotState::Spent);
    open.filter(|lot| lot.expires_at.is_some()).min_by_key(|lot| lot.expires_at)
}

fn alerts(known: &Known, lots: &[Lot], outlook: &Outlook) -> Vec<AlertView> {
    let mut found = Vec::new();
    if !known.facts.is_free() {
        found.extend(quota_alerts(known, lots, outlook));
    }
    let Some(purchase) = &known.facts.purchase else { return found };
    if let (PurchaseState::Waiting, Some(since)) = (purchase.state, purchase.handed_over_at) {
        found.push(AlertView::PurchaseWaiting { purchase: purchase.id.clone(), since: beijing_text(since) });
    }
    let lot = purchase.arrived.as_ref().and_then(|arrival| arrival.lot.as_deref());
    let untouched = lots.iter().any(|known| Some(known.id.as_str()) == lot && known.used == 0);
    let until = purchase.arrived.as_ref().filter(|_| untouched).and_then(refundable_until);
    if let Some(until) = until.filter(|until| known.now <= *until) {
        // Once a call is charged to it, it cannot be refunded: billing rules 6.
        let use_from = lot.and_then(|lot| outlook.first_use(lot)).and_then(beijing_midnight);
        let by_use = use_from.filter(|from| *from < until);
        found.push(AlertView::RefundWindow {
            purchase: purchase.id.clone(),
            until: beijing_text(by_use.map_or(until, |from| from.max(known.now))),
            by_use: by_use.is_some(),
        });
    }
    found
}

/// What stands now: all that would be told to somebody who had heard nothing yet.
fn quota_alerts(known: &Known, lots: &[Lot], outlook: &Outlook) -> Vec<AlertView> {
    let Some(observation) = observation(known, lots, outlook) else { return Vec::new() };
    let tariff = &known.tariff.alerts;
    let thresholds = Thresholds {
        percent_left: tariff.percent_left.value.clone(),
        days_before_end: tariff.days_before_end.value.clone(),
        // The run-out date stands on the page itself.
        runs_out_within_days: 0,
    };
    let told = Told::default().observe(&thresholds, &observation);
    told.into_iter()
        .filter_map(|alert| match alert {
            Alert::PercentLeft { percent, remaining } => {
                Some(AlertView::QuotaLow { percent: percent.into(), remaining: remaining.get() })
            }
            Alert::EndsSoon { lot, days, remaining } => {
                Some(AlertView::ExpiringUnused { lot, days: days.into(), calls: remaining.get() })
            }
            Alert::RunsOutSoon { .. } | Alert::WillExpire { .. } => None,
        })
        .collect()
}

fn observation(known: &Known, lots: &[Lot], outlook: &Outlook) -> Option<Observation> {
    if let Some(typed) = known.facts.connection.as_ref().and_then(|connection| connection.typed) {
        return Some(Observation {
            total: total([typed.total])?,
            remaining: total([typed.remaining])?,
            lots: Vec::new(),
            runs_out_in_days: None,
        });
    }
    known.figures.as_ref()?;
    // Of what can be used now, and the trial as long as nothing else is there: "the total" of [W].
    let open: Vec<&Lot> = lots.iter().filter(|lot| lot.state == LotState::InEffect).collect();
    let counted = if open.is_empty() { lots.iter().collect() } else { open.clone() };
    let observed = open.iter().filter_map(|lot| {
        let end = lot.expires_at?;
        let days = beijing_day(end).signed_duration_since(beijing_day(known.now)).num_days();
        Some(ObservedLot {
            lot: lot.id.clone(),
            ends_in_days: u32::try_from(days.max(0)).ok()?,
            remaining: Calls::new(lot.remaining()).ok()?,
            will_expire: Calls::new(outlook.wasted(&lot.id).unwrap_or(0)).ok()?,
        })
    });
    Some(Observation {
        total: total(counted.iter().map(|lot| lot.total))?,
        remaining: total(open.iter().map(|lot| lot.remaining()))?,
        lots: observed.collect(),
        runs_out_in_days: None,
    })
}

fn total(calls: impl IntoIterator<Item = u64>) -> Option<CallsTotal> {
    calls.into_iter().try_fold(CallsTotal::default(), |sum, calls| sum.checked_add(Calls::new(calls).ok()?))
}
