//! Usage in the words of the page.

use chrono::{DateTime, Utc};

use crate::api::{
    Instant, LotEnd, LotSource, LotState, LotView, MonthlyAverage, Origin, Reading, SyncView, UsageSource,
    UsageView,
};
use crate::forecast::outlook::Outlook;
use crate::snapshot::{AccountSnapshot, is_stale};
use crate::store::connections::Connection;
use crate::store::readings::{Lot, UsageFigures};

pub(crate) fn platform_view(
    known: &AccountSnapshot,
    connection: &Connection,
    figures: &UsageFigures,
    outlook: &Outlook,
    running: bool,
) -> UsageView {
    let at = figures.read_at;
    let sync = known.sync.as_ref();
    UsageView {
        source: connection.source,
        used: Reading::new(figures.used, Origin::Platform, at),
        remaining: Reading::new(figures.remaining(), Origin::Derived, at),
        total: Reading::new(figures.total, Origin::Platform, at),
        average: figures
            .average
            .map(|(calls, at_most)| Reading::new(MonthlyAverage { calls, at_most }, Origin::Platform, at)),
        expired: expired(&figures.lots, known.now),
        lots: figures.lots.iter().map(|lot| lot_view(lot, outlook.wasted(&lot.id), known.now)).collect(),
        run_out: outlook.run_out(),
        sync: SyncView {
            last_tried: sync.map(|sync| Instant(sync.last_tried)),
            last_ok: sync.and_then(|sync| sync.last_ok).map(Instant),
            running,
            error: sync.and_then(|sync| sync.error.clone()),
            stale: is_stale(figures.read_at, false, known.now),
        },
    }
}

pub(crate) fn typed_view(known: &AccountSnapshot, connection: &Connection, outlook: &Outlook) -> UsageView {
    let at = connection.connected_at;
    let typed = connection.typed.unwrap_or(crate::api::TypedFigures { used: 0, remaining: 0, total: 0 });
    UsageView {
        source: UsageSource::TypedIn,
        used: Reading::new(typed.used, Origin::TypedIn, at),
        remaining: Reading::new(typed.remaining, Origin::TypedIn, at),
        total: Reading::new(typed.total, Origin::TypedIn, at),
        expired: 0,
        average: None,
        lots: Vec::new(),
        run_out: outlook.run_out(),
        sync: SyncView {
            last_tried: None,
            last_ok: Some(Instant(at)),
            running: false,
            error: None,
            stale: is_stale(connection.connected_at, true, known.now),
        },
    }
}

/// Calls that ended unused.
fn expired(lots: &[Lot], now: DateTime<Utc>) -> u64 {
    let ended = lots.iter().filter(|lot| end_of(lot, now) == Some(LotEnd::Expired));
    ended.map(|lot| lot.total.saturating_sub(lot.used)).sum()
}

/// Why nothing of a lot can be used any more. WeChat says only that it is over.
fn end_of(lot: &Lot, now: DateTime<Utc>) -> Option<LotEnd> {
    if lot.state != LotState::Spent {
        return None;
    }
    Some(if lot.used >= lot.total {
        LotEnd::UsedUp
    } else if lot.expires_at.is_none_or(|end| end <= now) {
        LotEnd::Expired
    } else if lot.source == LotSource::Allocated {
        LotEnd::TakenBack
    } else {
        LotEnd::Refunded
    })
}

pub(crate) fn lot_view(lot: &Lot, wasted: Option<u64>, now: DateTime<Utc>) -> LotView {
    let dated = lot.source != LotSource::Trial;
    LotView {
        id: lot.id.clone(),
        source: lot.source,
        state: lot.state,
        total: lot.total,
        used: lot.used,
        remaining: lot.remaining(),
        ended: end_of(lot, now),
        effective_at: dated.then(|| Instant(lot.effective_at)),
        expires_at: lot.expires_at.filter(|_| dated).map(Instant),
        wasted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use billing_core::time::parse_instant;

    #[test]
    fn used_up_expired_refunded_and_taken_back_are_four_things() {
        let at = |text| parse_instant(text).unwrap();
        let now = at("2027-04-08T12:00:00+08:00");
        let (past, ahead) = ("2027-04-08T12:00:00+08:00", "2027-04-08T12:00:01+08:00");
        let cases = [
            (LotState::InEffect, LotSource::Paid, 3, Some(ahead), None),
            (LotState::NotYet, LotSource::Paid, 0, Some(ahead), None),
            (LotState::Spent, LotSource::Trial, 10, None, Some(LotEnd::UsedUp)),
            (LotState::Spent, LotSource::Paid, 10, Some(past), Some(LotEnd::UsedUp)),
            (LotState::Spent, LotSource::Paid, 10, Some(ahead), Some(LotEnd::UsedUp)),
            (LotState::Spent, LotSource::Paid, 9, Some(past), Some(LotEnd::Expired)),
            (LotState::Spent, LotSource::Allocated, 0, Some(past), Some(LotEnd::Expired)),
            (LotState::Spent, LotSource::Allocated, 0, Some(ahead), Some(LotEnd::TakenBack)),
            (LotState::Spent, LotSource::Paid, 0, Some(ahead), Some(LotEnd::Refunded)),
        ];
        let lots = cases.map(|(state, source, used, end, _)| Lot {
            id: "lot".to_owned(),
            source,
            state,
            total: 10,
            used,
            effective_at: at("2026-04-08T12:00:00+08:00"),
            expires_at: end.map(at),
        });
        for (lot, (.., expected)) in lots.iter().zip(&cases) {
            assert_eq!(end_of(lot, now), *expected, "{lot:?}");
        }
        assert_eq!(expired(&lots, now), 1 + 10, "what was refunded or taken back is not lost");
    }
}
