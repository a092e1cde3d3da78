//! Snapshots from literals, for the tests of views.

use std::sync::Arc;

use billing_core::time::parse_instant;
use billing_core::{Tariff, Yuan};
use chrono::{DateTime, TimeDelta, Utc};

use super::AccountSnapshot;
use crate::api::{
    AccountKind, AcquisitionMode, Environment, ErrorCode, ErrorView, ForecastMethod, LotSource, LotState,
    PurchaseState, Retry, ShopCategory, Subject, TypedFigures, UsageSource,
};
use crate::store::accounts::Account;
use crate::store::answers::{Answers, Declared};
use crate::store::connections::Connection;
use crate::store::member_cards::CardSettings;
use crate::store::outlooks::{FoundOutlook, StoredOutlook};
use crate::store::purchases::Purchase;
use crate::store::readings::{Lot, UsageFigures};
use crate::store::syncs::Sync;

/// An instant in 2026: `11-20T10:00`, Beijing time.
pub(crate) fn at(time: &str) -> DateTime<Utc> {
    parse_instant(&format!("2026-{time}:00+08:00")).unwrap()
}

/// The instant at which samples are looked at.
pub(crate) fn now() -> DateTime<Utc> {
    at("11-20T10:00")
}

/// A new account: nothing was answered, read or bought.
pub(crate) fn fresh() -> AccountSnapshot {
    AccountSnapshot {
        account: Account {
            id: "a".to_owned(),
            name: "晋味小馆".to_owned(),
            kind: AccountKind::MiniProgram,
            environment: Environment::Live,
            created_at: at("10-01T10:00"),
            archived_at: None,
        },
        answers: Answers::fresh("a"),
        connection: None,
        purchase: None,
        figures: None,
        sync: None,
        outlook: None,
        card: None,
        counted_at: None,
        now: now(),
        tariff: Arc::new(Tariff::embedded().clone()),
        errand_price: Yuan::from_fen(billing_core::recommend::BOTHER_FEN),
    }
}

/// An account of such a subject, which pays unless a rule says otherwise.
pub(crate) fn declared(subject: Subject) -> AccountSnapshot {
    let mut known = fresh();
    let category = ShopCategory::Catering;
    known.answers.declared = Some(Declared { subject, category, verified: true });
    known
}

/// An account that pays and is read from WeChat, but was not read yet.
pub(crate) fn connected() -> AccountSnapshot {
    let mut known = declared(Subject::Enterprise);
    known.connection = Some(connection(UsageSource::AppSecret));
    known
}

pub(crate) fn connection(source: UsageSource) -> Connection {
    Connection {
        account: "a".to_owned(),
        source,
        app_id: Some("wx0123456789abcdef".to_owned()),
        connected_at: at("11-01T10:00"),
        typed: None,
    }
}

/// The same, read a while ago, with these lots.
pub(crate) fn read(hours_ago: i64, lots: Vec<Lot>) -> AccountSnapshot {
    let mut known = connected();
    known.figures = Some(UsageFigures {
        account: "a".to_owned(),
        read_at: now() - TimeDelta::hours(hours_ago),
        used: lots.iter().map(|lot| lot.used).sum(),
        total: lots.iter().map(|lot| lot.total).sum(),
        average: None,
        lots,
    });
    known
}

/// An account whose figures were typed in a while ago.
pub(crate) fn typed_in(days_ago: i64, used: u64, remaining: u64) -> AccountSnapshot {
    let mut known = connected();
    known.connection = Some(Connection {
        source: UsageSource::TypedIn,
        app_id: None,
        connected_at: now() - TimeDelta::days(days_ago),
        typed: Some(TypedFigures { used, remaining, total: used + remaining }),
        ..connection(UsageSource::TypedIn)
    });
    known
}

/// A pack in effect since the beginning of November, for a year.
pub(crate) fn lot(id: &str, total: u64, used: u64) -> Lot {
    Lot {
        id: id.to_owned(),
        source: LotSource::Paid,
        state: if used < total { LotState::InEffect } else { LotState::Spent },
        total,
        used,
        effective_at: at("11-01T10:00"),
        expires_at: Some(at("11-01T10:00") + TimeDelta::days(365)),
    }
}

/// What was computed of the days ahead, each day as `2026-12-24`.
pub(crate) fn outlook(earliest: Option<&str>, likely: Option<&str>, latest: Option<&str>) -> StoredOutlook {
    let day = |text: Option<&str>| text.map(|text| text.parse().unwrap());
    StoredOutlook {
        basis: String::new(),
        found: Some(FoundOutlook {
            method: ForecastMethod::FewDays,
            known_days: 9,
            earliest: day(earliest),
            likely: day(likely),
            latest: day(latest),
            by_expiry: false,
            monthly: Some(300),
            monthly_is_estimate: false,
            hardly_exceeded: None,
            lots: Vec::new(),
        }),
    }
}

/// A reading that failed just now.
pub(crate) fn failed(code: ErrorCode) -> Sync {
    let error = ErrorView { retry: Retry::Now, ..ErrorView::new(code, "REF") };
    Sync { last_tried: now(), last_ok: None, error: Some(error), failures: 1 }
}

/// The pack of 1,000 calls for a year, in such a state.
pub(crate) fn purchase(state: PurchaseState) -> Purchase {
    Purchase {
        id: "p".to_owned(),
        account: "a".to_owned(),
        pack: "q-365-1000".to_owned(),
        calls: 1_000,
        days: 365,
        price: Yuan::from_fen(3_000),
        state,
        picked_at: at("11-19T09:00"),
        handed_over_at: (state != PurchaseState::Picked).then(|| at("11-19T10:00")),
        known_lots: Some(Vec::new()),
        known_total: None,
        arrived: None,
        last_checked: None,
    }
}

/// The member-card platform, read a while ago.
pub(crate) fn card(mode: AcquisitionMode, hours_ago: i64) -> CardSettings {
    CardSettings {
        account: "a".to_owned(),
        read_at: now() - TimeDelta::hours(hours_ago),
        mode,
        quota: 500,
        issued: 120,
        remaining: 380,
        sms_balance: 40,
        app_id: "wx0123456789abcdef".to_owned(),
        shop: Some("晋味小馆".to_owned()),
        sighting: "s".to_owned(),
    }
}
