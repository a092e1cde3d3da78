//! What every feature may use: the store, the clients, the keyring, clocks, prices, the events of changes, jobs and
//! locks. What belongs to one feature alone is that feature's own.

use std::ops::Deref;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use billing_core::Tariff;
use chrono::{DateTime, Utc};
use tokio::sync::{OwnedMutexGuard, broadcast};
use url::Url;

use crate::api::{Changed, Environment, ErrorCode, ErrorView, Language, Tag};
use crate::channels::words::MessageWords;
use crate::clients::{ClientError, Hosts, Http, MemberCard, Wechat};
use crate::error::Error;
use crate::infra::backoff::Backoff;
use crate::infra::jobs::{Attempt, Jobs};
use crate::infra::keyed_lock::KeyedLocks;
use crate::infra::tables::TableReader;
use crate::paths::Paths;
use crate::ports::{Clock, Randomness, Timer, new_id};
use crate::secrets::SecretStore;
use crate::store::Store;
use crate::store::accounts::{self, Account};

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

impl Addresses {
    /// One server plays every part, as practice does.
    pub fn of_one_server(base: &Url) -> Self {
        Self {
            wechat_api: base.clone(),
            wechat_api_fallbacks: Vec::new(),
            console: base.clone(),
            member_card: Some(base.clone()),
        }
    }
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
    pub tables: Arc<dyn TableReader>,
    /// Language of the screens until the shop chooses one.
    pub language: Language,
    /// The words of messages to the owner's phone.
    pub words: MessageWords,
    /// The application's version, for the UI.
    pub version: String,
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
    /// Removes from the keyring what an interruption left there.
    LeftSecrets,
    SyncAll,
    /// Reads accounts by itself.
    Schedule,
    Outlooks,
    /// Looks at new readings for what they crossed.
    Alerts,
    /// Sends what waits for a channel.
    Channel(String),
    /// Looks at new readings for what the guard is to do.
    Guard,
    /// Gives an account's lease back at the platform.
    GuardLease(String),
    /// Copies the ledger.
    Backup,
}

/// What every feature may use. Cheap to clone; background work holds a clone, so that its end does not wait for that of
/// the application: see [`Jobs::abort_all`].
#[derive(Clone)]
pub(crate) struct Context(Arc<Parts>);

/// What looks at what is known of the accounts.
type LookAgain = Box<dyn Fn(&Context) + Send + Sync>;

/// What all clones share.
pub(crate) struct Parts {
    pub(crate) setup: Setup,
    pub(crate) store: Store,
    /// Rebuilt when the proxy changes.
    http: RwLock<Http>,
    /// Rebuilt when the shop changes its price list.
    tariff: RwLock<Arc<Tariff>>,
    /// WeChat's addresses, and which of them answers: practice and live.
    wechat_hosts: (Option<Hosts>, Option<Hosts>),
    changes: broadcast::Sender<Changed>,
    /// One at a time: changes of mode of one account, steps of one allocation.
    locks: KeyedLocks,
    /// Background work; ended when the last [`crate::Companion`] is dropped.
    pub(crate) jobs: Jobs<JobKey>,
    /// Put together where the application is.
    look_again: OnceLock<LookAgain>,
}

impl Deref for Context {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Context {
    pub(crate) fn new(setup: Setup, store: Store, http: Http, tariff: Tariff) -> Self {
        let hosts = |platform: &Option<Platform>| {
            let addresses = &platform.as_ref()?.addresses;
            Some(Hosts::new(addresses.wechat_api.clone(), addresses.wechat_api_fallbacks.clone()))
        };
        let wechat_hosts = (hosts(&setup.platforms.practice), hosts(&setup.platforms.live));
        let (changes, _) = broadcast::channel(256);
        let jobs = Jobs::new(Arc::clone(&setup.timer));
        Self(Arc::new(Parts {
            setup,
            store,
            http: RwLock::new(http),
            tariff: RwLock::new(Arc::new(tariff)),
            wechat_hosts,
            changes,
            locks: KeyedLocks::default(),
            jobs,
            look_again: OnceLock::new(),
        }))
    }

