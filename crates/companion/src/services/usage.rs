//! Usage: cached at once, synced behind it.

use billing_core::time::beijing_text;
use chrono::{DateTime, TimeDelta, Utc};

use crate::clients::wechat::{RecentAverage, RowSource, RowStatus, UsageReading, UsageRow};
use crate::companion::Companion;
use crate::error::Error;
use crate::secrets::SecretKind;
use crate::services::advice::Outlook;
use crate::services::eligibility::quick_or_error;
use crate::store::accounts::Account;
use crate::store::connections::Connection;
use crate::store::readings::{self, Lot, UsageFigures};
use crate::store::syncs::{self, Sync};
use crate::views::{
    ErrorCode, LotSource, LotState, LotView, MonthlyAverage, Origin, Reading, SyncView, Tag, UsageSource,
    UsageView, WizardView,
};

/// Readings older than this are shown as old.
const STALE_AFTER: TimeDelta = TimeDelta::hours(6);
/// Figures the shop typed in age more slowly: nobody retypes them every day.
const TYPED_STALE_AFTER: TimeDelta = TimeDelta::days(7);
/// How the trial quota is called, which has no id at WeChat.
const TRIAL: &str = "trial";

/// What is known of an account's usage.
pub(super) struct Known {
    pub(super) account: Account,
    pub(super) facts: super::wizard::Facts,
    pub(super) figures: Option<UsageFigures>,
    pub(super) sync: Option<Sync>,
    pub(super) now: DateTime<Utc>,
}

impl Companion {
    /// Everything stored about an account's usage.
    pub(super) async fn known(&self, account: &str) -> Result<Known, Error> {
        let account = self.account(account).await?;
        let facts = self.facts(&account.id).await?;
        let id = account.id.clone();
        let read = self.shared.store.cache(move |db| Ok((readings::of(db, &id)?, syncs::of(db, &id)?)));
        let (figures, sync) = read.await?;
        let now = self.now(account.environment);
        Ok(Known { account, facts, figures, sync, now })
    }

    /// The cached lots of an account.
    pub(super) async fn lots_by_id(&self, account: &str) -> Result<Vec<Lot>, Error> {
        let id = account.to_owned();
        let figures = self.shared.store.cache(move |db| readings::of(db, &id)).await?;
        Ok(figures.map(|figures| figures.lots).unwrap_or_default())
    }

    /// As last read; never waits for the network. `None` until usage was read or typed in once.
    pub async fn get_usage(&self, account: &str) -> Result<Option<UsageView>, Error> {
        let known = self.known(account).await?;
        Ok(self.usage_view(&known))
    }

    pub(super) fn usage_view(&self, known: &Known) -> Option<UsageView> {
        let connection = known.facts.connection.as_ref()?;
        let running = self.shared.readings.is_under_way(&known.account.id);
        match (connection.typed, &known.figures) {
            (Some(_), _) => Some(typed_view(known, connection)),
            (None, Some(figures)) => Some(platform_view(known, connection, figures, running)),
            (None, None) => None,
        }
    }

    /// Reads the platform again; callers at the same time share one reading. Errors: `no_usage_yet` without a
    /// connection, everything the platform can say, `keyring_…`.
    pub async fn sync_usage(&self, account: &str) -> Result<UsageView, Error> {
        let known = self.known(account).await?;
        let connection =
            known.facts.connection.as_ref().ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))?;
        if connection.source != UsageSource::TypedIn {
            self.read_usage(&known.account, connection).await?;
        }
        self.get_usage(account).await?.ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))
    }

    /// One reading: asked, stored, matched with a waiting purchase; its outcome stored too.
    pub(super) async fn read_usage(&self, account: &Account, connection: &Connection) -> Result<(), Error> {
        let flight = || async {
            let outcome = self.read_and_store(account, connection).await;
            let now = self.now(account.environment);
            let id = account.id.clone();
            let told = outcome.map_err(|error| self.report(&error));
            let stored = told.clone();
            let write = self.shared.store.cache(move |db| match &stored {
                Ok(()) => syncs::succeeded(db, &id, now),
                Err(error) => syncs::failed(db, &id, now, error),
            });
            match (write.await, told) {
                (Err(error), Ok(())) => Err(self.report(&error.into())),
                (_, told) => told,
            }
        };
        let outcome = self.shared.readings.run(&account.id, flight).await;
        // After the flight has landed, so that whoever reads now does not see it running.
        self.changed(&account.id, &[Tag::Usage]);
        outcome.map_err(Error::Reported)
    }

    async fn read_and_store(&self, account: &Account, connection: &Connection) -> Result<(), Error> {
        let (reading, average) = self.ask_for_usage(account, connection).await?;
        let figures = figures_from(&account.id, self.now(account.environment), reading, average);
        let stored = figures.clone();
        self.shared.store.cache(move |db| readings::save(db, &stored)).await?;
        self.note_arrival(account, &figures).await
    }

    async fn ask_for_usage(
        &self,
        account: &Account,
        connection: &Connection,
    ) -> Result<(UsageReading, Option<RecentAverage>), Error> {
        match (connection.source, &connection.app_id) {
            (UsageSource::AppSecret, Some(app_id)) => {
                let spu_id = quick_or_error()?.spu_id.value.as_str();
                self.ask_wechat(account, app_id, |wechat, token| async move {
                    let reading = wechat.usage(&token, spu_id).await?;
                    Ok((reading, wechat.recent_average(&token, spu_id).await?))
                })
                .await
            }
            (UsageSource::MemberCard, _) => {
                let key = self.secret(account, SecretKind::MemberCardKey).await?;
                let key = key.ok_or_else(|| Error::refused(ErrorCode::MemberCardNotConnected))?;
                let platform = self.member_card(account.environment)?;
                platform.wechat_usage(&key).await.map_err(self.client_error(account.environment))
            }
            (UsageSource::AppSecret | UsageSource::TypedIn, _) => Err(Error::refused(ErrorCode::NoUsageYet)),
        }
    }

    /// Step 7 is done. Errors: `step_not_ready` before usage is known.
    pub async fn confirm_usage_seen(&self, account: &str) -> Result<WizardView, Error> {
        let known = self.known(account).await?;
        if known.facts.connection.is_none() {
            return Err(Error::refused(ErrorCode::StepNotReady));
        }
        self.answer(&known.account.id, move |answers| {
            answers.usage_seen_at.get_or_insert(known.now);
        })
        .await
    }
}

