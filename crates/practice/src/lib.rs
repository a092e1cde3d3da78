//! The other side of the wire: a local stand-in of the WeChat platform and of a member-card platform.
//!
//! Real HTTP on a loopback port, real rules (it charges with `billing-core`), its own SQLite file, no money. It shares
//! no wire structs with the client, so that one mistake cannot hide in both. Time in it can be moved forward.
//!
//! | module | what it stands for |
//! |---|---|
//! | [`api`] | `api.weixin.qq.com`: tokens, usage, code for number, call quotas, bulk purchase |
//! | [`push`] | 消息推送: events to an address that an account configured |
//! | [`console`] | `mp.weixin.qq.com`: sign-in, 付费管理, 开发设置 |
//! | [`phone`] | the administrator's and the customers' phones: 小程序助手, 免费领卡 |
//! | [`member_card`] | the member-card platform: interface and back office |
//! | [`dashboard`] | the start page: what there is, where it is, and how to bring things about |
//! | [`customers`] | customers in numbers: sent at once, or coming as practice time passes |
//! | [`agenda`] | what happens by time alone |
//! | [`admin`], [`faults`], [`variants`] | practice itself: time, traffic, fault switches, forms of answers |
//!
//! What no source says is in [`assumed`], and nowhere else.

#[macro_use]
mod words;

mod admin;
mod agenda;
mod api;
mod assumed;
mod catalogue;
mod charging;
mod clock;
mod component;
mod connection;
mod console;
mod customers;
mod dashboard;
mod faults;
mod guard;
mod ids;
mod member;
mod member_card;
mod model;
mod page_key;
mod pages;
mod phone;
mod platform;
mod push;
mod redact;
mod seed;
mod server;
mod store;
mod variants;

pub use clock::{PracticeClock, TooFarAhead};
pub use ids::known_app_secret;
pub use store::error::DatabaseError;

use billing_core::AccountKind;
use chrono::{DateTime, TimeDelta, Utc};
use faults::Faults;
use page_key::PageKey;
use platform::{NotMoved, Platform};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::time::Duration;
use store::error::StoreError;
use store::numbers::{number, set_number};
use store::{Store, billing, programs};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

/// How to start.
#[derive(Clone, Default)]
pub struct Options {
    /// The SQLite file; its folder is made if it does not exist.
    pub database: PathBuf,
    /// The loopback port; any free one when not given.
    pub port: Option<u16>,
    /// The token of the administration interface; a random, unknown one when not given or empty.
    pub admin_token: Option<String>,
    /// Practice time at the first start of a new database; the machine's when not given.
    pub first_start: Option<DateTime<Utc>>,
    /// Everything is the same each time: practice time moves only when it is moved, and a new database numbers its orders
    /// and packages alike.
    pub reproducible: bool,
    /// Pages open only at the addresses that [`Practice::page`] and [`Practice::opening`] give, and with what these leave in
    /// the browser.
    pub own_windows_only: bool,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("database", &self.database)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Why the practice platform did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Something else listens on the port that was asked for.
    #[error("port {port} is taken")]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The loopback listener or the database's folder could not be made.
    #[error("the practice platform cannot listen: {0}")]
    Io(#[from] io::Error),
}

/// Why practice time was not moved.
#[derive(Debug, thiserror::Error)]
pub enum AdvanceError {
    /// Too far.
    #[error(transparent)]
    TooFarAhead(#[from] TooFarAhead),
    /// The new time could not be stored.
    #[error("practice time could not be stored: {0}")]
    NotStored(String),
}

/// A practice mini-program or mini-game, as far as it is needed to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MiniProgram {
    /// Its AppID.
    pub app_id: String,
    /// Its name.
    pub name: String,
}

/// A running practice platform. Dropping it stops it; [`Practice::shutdown`] waits for the end.
#[derive(Debug)]
pub struct Practice {
    platform: Arc<Platform>,
    base_url: Url,
    mini_programs: Vec<MiniProgram>,
    mini_games: Vec<MiniProgram>,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
    courier: JoinHandle<()>,
    runtime: Option<OwnRuntime>,
}

/// Threads of practice's own. They end in the background, because waiting for them is not allowed in async code.
#[derive(Debug)]
struct OwnRuntime(Option<Runtime>);

impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// How long open connections may take to end.
const GRACE: Duration = Duration::from_secs(2);

impl Practice {
    /// Opens the database, plants the practice mini-programs in a new one, and listens on loopback.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        Self::start_planted(options, None).await
    }

