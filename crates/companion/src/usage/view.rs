//! Usage in the words of the page.

use chrono::{DateTime, Utc};

use crate::api::{
    Instant, LotEnd, LotSource, LotState, LotView, MonthlyAverage, Origin, Reading, SyncView, TypedFigures,
    UsageSource, UsageView,
};
use crate::forecast::outlook::Outlook;
use crate::snapshot::{AccountSnapshot, is_stale};
use crate::store::connections::Connection;
use crate::store::readings::{Lot, UsageFigures};

/// `running`: a reading is under way. `None` until usage was read or typed in once.
pub(crate) fn usage_view(known: &AccountSnapshot, outlook: &Outlook, running: bool) -> Option<UsageView> {
    let connection = known.connection.as_ref()?;
    match (connection.typed, &known.figures) {
        (Some(typed), _) => Some(typed_view(known, connection, typed, outlook)),
        (None, Some(figures)) => Some(platform_view(known, connection, figures, outlook, running)),
        (None, None) => None,
    }
}

fn platform_view(
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
        monthly: outlook.monthly(),
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

fn typed_view(
    known: &AccountSnapshot,
    connection: &Connection,
    typed: TypedFigures,
    outlook: &Outlook,
) -> UsageView {
    let at = connection.connected_at;
    UsageView {
        source: UsageSource::TypedIn,
        used: Reading::new(typed.used, Origin::TypedIn, at),
        remaining: Reading::new(typed.remaining, Origin::TypedIn, at),
        total: Reading::new(typed.total, Origin::TypedIn, at),
        expired: 0,
        average: None,
        monthly: outlook.monthly(),
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
pub(crate) fn end_of(lot: &Lot, now: DateTime<Utc>) -> Option<LotEnd> {
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

fn lot_view(lot: &Lot, wasted: Option<u64>, now: DateTime<Utc>) -> LotView {
    let dated = lot.source != LotSource::Trial;
    LotView {
        id: lot.id.clone(),
        source: lot.source,
        state: lot.state,
        total: lot.total,
        used: lot.used,
        remaining: lot.remaining(),
        ended: end_of(lot, now),
        effective_at: dated.then_some(Instant(lot.effective_at)),
        expires_at: lot.expires_at.filter(|_| dated).map(Instant),
        wasted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ErrorCode;
    use crate::snapshot::samples::{self, connected, failed, lot, typed_in};
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

    /// Remaining, origin, stale, running and error of a view; `None` where there is none.
    type Row = Option<(u64, Origin, bool, bool, Option<ErrorCode>)>;

    fn row(known: &AccountSnapshot, running: bool) -> Row {
        let view = usage_view(known, &Outlook::default(), running)?;
        let sync = view.sync;
        let error = sync.error.map(|error| error.code);
        Some((view.remaining.value, view.remaining.origin, sync.stale, sync.running, error))
    }

    #[test]
    fn what_is_not_known_is_not_shown_as_zero() {
        let lots = || vec![lot("p1", 1_000, 400)];
        let failed =
            |known: AccountSnapshot| AccountSnapshot { sync: Some(failed(ErrorCode::Timeout)), ..known };
        let unread = usage_view(&samples::read(1, lots()), &Outlook::default(), false).unwrap();
        assert_eq!((unread.average, unread.run_out), (None, None));
        assert_eq!(unread.lots[0].wasted, None);
        let rows: [(AccountSnapshot, bool, Row); 8] = [
            (samples::fresh(), false, None),
            (connected(), true, None),
            (failed(connected()), false, None),
            (samples::read(1, lots()), false, Some((600, Origin::Derived, false, false, None))),
            (samples::read(7, lots()), true, Some((600, Origin::Derived, true, true, None))),
            (
                failed(samples::read(7, lots())),
                false,
                Some((600, Origin::Derived, true, false, Some(ErrorCode::Timeout))),
            ),
            (
                samples::read(1, vec![lot("p1", 10, 10)]),
                false,
                Some((0, Origin::Derived, false, false, None)),
            ),
            (typed_in(8, 70, 30), true, Some((30, Origin::TypedIn, true, false, None))),
        ];
        for (number, (known, running, expected)) in rows.into_iter().enumerate() {
            assert_eq!(row(&known, running), expected, "row {number}");
        }
    }

    #[test]
    fn figures_that_are_typed_in_hide_those_that_were_read() {
        let figures = samples::read(1, vec![lot("p1", 1_000, 400)]).figures;
        let known = AccountSnapshot { figures, ..typed_in(6, 70, 30) };
        let view = usage_view(&known, &Outlook::default(), false).unwrap();
        assert_eq!((view.used.value, view.total.value, view.lots.len()), (70, 100, 0));
        assert_eq!((view.source, view.sync.stale), (UsageSource::TypedIn, false));
    }
}
