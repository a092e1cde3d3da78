use std::sync::{Arc, Mutex, PoisonError, RwLock};

use billing_core::Tariff;
use chrono::{DateTime, Utc};
use tokio::sync::{OwnedMutexGuard, broadcast};
use url::Url;

use crate::api::{Changed, Environment, ErrorCode, ErrorView, Language, Tag};
use crate::bill_check::upload::BillFile;
use crate::bulk::state::Bulk;
use crate::clients::{ClientError, Hosts, Http, HttpLimits, MemberCard, Wechat};
use crate::error::Error;
use crate::infra::backoff::Backoff;
use crate::infra::blocking::run_blocking;
use crate::infra::jobs::{Attempt, Jobs};
use crate::infra::keyed_lock::KeyedLocks;
use crate::infra::single_flight::SingleFlight;
use crate::infra::write_batcher::WriteBatcher;
use crate::member_card::under_way::ChangesUnderWay;
use crate::paths::Paths;
use crate::ports::{Clock, Randomness, Timer, new_id};
use crate::prices::tariff;
use crate::secrets::SecretStore;
use crate::settings::proxy;
use crate::store::Store;
use crate::store::accounts::{self, Account};
use crate::usage::reading::ReadingOutcome;
use crate::usage::sync_run::SyncRun;
use crate::wechat_auth::token_cache::Tokens;

/// Where one environment's platforms are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// WeChat's interface, such as `https://api.weixin.qq.com`.
    pub wechat_api: Url,
    /// Addresses that serve the same when the first cannot be reached, such as `https://api2.weixin.qq.com`.
    pub wechat_api_fallbacks: Vec<Url>,
    /// WeChat's console, such as `https://mp.weixin.qq.com`.
    pub console: Url,
    /// The shop's member-card platform, if there is one.
    pub member_card: Option<Url>,
}

/// One environment: addresses, and the clock that its platforms go by.
#[derive(Debug, Clone)]
pub struct Platform {
    pub addresses: Addresses,
    pub clock: Arc<dyn Clock>,
}

/// The environments that can be reached. A missing one makes its accounts readable, but not syncable.
#[derive(Debug, Clone, Default)]
pub struct Platforms {
    pub practice: Option<Platform>,
    pub live: Option<Platform>,
}

impl Platforms {
    /// The platform of an environment, when it can be reached.
    pub fn of(&self, environment: Environment) -> Option<&Platform> {
        match environment {
            Environment::Practice => self.practice.as_ref(),
            Environment::Live => self.live.as_ref(),
        }
    }
}

/// Everything the application is made of.
#[derive(Debug)]
pub struct Setup {
    pub paths: Paths,
    pub platforms: Platforms,
    pub secrets: Arc<dyn SecretStore>,
    /// This computer's clock, for an environment whose platform is missing.
    pub clock: Arc<dyn Clock>,
    pub timer: Arc<dyn Timer>,
    pub randomness: Arc<dyn Randomness>,
    /// Language of the screens until the shop chooses one.
    pub language: Language,
    /// The application's version, for the UI.
    pub version: String,
}

/// What all clones share.
pub(crate) struct Shared {
    pub(crate) setup: Setup,
    pub(crate) store: Store,
    /// Rebuilt when the proxy changes.
    http: RwLock<Http>,
    /// Rebuilt when the shop changes its price list.
    tariff: RwLock<Arc<Tariff>>,
    /// WeChat's addresses, and which of them answers: practice and live.
    wechat_hosts: (Option<Hosts>, Option<Hosts>),
    changes: broadcast::Sender<Changed>,
    /// Access tokens, in memory only.
    pub(crate) tokens: Tokens,
    /// Usage readings under way.
    pub(crate) readings: SingleFlight<Result<(), ErrorView>>,
    /// Readings on their way into the store.
    pub(crate) sightings: WriteBatcher<ReadingOutcome, Result<(), ErrorView>>,
    /// The sync of all accounts that is under way, or the last one.
    pub(crate) sync_run: Mutex<Option<Arc<SyncRun>>>,
    /// Changes of mode that are being finished.
    pub(crate) mode_changes: ChangesUnderWay,
    /// One at a time: changes of mode of one account, steps of one allocation.
    locks: KeyedLocks,
    pub(crate) bulk: Bulk,
    /// The sign-ups that were handed over last, and for which account.
    pub(crate) bill_file: Mutex<Option<(String, Arc<BillFile>)>>,
    /// Background work; ended when the last [`Companion`] outside it is dropped.
    jobs: Jobs<JobKey>,
}