    /// The same for people who develop mini-programs: with as many of them as asked for (at least the first three, at
    /// most 10,000) besides the mini-game, and with AppSecrets and access keys that the start page shows.
    pub async fn start_stand_alone(options: Options, mini_programs: u32) -> Result<Self, StartError> {
        Self::start_planted(options, Some(mini_programs)).await
    }

    /// The same as [`Practice::start`], on threads of its own: nothing it does delays what else runs in the process.
    pub async fn start_apart(options: Options) -> Result<Self, StartError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(4)
            .thread_name("practice")
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        let runtime = OwnRuntime(Some(runtime));
        let mut practice = handle.spawn(Self::start(options)).await.map_err(io::Error::other)??;
        practice.runtime = Some(runtime);
        Ok(practice)
    }

    async fn start_planted(options: Options, stand_alone: Option<u32>) -> Result<Self, StartError> {
        let Options { database, port, admin_token, first_start, reproducible, own_windows_only } = options;
        let listener = bind(port).await?;
        let port = listener.local_addr()?.port();
        let base_url = Url::parse(&format!("http://127.0.0.1:{port}/")).map_err(io::Error::other)?;
        let opened =
            tokio::task::spawn_blocking(move || open(&database, (first_start, reproducible), stand_alone))
                .await
                .map_err(io::Error::other)?;
        let Opened { store, clock, mini_programs, mini_games, has_traffic } = opened?;
        let admin_token = admin_token.filter(|token| !token.is_empty()).unwrap_or_else(ids::secret);
        let faults = Faults::new(api::paths().chain(member_card::api::PATHS));
        let page_key = own_windows_only.then(PageKey::new);
        let platform = Platform::new(store, clock, port, &admin_token, faults, has_traffic, page_key);
        let platform = Arc::new(platform);
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(server::serve(listener, Arc::clone(&platform), stopped));
        tokio::spawn(let_customers_come(Arc::downgrade(&platform)));
        let courier = tokio::spawn(push::courier::run(Arc::clone(&platform)));
        tracing::info!(port, "practice platform started");
        let stop = Some(stop);
        Ok(Self { platform, base_url, mini_programs, mini_games, stop, served, courier, runtime: None })
    }

    /// Where it listens: `http://127.0.0.1:PORT/`.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Practice time.
    pub fn now(&self) -> DateTime<Utc> {
        self.platform.clock.now()
    }

    /// A handle that shows practice time.
    pub fn clock(&self) -> PracticeClock {
        self.platform.clock.clone()
    }

    /// Moves practice time forward by whole seconds; returns the new time. A restart does not change it.
    pub async fn advance(&self, step: Duration) -> Result<DateTime<Utc>, AdvanceError> {
        customers::time::advance(&self.platform, step).await.map_err(|error| match error {
            NotMoved::TooFar(too_far) => too_far.into(),
            NotMoved::Store(store) => AdvanceError::NotStored(store.to_string()),
        })
    }

    /// The practice mini-programs, in their order.
    pub fn mini_programs(&self) -> Vec<MiniProgram> {
        self.mini_programs.clone()
    }

    /// The practice mini-games, in their order.
    pub fn mini_games(&self) -> Vec<MiniProgram> {
        self.mini_games.clone()
    }

    /// The AppID of the mini-program or mini-game that an account is about: the connected one, else the one with the
    /// account's name, else the first mini-program.
    pub fn app_id_of(&self, connected: Option<String>, account: &str) -> Option<String> {
        let named = || {
            let mut all = self.mini_programs.iter().chain(&self.mini_games);
            all.find(|program| program.name == account).or(self.mini_programs.first())
        };
        connected.or_else(|| named().map(|program| program.app_id.clone()))
    }

    /// The address of one of the pages below `/practice`, of a mini-program's own where it is about one.
    pub fn page(&self, name: &str, app_id: Option<&str>) -> Url {
        let mut address = self.base_url.clone();
        // Fails only for an address without a path, which this one has.
        if let Ok(mut path) = address.path_segments_mut() {
            path.clear().extend(["practice", name].into_iter().chain(app_id));
        }
        self.opening(address)
    }

    /// An address of this platform, such as one of its console, as a window is to be opened with it.
    pub fn opening(&self, mut address: Url) -> Url {
        if let Some(key) = &self.platform.page_key {
            key.put_into(&mut address);
        }
        address
    }

    /// Stops listening and closes the database. Connections that do not end by themselves are cut.
    pub async fn shutdown(mut self) {
        // What it has not delivered is delivered after the next start.
        self.courier.abort();
        if let Some(stop) = self.stop.take() {
            // Fails only if the server has stopped already.
            let _ = stop.send(());
        }
        if tokio::time::timeout(GRACE, &mut self.served).await.is_err() {
            self.served.abort();
            let _ = (&mut self.served).await;
        }
        let platform = Arc::clone(&self.platform);
        // Only fails when the runtime is going down, and then the file is closed with everything else.
        let _ = tokio::task::spawn_blocking(move || platform.close()).await;
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        self.courier.abort();
        if self.stop.is_some() {
            self.served.abort();
            self.platform.close();
        }
    }
}

