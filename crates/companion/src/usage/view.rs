//! Usage in the words of the page.

use billing_core::time::beijing_text;

use crate::forecast::outlook::Outlook;
use crate::snapshot::{Known, is_stale};
use crate::store::connections::Connection;
use crate::store::readings::{Lot, UsageFigures};
use crate::views::{LotSource, LotView, MonthlyAverage, Origin, Reading, SyncView, UsageSource, UsageView};

pub(crate) fn platform_view(
    known: &Known,
    connection: &Connection,
    figures: &UsageFigures,
    outlook: &Outlook,
    running: bool,
) -> UsageView {
    let at = beijing_text(figures.read_at);
    let sync = known.sync.as_ref();
    UsageView {
        source: connection.source,
        used: Reading::new(figures.used, Origin::Platform, &at),
        remaining: Reading::new(figures.remaining(), Origin::Derived, &at),
        total: Reading::new(figures.total, Origin::Platform, &at),
        average: figures
            .average
            .map(|(calls, at_most)| Reading::new(MonthlyAverage { calls, at_most }, Origin::Platform, &at)),
        lots: figures.lots.iter().map(|lot| lot_view(lot, outlook.wasted(&lot.id))).collect(),
        run_out: outlook.run_out(),
        sync: SyncView {
            last_tried: sync.map(|sync| beijing_text(sync.last_tried)),
            last_ok: sync.and_then(|sync| sync.last_ok).map(beijing_text),
            running,
            error: sync.and_then(|sync| sync.error.clone()),
            stale: is_stale(figures.read_at, false, known.now),
        },
    }
}

pub(crate) fn typed_view(known: &Known, connection: &Connection, outlook: &Outlook) -> UsageView {
    let at = beijing_text(connection.connected_at);
    let typed = connection.typed.unwrap_or(crate::views::TypedFigures { used: 0, remaining: 0, total: 0 });
    UsageView {
        source: UsageSource::TypedIn,
        used: Reading::new(typed.used, Origin::TypedIn, &at),
        remaining: Reading::new(typed.remaining, Origin::TypedIn, &at),
        total: Reading::new(typed.total, Origin::TypedIn, &at),
        average: None,
        lots: Vec::new(),
        run_out: outlook.run_out(),
        sync: SyncView {
            last_tried: None,
            last_ok: Some(at),
            running: false,
            error: None,
            stale: is_stale(connection.connected_at, true, known.now),
        },
    }
}

pub(crate) fn lot_view(lot: &Lot, wasted: Option<u64>) -> LotView {
    let dated = lot.source != LotSource::Trial;
    LotView {
        id: lot.id.clone(),
        source: lot.source,
        state: lot.state,
        total: lot.total,
        used: lot.used,
        remaining: lot.remaining(),
        effective_at: dated.then(|| beijing_text(lot.effective_at)),
        expires_at: lot.expires_at.filter(|_| dated).map(beijing_text),
        wasted,
    }
}
