//! The alerts that stand on an account now.

use billing_core::alert::{Alert, Observation, ObservedLot, Thresholds, Told};
use billing_core::time::{beijing_day, beijing_midnight, beijing_text};
use billing_core::{Calls, CallsTotal};

use crate::forecast::outlook::Outlook;
use crate::purchasing::view::{is_untouched, refundable_until};
use crate::snapshot::Known;
use crate::store::readings::Lot;
use crate::views::{AlertView, LotState, PurchaseState};

pub(crate) fn alerts(known: &Known, lots: &[Lot], outlook: &Outlook) -> Vec<AlertView> {
    let mut found = Vec::new();
    if !known.facts.is_free() {
        found.extend(quota_alerts(known, lots, outlook));
    }
    let Some(purchase) = &known.facts.purchase else { return found };
    if let (PurchaseState::Waiting, Some(since)) = (purchase.state, purchase.handed_over_at) {
        found.push(AlertView::PurchaseWaiting { purchase: purchase.id.clone(), since: beijing_text(since) });
    }
    let lot = purchase.arrived.as_ref().and_then(|arrival| arrival.lot.as_deref());
    let untouched = lots.iter().any(|known| Some(known.id.as_str()) == lot && is_untouched(known));
    let until = purchase.arrived.as_ref().filter(|_| untouched).and_then(refundable_until);
    if let Some(until) = until.filter(|until| known.now <= *until) {
        // Once a call is charged to it, it cannot be refunded: docs/billing-rules.md §6.
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

/// The alerts that hold now, as if no alert had been sent before.
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