/// What is worked on in the background: once at a time each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum JobKey {
    /// Watches for the arrival of an account's purchase.
    Purchase(String),
    /// Looks for the refund that an account has asked for.
    Refund(String),
    /// Finishes an account's change of mode.
    ModeChange(String),
    /// Follows an allocation to its end.
    Allocation(String),
    /// Reads an account again to which calls were allocated.
    AllocatedTo(String),
    /// Destroys a removed account.
    Removal(String),
    SyncAll,
    Outlooks,
}

/// Ends the background work when the last handle outside it goes.
struct Guard(Arc<Shared>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.jobs.abort_all();
    }
}

/// The application. Cheap to clone; the last one dropped stops the background work and frees the home directory.
#[derive(Clone)]
pub struct Companion {
    pub(crate) shared: Arc<Shared>,
    /// `None` inside background work, which must not keep itself alive.
    _guard: Option<Arc<Guard>>,
}

impl std::fmt::Debug for Companion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Companion").field("home", &self.shared.setup.paths.home()).finish_non_exhaustive()
    }
}

impl Companion {
    /// Opens the home directory, and takes up what an earlier run left open: waiting purchases and allocations under way.
    /// Needs a tokio runtime, since that is background work.
    ///
    /// # Errors
    /// `already_running`, `database_newer`, `database_damaged`, `disk_read_only`, `disk_full`, `disk_failed`.
    pub async fn open(setup: Setup) -> Result<Self, Error> {
        let paths = setup.paths.clone();
        let store = run_blocking(move || Store::open(&paths)).await??;
        let way_out = store.ledger(proxy::stored).await?;
        let http = Http::through(&way_out, HttpLimits::default())
            .map_err(|error| Error::client(error, setup.clock.now()))?;
        let prices = store.ledger(tariff::stored).await?;
        let hosts = |platform: &Option<Platform>| {
            let addresses = &platform.as_ref()?.addresses;
            Some(Hosts::new(addresses.wechat_api.clone(), addresses.wechat_api_fallbacks.clone()))
        };
        let wechat_hosts = (hosts(&setup.platforms.practice), hosts(&setup.platforms.live));
        let (changes, _) = broadcast::channel(256);
        let jobs = Jobs::new(Arc::clone(&setup.timer));
        let shared = Arc::new(Shared {
            setup,
            store,
            http: RwLock::new(http),
            tariff: RwLock::new(Arc::new(prices)),
            wechat_hosts,
            changes,
            tokens: Tokens::default(),
            readings: SingleFlight::default(),
            sightings: WriteBatcher::default(),
            sync_run: Mutex::default(),
            mode_changes: ChangesUnderWay::default(),
            locks: KeyedLocks::default(),
            bulk: Bulk::default(),
            bill_file: Mutex::default(),
            jobs,
        });
        let companion = Self { _guard: Some(Arc::new(Guard(Arc::clone(&shared)))), shared };
        companion.resume_purchases().await?;
        companion.resume_allocations().await?;
        companion.resume_removals().await?;
        Ok(companion)
    }

    /// Stops the background work, and frees the home directory once every call under way and every other handle is
    /// gone.
    pub async fn close(self) {
        self.shared.jobs.shut_down().await;
    }

