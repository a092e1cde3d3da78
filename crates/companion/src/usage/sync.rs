//! Usage: cached at once, synced behind it.

use std::sync::Arc;

use billing_core::Tariff;
use billing_core::time::beijing_text;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;

use crate::app::Companion;
use crate::clients::wechat::{RecentAverage, RowSource, RowStatus, UsageReading, UsageRow};
use crate::clients::{ClientError, Wechat};
use crate::error::Error;
use crate::forecast::outlook::Outlook;
use crate::onboarding::eligibility::quick_or_error;
use crate::purchasing::orders;
use crate::purchasing::purchase::note_in;
use crate::secrets::{Secret, SecretKind};
use crate::store::accounts::Account;
use crate::store::connections::Connection;
use crate::store::history;
use crate::store::purchases;
use crate::store::readings::{self, Lot, UsageFigures};
use crate::store::syncs::{self, Sync};
use crate::views::{
    ErrorCode, ErrorView, LotSource, LotState, LotView, MonthlyAverage, Origin, Reading, SyncView, Tag,
    UsageSource, UsageView, WizardView,
};
use crate::wechat_auth::tokens::Caller;

/// Readings older than this are shown as old.
pub(crate) const STALE_AFTER: TimeDelta = TimeDelta::hours(6);
/// Figures the shop typed in age more slowly: nobody retypes them every day.
const TYPED_STALE_AFTER: TimeDelta = TimeDelta::days(7);
/// How the trial quota is called, which has no id at WeChat.
const TRIAL: &str = "trial";

/// What is known of an account's usage.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) account: Account,
    pub(crate) facts: crate::onboarding::wizard::Facts,
    pub(crate) figures: Option<UsageFigures>,
    pub(crate) sync: Option<Sync>,
    pub(crate) now: DateTime<Utc>,
    /// The rules' data with the shop's own price list over it.
    pub(crate) tariff: Arc<Tariff>,
}

/// What came of asking for an account's usage, on its way into the store.
#[derive(Debug)]
pub(crate) struct Sighting {
    account: String,
    now: DateTime<Utc>,
    figures: Result<UsageFigures, ErrorView>,
}

impl Companion {
    /// Everything stored about an account's usage.
    pub(crate) async fn known(&self, account: &str) -> Result<Known, Error> {
        let account = self.account(account).await?;
        let facts = self.facts(&account.id).await?;
        let id = account.id.clone();
        let read = self.shared.store.cache(move |db| Ok((readings::of(db, &id)?, syncs::of(db, &id)?)));
        let (figures, sync) = read.await?;
        let now = self.now(account.environment);
        Ok(Known { account, facts, figures, sync, now, tariff: self.tariff() })
    }

    /// The cached lots of an account.
    pub(crate) async fn lots_by_id(&self, account: &str) -> Result<Vec<Lot>, Error> {
        let id = account.to_owned();
        let figures = self.shared.store.cache(move |db| readings::of(db, &id)).await?;
        Ok(figures.map(|figures| figures.lots).unwrap_or_default())
    }

    /// As last read; never waits for the network. `None` until usage was read or typed in once.
    pub async fn get_usage(&self, account: &str) -> Result<Option<UsageView>, Error> {
        let known = self.known(account).await?;
        let outlook = self.outlook(&known).await?;
        Ok(self.usage_view(&known, &outlook))
    }