/// A reading as it is stored: lots in the order in which they are consumed.
pub(super) fn figures_from(
    account: &str,
    now: DateTime<Utc>,
    reading: UsageReading,
    average: Option<RecentAverage>,
) -> UsageFigures {
    let mut lots: Vec<Lot> = reading.rows.into_iter().map(lot_from).collect();
    // Billing rules 5.3: trial first, then by earliest end; ties by earlier start, then id. Spent ones last.
    lots.sort_by(|a, b| {
        let key = |lot: &Lot| {
            let place = match lot.state {
                LotState::InEffect => 0,
                LotState::NotYet => 1,
                LotState::Spent => 2,
            };
            let end = lot.expires_at.unwrap_or(DateTime::<Utc>::MAX_UTC);
            (place, lot.source != LotSource::Trial, end, lot.effective_at)
        };
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    UsageFigures {
        account: account.to_owned(),
        read_at: reading.as_of.unwrap_or(now),
        used: reading.effective_use,
        total: reading.all,
        average: average.map(|average| (average.calls, average.at_most)),
        lots,
    }
}

fn lot_from(row: UsageRow) -> Lot {
    let trial = row.pkg_id.is_empty() || row.source == Some(RowSource::Trial);
    let source = match row.source {
        _ if trial => LotSource::Trial,
        Some(RowSource::Paid) => LotSource::Paid,
        Some(RowSource::Allocated) => LotSource::Allocated,
        Some(RowSource::Trial | RowSource::Other) | None => LotSource::Other,
    };
    // WeChat has no status for "used up" (reference 1.1).
    let state = match row.status {
        RowStatus::InForce if row.used < row.all => LotState::InEffect,
        RowStatus::NotYet => LotState::NotYet,
        RowStatus::InForce | RowStatus::Lapsed => LotState::Spent,
    };
    let id = if row.pkg_id.is_empty() { TRIAL.to_owned() } else { row.pkg_id };
    Lot { id, source, state, total: row.all, used: row.used, effective_at: row.start, expires_at: row.end }
}

fn platform_view(known: &Known, connection: &Connection, figures: &UsageFigures, running: bool) -> UsageView {
    let at = beijing_text(figures.read_at);
    let outlook = Outlook::of(known);
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
            stale: known.now.signed_duration_since(figures.read_at) > STALE_AFTER,
        },
    }
}

fn typed_view(known: &Known, connection: &Connection) -> UsageView {
    let at = beijing_text(connection.connected_at);
    let typed = connection.typed.unwrap_or(crate::views::TypedFigures { used: 0, remaining: 0, total: 0 });
    UsageView {
        source: UsageSource::TypedIn,
        used: Reading::new(typed.used, Origin::TypedIn, &at),
        remaining: Reading::new(typed.remaining, Origin::TypedIn, &at),
        total: Reading::new(typed.total, Origin::TypedIn, &at),
        average: None,
        lots: Vec::new(),
        run_out: Outlook::of(known).run_out(),
        sync: SyncView {
            last_tried: None,
            last_ok: Some(at),
            running: false,
            error: None,
            stale: known.now.signed_duration_since(connection.connected_at) > TYPED_STALE_AFTER,
        },
    }
}

pub(super) fn lot_view(lot: &Lot, wasted: Option<u64>) -> LotView {
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