    /// Sets what [`Self::look_again`] does, once. It holds no context: that would never end.
    pub(crate) fn set_look_again(&self, act: impl Fn(&Self) + Send + Sync + 'static) {
        // A second time would be another application in the same context, which there is not.
        let _ = self.look_again.set(Box::new(act));
    }

    /// Readings were made or tried, or a mode was changed: forecasts, alerts and guards look at what is known now, in the
    /// background.
    pub(crate) fn look_again(&self) {
        if let Some(act) = self.look_again.get() {
            act(self);
        }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    /// Logs an error under a new reference and makes what the UI gets.
    pub(crate) fn report(&self, error: &Error) -> ErrorView {
        error.report(self.setup.randomness.as_ref())
    }

    /// Waits until nobody else works on what has this key, and holds it until the guard is dropped.
    pub(crate) async fn lock_for(&self, key: &str) -> OwnedMutexGuard<()> {
        self.locks.lock(key).await
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
        self.start_job_that_tells(key, backoff, |_, _| async {}, attempt);
    }

    /// The same, where `failed` shows why the work is not finished.
    pub(crate) fn start_job_that_tells<F, N>(
        &self,
        key: JobKey,
        backoff: Backoff,
        failed: impl Fn(Self, ErrorCode) -> N + Send + Sync + 'static,
        attempt: impl Fn(Self) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = Attempt> + Send + 'static,
        N: Future<Output = ()> + Send + 'static,
    {
        let context = self.clone();
        let failed = {
            let context = self.clone();
            move |error: &Error| {
                let code = context.report(error).code;
                failed(context.clone(), code)
            }
        };
        self.jobs.start(key, backoff, failed, move || attempt(context.clone()));
    }

    pub(crate) fn is_working_on(&self, key: &JobKey) -> bool {
        self.jobs.is_running(key)
    }

    /// Delays for background work that is wanted since `since` on an environment's clock.
    pub(crate) fn backoff(&self, environment: Environment, since: DateTime<Utc>) -> Backoff {
        Backoff::since(since, Arc::clone(self.clock(environment)))
    }

    pub(crate) fn changed(&self, account: &str, tags: &[Tag]) {
        // No listener is fine: a later one reads everything anyway.
        let _ = self.changes.send(Changed { account: Some(account.to_owned()), tags: tags.to_vec() });
    }

    pub(crate) fn changed_everywhere(&self, tags: &[Tag]) {
        let _ = self.changes.send(Changed { account: None, tags: tags.to_vec() });
    }

    pub(crate) async fn account(&self, id: &str) -> Result<Account, Error> {
        let wanted = id.to_owned();
        let found = self.store.ledger(move |db| accounts::find(db, &wanted)).await?;
        found.ok_or_else(|| Error::refused(ErrorCode::NotFound))
    }

    /// The present instant in an environment.
    pub(crate) fn now(&self, environment: Environment) -> DateTime<Utc> {
        self.clock(environment).now()
    }

    fn clock(&self, environment: Environment) -> &Arc<dyn Clock> {
        self.setup.platforms.of(environment).map_or(&self.setup.clock, |platform| &platform.clock)
    }

    pub(crate) fn platform(&self, environment: Environment) -> Result<&Platform, Error> {
        self.setup.platforms.of(environment).ok_or_else(|| {
            Error::refused(match environment {
                Environment::Practice => ErrorCode::PracticeFailed,
                Environment::Live => ErrorCode::Unreachable,
            })
            .retry_now()
        })
    }

    pub(crate) fn http(&self) -> Http {
        self.http.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends requests through another client from now on.
    pub(crate) fn set_http_client(&self, http: Http) {
        *self.http.write().unwrap_or_else(PoisonError::into_inner) = http;
    }

    /// The rules' data, with the shop's own price list over it.
    pub(crate) fn tariff(&self) -> Arc<Tariff> {
        Arc::clone(&self.tariff.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the prices.
    pub(crate) fn set_tariff(&self, tariff: Tariff) {
        *self.tariff.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tariff);
    }

    pub(crate) fn wechat(&self, environment: Environment) -> Result<Wechat, Error> {
        // Where there are no addresses, there is no platform, and that is the error.
        self.platform(environment)?;
        let (practice, live) = &self.wechat_hosts;
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
        new_id(self.setup.clock.as_ref(), self.setup.randomness.as_ref())
    }
}