    pub(crate) fn usage_view(&self, known: &Known, outlook: &Outlook) -> Option<UsageView> {
        let connection = known.facts.connection.as_ref()?;
        let running = self.shared.readings.is_under_way(&known.account.id);
        match (connection.typed, &known.figures) {
            (Some(_), _) => Some(typed_view(known, connection, outlook)),
            (None, Some(figures)) => Some(platform_view(known, connection, figures, outlook, running)),
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
    pub(crate) async fn read_usage(&self, account: &Account, connection: &Connection) -> Result<(), Error> {
        let outcome = self.read_usage_quietly(account, connection, None).await;
        // After the flight has landed, so that whoever reads now does not see it running.
        self.changed(&account.id, &[Tag::Usage]);
        outcome
    }

    /// The same without a word to the pages. With `places`, the platform is asked when one is free.
    pub(crate) async fn read_usage_quietly(
        &self,
        account: &Account,
        connection: &Connection,
        places: Option<&Semaphore>,
    ) -> Result<(), Error> {
        let flight = || async {
            let figures = {
                // Never closed, so that a place is only waited for.
                let _place = match places {
                    Some(places) => places.acquire().await.ok(),
                    None => None,
                };
                self.ask_for_usage(account, connection).await
            };
            let now = self.now(account.environment);
            let figures = match figures {
                Ok((reading, average)) => Ok(figures_from(&account.id, now, reading, average)),
                Err(error) => Err(self.report(&error)),
            };
            let told = figures.as_ref().map(|_| ()).map_err(ErrorView::clone);
            let companion = self.inner();
            let sighting = Sighting { account: account.id.clone(), now, figures };
            let commit = move |batch| {
                let companion = companion.inner();
                async move { companion.store_sightings(batch).await }
            };
            match self.shared.sightings.write(sighting, commit).await {
                Some(Err(view)) => Err(view),
                Some(Ok(())) => told,
                None => Err(self.report(&Error::refused(ErrorCode::Internal))),
            }
        };
        self.shared.readings.run(&account.id, flight).await.map_err(Error::Reported)
    }

    /// Readings that came in together, in one commit on each file.
    async fn store_sightings(&self, batch: Vec<Sighting>) -> Result<(), ErrorView> {
        let batch = Arc::new(batch);
        let read = Arc::clone(&batch);
        let matched = self.shared.store.ledger(move |db| {
            let waiting = purchases::waiting(db)?;
            let mut noted = Vec::new();
            for Sighting { figures, now, account } in read.iter() {
                let Ok(figures) = figures else { continue };
                history::note(db, figures)?;
                let waits = waiting.iter().any(|purchase| purchase.account == *account);
                let arrival = waits && note_in(db, figures, *now)?;
                if orders::note_in(db, figures, *now)? || arrival {
                    noted.push(account.clone());
                }
            }
            Ok(noted)
        });
        let matched = matched.await.map_err(|error| self.report(&error.into()));
        let failure = matched.as_ref().err().cloned();
        let written = self.shared.store.cache(move |db| {
            for Sighting { account, now, figures } in batch.iter() {
                match (figures, &failure) {
                    (Ok(figures), None) => {
                        readings::save(db, figures)?;
                        syncs::succeeded(db, account, *now)?;
                    }
                    (Err(error), _) | (Ok(_), Some(error)) => syncs::failed(db, account, *now, error)?,
                }
            }
            Ok(())
        });
        let written = written.await.map_err(|error| self.report(&error.into()));
        for account in matched? {
            self.changed(&account, &[Tag::Purchase, Tag::Wizard]);
        }
        written
    }

    async fn ask_for_usage(
        &self,
        account: &Account,
        connection: &Connection,
    ) -> Result<(UsageReading, Option<RecentAverage>), Error> {
        if connection.source == UsageSource::MemberCard {
            let key = self.secret(account, SecretKind::MemberCardKey).await?;
            let key = key.ok_or_else(|| Error::refused(ErrorCode::MemberCardNotConnected))?;
            let platform = self.member_card(account.environment)?;
            return platform.wechat_usage(&key).await.map_err(self.client_error(account.environment));
        }
        let caller = Caller::of(account, connection).ok_or_else(|| Error::refused(ErrorCode::NoUsageYet))?;
        let spu_id = quick_or_error()?.spu_id.value.as_str();
        self.ask_wechat(&caller, |wechat, token| async move { ask_both(&wechat, &token, spu_id).await }).await
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

/// The two figures WeChat has for the owner of a mini-program.
pub(crate) async fn ask_both(
    wechat: &Wechat,
    token: &Secret<String>,
    spu_id: &str,
) -> Result<(UsageReading, Option<RecentAverage>), ClientError> {
    let reading = wechat.usage(token, spu_id).await?;
    Ok((reading, wechat.recent_average(token, spu_id).await?))
}

/// A reading as it is stored: lots in the order in which they are consumed.
pub(crate) fn figures_from(
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

/// Whether figures of that age are shown as old.
pub(crate) fn is_stale(read_at: DateTime<Utc>, typed_in: bool, now: DateTime<Utc>) -> bool {
    let fresh = if typed_in { TYPED_STALE_AFTER } else { STALE_AFTER };
    now.signed_duration_since(read_at) > fresh
}

fn platform_view(
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

fn typed_view(known: &Known, connection: &Connection, outlook: &Outlook) -> UsageView {
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
