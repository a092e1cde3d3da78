use std::sync::Arc;

use tokio::sync::broadcast;
use url::Url;

use crate::error::Error;
use crate::paths::Paths;
use crate::ports::{Clock, Randomness, Timer};
use crate::secrets::SecretStore;
use crate::views::{Changed, Environment, ErrorView, Language};

/// Where one environment's platforms are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// WeChat's interface, such as `https://api.weixin.qq.com`.
    pub wechat_api: Url,
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

pub(crate) struct Shared {
    pub(crate) setup: Setup,
    pub(crate) changes: broadcast::Sender<Changed>,
}

/// The application. Cheap to clone; the last one dropped stops the background work and frees the home directory.
#[derive(Clone)]
pub struct Companion {
    pub(crate) shared: Arc<Shared>,
}

impl std::fmt::Debug for Companion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Companion").field("home", &self.shared.setup.paths.home()).finish_non_exhaustive()
    }
}

impl Companion {
    /// Opens the home directory. Needs a tokio runtime, since background work starts here.
    ///
    /// # Errors
    /// `already_running`, `database_newer`, `database_damaged`, `disk_read_only`, `disk_full`, `disk_failed`.
    pub async fn open(setup: Setup) -> Result<Self, Error> {
        let (changes, _) = broadcast::channel(256);
        Ok(Self { shared: Arc::new(Shared { setup, changes }) })
    }

    /// Stops the background work and frees the home directory once every call under way has ended.
    pub async fn close(self) {}

    /// Hears of every change from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.shared.changes.subscribe()
    }

    /// Logs an error under a new reference and makes what the UI gets.
    pub fn report(&self, error: &Error) -> ErrorView {
        error.report(self.shared.setup.randomness.as_ref())
    }
}
