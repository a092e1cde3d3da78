//! The alerts that stand on an account now.

use std::collections::BTreeMap;

use billing_core::alert::{Alert, Observation, ObservedLot, Thresholds};
use billing_core::situation::Situation;
use billing_core::time::{beijing_day, beijing_midnight};
use billing_core::{Calls, CallsTotal};
use chrono::NaiveDate;

use crate::api::{AlertView, Day, Instant, LotState, PurchaseState};
use crate::forecast::outlook::Outlook;
use crate::purchasing::view::{is_untouched, refundable_until};
use crate::snapshot::AccountSnapshot;
use crate::store::inbox::AlertState;
use crate::store::readings::Lot;

/// `asked`: the money of the newest purchase was asked for.
pub(crate) fn alerts(
    known: &AccountSnapshot,
    lots: &[Lot],
    outlook: &Outlook,
    situation: Situation,
    asked: bool,
) -> Vec<AlertView> {
    let mut found = Vec::new();
    if !known.is_free() {
        found.extend(quota_alerts(known, lots, outlook));
        found.retain(|alert| !is_said_or_over(alert, situation));
    }
    let Some(purchase) = &known.purchase else { return found };
    if let (PurchaseState::Waiting, Some(since)) = (purchase.state, purchase.handed_over_at) {
        found.push(AlertView::PurchaseWaiting { purchase: purchase.id.clone(), since: Instant(since) });
    }
    let lot = purchase.arrived.as_ref().and_then(|arrival| arrival.lot.as_deref());
    let untouched = lots.iter().any(|known| Some(known.id.as_str()) == lot && is_untouched(known));
    let until = purchase.arrived.as_ref().filter(|_| untouched && !asked).and_then(refundable_until);
    if let Some(until) = until.filter(|until| known.now <= *until) {
        // Once a call is charged to it, it cannot be refunded: docs/billing-rules.md §6.
        let use_from = lot.and_then(|lot| outlook.first_use(lot)).and_then(beijing_midnight);
        let by_use = use_from.filter(|from| *from < until);
        found.push(AlertView::RefundWindow {
            purchase: purchase.id.clone(),
            until: Instant(by_use.map_or(until, |from| from.max(known.now))),
            by_use: by_use.is_some(),
        });
    }
    found
}

/// Whether the situation says already what an alert says, or that no longer holds in it.
fn is_said_or_over(alert: &AlertView, situation: Situation) -> bool {
    match alert {
        AlertView::QuotaLow { .. } => matches!(
            situation,
            Situation::DryUsedUp | Situation::DryExpired | Situation::DryManual | Situation::Manual
        ),
        // An estimate of long ago.
        AlertView::WillExpire { .. } => matches!(situation, Situation::Stale | Situation::CannotRead),
        _ => false,
    }
}

/// The alerts that hold now, as if no alert had been sent before.
fn quota_alerts(known: &AccountSnapshot, lots: &[Lot], outlook: &Outlook) -> Vec<AlertView> {
    let Some(observation) = observation(known, lots, outlook) else { return Vec::new() };
    let tariff = &known.tariff.alerts;
    let thresholds = Thresholds {
        percent_left: tariff.percent_left.value.clone(),
        days_before_end: tariff.days_before_end.value.clone(),
        // The run-out date stands on the page itself.
        runs_out_within_days: 0,
    };
    let alerts = AlertState::default().observe(&thresholds, &observation);
    let of_day = |day: NaiveDate| {
        let ends = |lot: &&Lot| end_day(lot) == Some(day);
        let lots =
            lots.iter().filter(|lot| lot.state == LotState::InEffect && lot.remaining() > 0).filter(ends);
        u32::try_from(lots.count()).unwrap_or(u32::MAX)
    };
    let ends_soon: Vec<String> = alerts
        .iter()
        .filter_map(|alert| match alert {
            Alert::EndsSoon { lot, .. } => Some(lot.clone()),
            _ => None,
        })
        .collect();
    let view = |alert| match alert {
        Alert::PercentLeft { remaining, .. } => Some(AlertView::QuotaLow {
            percent: share(remaining, observation.total),
            remaining: remaining.get(),
        }),
        Alert::EndsSoon { lot, remaining, .. } => {
            let days = observation.lots.iter().find(|observed| observed.lot == lot)?.ends_in_days;
            let day = lot.parse().ok()?;
            Some(AlertView::ExpiringUnused { lots: of_day(day), day: Day(day), days, calls: remaining.get() })
        }
        Alert::WillExpire { lot, calls } if !ends_soon.contains(&lot) => {
            let day = lot.parse().ok()?;
            Some(AlertView::WillExpire { lots: of_day(day), day: Day(day), calls: calls.get() })
        }
        Alert::RunsOutSoon { .. }
        | Alert::WillExpire { .. }
        | Alert::Guarded { .. }
        | Alert::GuardStuck { .. }
        | Alert::UsageHigh { .. } => None,
    };
    alerts.into_iter().filter_map(view).collect()
}

/// The whole percent of `total` that is left, rounded down.
fn share(left: CallsTotal, total: CallsTotal) -> u32 {
    let percent = u128::from(left.get()).saturating_mul(100).checked_div(u128::from(total.get()));
    percent.and_then(|percent| u32::try_from(percent).ok()).unwrap_or(0)
}

fn end_day(lot: &Lot) -> Option<NaiveDate> {
    lot.expires_at.map(beijing_day)
}

pub(crate) fn observation(known: &AccountSnapshot, lots: &[Lot], outlook: &Outlook) -> Option<Observation> {
    if let Some(typed) = known.connection.as_ref().and_then(|connection| connection.typed) {
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
    // Lots that end on one day are one matter, however many they are.
    let mut days: BTreeMap<NaiveDate, (u64, u64)> = BTreeMap::new();
    for lot in &open {
        let Some(end) = end_day(lot) else { continue };
        let (remaining, wasted) = days.entry(end).or_default();
        *remaining = remaining.saturating_add(lot.remaining());
        *wasted = wasted.saturating_add(outlook.wasted(&lot.id).unwrap_or(0));
    }
    let observed = days.into_iter().filter_map(|(end, (remaining, wasted))| {
        let days = end.signed_duration_since(beijing_day(known.now)).num_days();
        Some(ObservedLot {
            lot: end.to_string(),
            ends_in_days: u32::try_from(days.max(0)).ok()?,
            remaining: Calls::new(remaining).ok()?,
            will_expire: Calls::new(wasted).ok()?,
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
