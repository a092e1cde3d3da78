//! The whole application above a server that answers as told.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use companion::api::{Environment, ErrorCode, Language, ShopCategory, Subject};
use companion::ports::{Clock, SystemClock, SystemRandomness, Timer};
use companion::secrets::{FailingSecrets, Secret};
use companion::{Addresses, Authorisation, Companion, Paths, Platform, Platforms, Setup};
use tempfile::TempDir;

use crate::logs;
use crate::operations::{APP_ID, APP_SECRET, COMPONENT_TOKEN, REFRESH_TOKEN};
use crate::server::Server;

/// A hundred times as fast as life.
#[derive(Debug)]
struct Hurried;

impl Timer for Hurried {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(duration / 100))
    }
}

/// Time that stands still.
#[derive(Debug)]
pub(crate) struct Still(pub(crate) DateTime<Utc>);

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// An application, and what it needs to exist.
pub(crate) struct Application {
    pub(crate) companion: Companion,
    pub(crate) secrets: Arc<FailingSecrets>,
    _home: TempDir,
}

impl Application {
    pub(crate) async fn above(server: &Server) -> Self {
        Self::at(server, Arc::new(SystemClock)).await
    }

    /// The same with a clock of its own for the platform.
    pub(crate) async fn at(server: &Server, clock: Arc<dyn Clock>) -> Self {
        logs::capture();
        let (home, secrets) = (tempfile::tempdir().unwrap(), Arc::new(FailingSecrets::new()));
        let platform = Platform {
            addresses: Addresses {
                wechat_api: server.url(),
                wechat_api_fallbacks: Vec::new(),
                console: server.url(),
                member_card: Some(server.url()),
            },
            clock,
        };
        let setup = Setup {
            paths: Paths::new(home.path().join("app")),
            platforms: Platforms { practice: None, live: Some(platform) },
            secrets: Arc::clone(&secrets) as Arc<_>,
            clock: Arc::new(SystemClock),
            timer: Arc::new(Hurried),
            randomness: Arc::new(SystemRandomness),
            language: Language::Zh,
            version: "0.0.0-test".to_owned(),
        };
        Self { companion: Companion::open(setup).await.unwrap(), secrets, _home: home }
    }

    /// An account that may be connected.
    pub(crate) async fn account(&self) -> String {
        let account = self.companion.start_account(Environment::Live, "晋味小馆").await.unwrap().account;
        let decided =
            self.companion.decide_eligibility(&account, Subject::Enterprise, ShopCategory::Catering, true);
        decided.await.unwrap();
        account
    }

    /// An account that is connected by its AppSecret.
    pub(crate) async fn connected(&self) -> String {
        let account = self.account().await;
        self.companion.connect_app_secret(&account, APP_ID, Secret::from(APP_SECRET)).await.unwrap();
        account
    }

    /// Connects by an authorisation; the error if there is one.
    pub(crate) async fn authorise(&self, account: &str) -> Result<(), ErrorCode> {
        let authorisation = Authorisation {
            component_app_id: "wxfacade0000000099".to_owned(),
            component_access_token: Secret::from(COMPONENT_TOKEN),
            app_id: APP_ID.to_owned(),
            refresh_token: Secret::from(REFRESH_TOKEN),
        };
        let connected = self.companion.connect_authorisation(account, authorisation).await;
        connected.map(drop).map_err(|error| error.code())
    }
}