    /// Hears of every change from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.shared.changes.subscribe()
    }

    /// Logs an error under a new reference and makes what the UI gets.
    pub fn report(&self, error: &Error) -> ErrorView {
        error.report(self.shared.setup.randomness.as_ref())
    }

    /// A handle that does not keep the application open.
    pub(crate) fn inner(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), _guard: None }
    }

    /// Waits until nobody else works on what has this key, and holds it until the guard is dropped.
    pub(crate) async fn lock_for(&self, key: &str) -> OwnedMutexGuard<()> {
        self.shared.locks.lock(key).await
    }

    /// Makes attempts in the background until one says that the work is done; see [`Jobs::start`]. What fails is reported.
    pub(crate) fn start_job<F>(
        &self,
        key: JobKey,
        backoff: Backoff,
        attempt: impl Fn(Self) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Attempt> + Send + 'static,
    {
        let companion = self.inner();
        let failed = {
            let (companion, key) = (self.inner(), key.clone());
            move |error: &Error| {
                let (companion, key, view) = (companion.inner(), key.clone(), companion.report(error));
                async move { companion.note_failure(&key, view.code).await }
            }
        };
        self.shared.jobs.start(key, backoff, failed, move || attempt(companion.inner()));
    }

    /// Shows why work is not finished, where the shop looks for it.
    async fn note_failure(&self, key: &JobKey, code: ErrorCode) {
        if let JobKey::Allocation(id) = key
            && let Err(error) = self.note_allocation_failure(id, code).await
        {
            self.report(&error);
        }
    }

    pub(crate) fn is_working_on(&self, key: &JobKey) -> bool {
        self.shared.jobs.is_running(key)
    }

    /// Delays for background work that is wanted since `since` on an environment's clock.
    pub(crate) fn backoff(&self, environment: Environment, since: DateTime<Utc>) -> Backoff {
        Backoff::since(since, Arc::clone(self.clock(environment)))
    }

    pub(crate) fn changed(&self, account: &str, tags: &[Tag]) {
        // No listener is fine: a later one reads everything anyway.
        let _ = self.shared.changes.send(Changed { account: Some(account.to_owned()), tags: tags.to_vec() });
    }

    pub(crate) fn changed_everywhere(&self, tags: &[Tag]) {
        let _ = self.shared.changes.send(Changed { account: None, tags: tags.to_vec() });
    }

    pub(crate) async fn account(&self, id: &str) -> Result<Account, Error> {
        let wanted = id.to_owned();
        let found = self.shared.store.ledger(move |db| accounts::find(db, &wanted)).await?;
        found.ok_or_else(|| Error::refused(ErrorCode::NotFound))
    }

    /// The present instant in an environment.
    pub(crate) fn now(&self, environment: Environment) -> DateTime<Utc> {
        self.clock(environment).now()
    }

    fn clock(&self, environment: Environment) -> &Arc<dyn Clock> {
        let setup = &self.shared.setup;
        setup.platforms.of(environment).map_or(&setup.clock, |platform| &platform.clock)
    }

    pub(crate) fn platform(&self, environment: Environment) -> Result<&Platform, Error> {
        self.shared.setup.platforms.of(environment).ok_or_else(|| {
            Error::refused(match environment {
                Environment::Practice => ErrorCode::PracticeFailed,
                Environment::Live => ErrorCode::Unreachable,
            })
            .retry_now()
        })
    }

    fn http(&self) -> Http {
        self.shared.http.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends requests through another client from now on.
    pub(crate) fn set_http_client(&self, http: Http) {
        *self.shared.http.write().unwrap_or_else(PoisonError::into_inner) = http;
    }

    /// The rules' data, with the shop's own price list over it.
    pub(crate) fn tariff(&self) -> Arc<Tariff> {
        Arc::clone(&self.shared.tariff.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the prices.
    pub(crate) fn set_tariff(&self, tariff: Tariff) {
        *self.shared.tariff.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tariff);
    }

    pub(crate) fn wechat(&self, environment: Environment) -> Result<Wechat, Error> {
        // Where there are no addresses, there is no platform, and that is the error.
        self.platform(environment)?;
        let (practice, live) = &self.shared.wechat_hosts;
        let hosts = match environment {
            Environment::Practice => practice,
            Environment::Live => live,
        };
        let hosts = hosts.clone().ok_or_else(|| Error::refused(ErrorCode::Internal))?;
        Ok(Wechat::new(self.http(), hosts))
    }

    /// The member-card platform of an environment. Errors: `member_card_not_connected` when its address is not known.
    pub(crate) fn member_card(&self, environment: Environment) -> Result<MemberCard, Error> {
        let address = self.platform(environment)?.addresses.member_card.clone();
        let address = address.ok_or_else(|| Error::refused(ErrorCode::MemberCardNotConnected))?;
        Ok(MemberCard::new(self.http(), address))
    }

    pub(crate) fn client_error(&self, environment: Environment) -> impl Fn(ClientError) -> Error {
        let now = self.now(environment);
        move |error| Error::client(error, now)
    }

    pub(crate) fn new_id(&self) -> String {
        new_id(self.shared.setup.clock.as_ref(), self.shared.setup.randomness.as_ref())
    }
}
