//! The whole application above a server that answers as told.

use std::sync::Arc;

use companion::api::{AccountKind, Environment, ErrorCode, ShopCategory, Subject};
use companion::ports::{Clock, SystemClock};
use companion::secrets::{FailingSecrets, Secret};
use companion::{Addresses, Authorisation, Companion, Platform, Platforms, Setup};
use tempfile::TempDir;
use testkit::clocks::Hurried;
use testkit::server::Server;

use crate::logs;
use crate::operations::{APP_ID, APP_SECRET, COMPONENT_TOKEN, REFRESH_TOKEN};

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
        let platform = Platform { addresses: Addresses::of_one_server(&server.url()), clock };
        let platforms = Platforms { practice: None, live: Some(platform) };
        let setup = Setup {
            secrets: Arc::clone(&secrets) as Arc<_>,
            timer: Arc::new(Hurried),
            ..testkit::setup(&home.path().join("app"), platforms)
        };
        Self { companion: Companion::open(setup).await.unwrap(), secrets, _home: home }
    }

    /// An account that may be connected.
    pub(crate) async fn account(&self) -> String {
        let account = self
            .companion
            .start_account(Environment::Live, AccountKind::MiniProgram, "晋味小馆")
            .await
            .unwrap()
            .account;
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