/// Customers who come by themselves do so within this time of when they are due.
const TICK: Duration = Duration::from_secs(1);

async fn let_customers_come(platform: Weak<Platform>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // The platform is gone or closed; any other failure is in the log, and the next tick repeats it.
        let Some(platform) = platform.upgrade() else { return };
        if let Err(StoreError::Stopped) = customers::time::catch_up(&platform).await {
            return;
        }
    }
}

async fn bind(port: Option<u16>) -> Result<TcpListener, StartError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or(0)));
    TcpListener::bind(address).await.map_err(|error| match (error.kind(), port) {
        (io::ErrorKind::AddrInUse, Some(port)) => StartError::PortTaken { port },
        _ => StartError::Io(error),
    })
}

/// What is known once the database is open.
struct Opened {
    store: Store,
    clock: PracticeClock,
    mini_programs: Vec<MiniProgram>,
    mini_games: Vec<MiniProgram>,
    has_traffic: bool,
}

fn open(
    database: &std::path::Path,
    start: (Option<DateTime<Utc>>, bool),
    stand_alone: Option<u32>,
) -> Result<Opened, StartError> {
    if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(folder_error)?;
    }
    let store = Store::open(database)?;
    prepare(store, start, stand_alone).map_err(|error| match error {
        StoreError::Database(error) => DatabaseError::from(error).into(),
        other => DatabaseError::Damaged(other.to_string()).into(),
    })
}

fn folder_error(error: io::Error) -> StartError {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => DatabaseError::ReadOnly.into(),
        io::ErrorKind::StorageFull => DatabaseError::Full.into(),
        _ => StartError::Io(error),
    }
}

fn prepare(
    mut store: Store,
    (first_start, reproducible): (Option<DateTime<Utc>>, bool),
    stand_alone: Option<u32>,
) -> Result<Opened, StoreError> {
    let system_now = clock::system_now();
    let first_start = first_start.unwrap_or(system_now);
    store.write(|connection, accounts| {
        if seed::plant(connection, accounts, first_start)? {
            set_number(connection, platform::CLOCK_OFFSET, (first_start - system_now).num_seconds())?;
            ids::begin(connection, reproducible)?;
        }
        let offset = number(connection, platform::CLOCK_OFFSET)?.unwrap_or(0);
        seed::plant_game(connection, accounts, system_now + TimeDelta::seconds(offset))?;
        if let Some(mini_programs) = stand_alone {
            seed::many::plant(connection, accounts, mini_programs, first_start)?;
            seed::hand_out_known_secrets(connection, first_start)?;
        }
        agenda::after_write(connection, accounts)
    })?;
    let (clock, programs, has_traffic) = store.read(|connection, _| {
        let offset = number(connection, platform::CLOCK_OFFSET)?.unwrap_or(0);
        let clock = PracticeClock::new(
            offset,
            billing::last_event_at(connection)?,
            reproducible.then_some(system_now),
        );
        Ok((clock, programs::all(connection)?, !store::traffic::all(connection)?.is_empty()))
    })?;
    let of_kind = |kind| {
        let programs = programs.iter().filter(move |each| each.kind == kind);
        programs.map(|each| MiniProgram { app_id: each.app_id.clone(), name: each.name.clone() }).collect()
    };
    let (mini_programs, mini_games) = (of_kind(AccountKind::MiniProgram), of_kind(AccountKind::MiniGame));
    Ok(Opened { store, clock, mini_programs, mini_games, has_traffic })
}
