//! Messages on their way to receivers that a test scripts, on a clock that only the test moves.

mod adding;
mod changing;
mod once;
mod waiting;

use std::path::Path;
use std::sync::{Arc, Mutex};

use billing_core::alert::Alert;
use billing_core::time::parse_instant;
use billing_core::{CallsTotal, Tariff};
use chrono::TimeDelta;
use serde_json::Value;
use tempfile::TempDir;
use testkit::server::{Answer, Nobody, Request, Server, ok, status};
use testkit::{files_with, until};

use super::delivery::{MONTHLY, resume, send_in_background};
use super::message::tests::words;
use super::page::{add_channel, get_channels, remove_channel, switch_channel, test_channel};
use crate::api::{
    AccountKind, ChannelKind, ChannelView, Environment, ErrorCode, Language, MessageState, Retry,
};
use crate::clients::{Http, HttpLimits};
use crate::context::{Context, JobKey, Platforms, Setup};
use crate::error::Error;
use crate::paths::Paths;
use crate::ports::test_time::Time;
use crate::ports::{Clock as _, SystemRandomness};
use crate::secrets::{FailingSecrets, Failure, Secret, SecretError, SecretName};
use crate::store::accounts::{self, Account};
use crate::store::channels::{self, Problem};
use crate::store::settings::{self, QuietHours, Setting};
use crate::store::{Store, inbox};

const NOON: &str = "2026-03-10T12:00:00+08:00";
const SENT: &str = r#"{"errcode":0,"errmsg":"ok"}"#;

/// A shop with one mini-program.
struct Shop {
    home: TempDir,
    time: Time,
    secrets: Arc<FailingSecrets>,
    context: Context,
}

impl Shop {
    async fn open(start: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let time = Time::at(parse_instant(start).unwrap());
        let secrets = Arc::new(FailingSecrets::new());
        let context = opened(home.path(), &time, &secrets).await;
        let at = time.now();
        let account = Account {
            id: "shop".to_owned(),
            name: "晋味小馆".to_owned(),
            kind: AccountKind::MiniProgram,
            environment: Environment::Live,
            created_at: at,
            archived_at: None,
        };
        context.store.ledger(move |db| accounts::insert(db, &account)).await.unwrap();
        Self { home, time, secrets, context }
    }

    /// The process is killed wherever its work stands, and started again.
    async fn killed(self) -> Self {
        let Self { home, time, secrets, context } = self;
        context.jobs.shut_down().await;
        drop(context);
        let context = opened(home.path(), &time, &secrets).await;
        resume(&context).await.unwrap();
        Self { home, time, secrets, context }
    }

    async fn adds(&self, kind: ChannelKind, path: &str, receiver: &Server) -> String {
        let address = Secret::from(format!("http://{}{path}", receiver.host()));
        self.adds_at(kind, address, None).await.unwrap()
    }

    async fn adds_at(
        &self,
        kind: ChannelKind,
        address: Secret<String>,
        signing: Option<&str>,
    ) -> Result<String, Error> {
        let added = add_channel(&self.context, kind, " 店长群 ", address, signing.map(Secret::from)).await?;
        Ok(added.channels.into_iter().next_back().unwrap().id)
    }

    /// A robot of WeCom's.
    async fn has_robot(&self, receiver: &Server) -> String {
        self.adds(ChannelKind::Wecom, "/cgi-bin/webhook/send?key=planted-key", receiver).await
    }

    /// As many alerts in one commit, as the watch raises them.
    async fn raises(&self, count: usize) {
        let context = self.context.clone();
        let at = self.time.now();
        let write = self.context.store.ledger(move |db| {
            let alert = Alert::PercentLeft { percent: 20, remaining: CallsTotal::default() };
            let mut raised = Vec::new();
            for _ in 0..count {
                let id = context.new_id();
                inbox::add(db, &id, "shop", &alert, at)?;
                raised.push(id);
            }
            channels::queue(db, &raised, at, || context.new_id())
        });
        write.await.unwrap();
        send_in_background(&self.context).await.unwrap();
    }

    async fn view(&self) -> ChannelView {
        get_channels(&self.context).await.unwrap().channels.remove(0)
    }

    /// Lets time pass second by second until something holds.
    async fn in_time<F: Future<Output = bool>>(&self, what: &str, holds: impl Fn() -> F) {
        until(what, || async {
            let over = holds().await;
            if !over {
                self.time.pass(TimeDelta::seconds(1));
            }
            over
        })
        .await;
    }

    /// Waits for the newest message to be in a state.
    async fn is(&self, state: MessageState) {
        self.in_time(&format!("{state:?}"), || async {
            self.view().await.last.is_some_and(|last| last.state == state)
        })
        .await;
    }

    /// Waits until no work is under way for a channel.
    async fn rests(&self, channel: &str) {
        let key = JobKey::Channel(channel.to_owned());
        self.in_time("the work is done", || async { !self.context.is_working_on(&key) }).await;
    }

    async fn is_quiet(&self, from: u32, to: u32) {
        let quiet = Some(QuietHours { from, to });
        self.context.store.ledger(move |db| settings::set_alerting(db, 7, quiet)).await.unwrap();
    }
}

async fn opened(home: &Path, time: &Time, secrets: &Arc<FailingSecrets>) -> Context {
    let paths = Paths::new(home);
    // The one before may be about to free the home.
    until("the home is free", || async { Store::open(&paths).is_ok() }).await;
    let setup = Setup {
        paths: paths.clone(),
        platforms: Platforms::default(),
        secrets: Arc::clone(secrets) as Arc<_>,
        clock: Arc::new(time.clone()),
        timer: Arc::new(time.clone()),
        randomness: Arc::new(SystemRandomness),
        tables: Arc::new(crate::infra::tables::InProcess),
        language: Language::Zh,
        words: words(),
        version: "0.0.0-test".to_owned(),
    };
    let store = Store::open(&paths).unwrap();
    Context::new(setup, store, Http::new(HttpLimits::default()).unwrap(), Tariff::embedded().clone())
}

fn content(request: &Request) -> String {
    let body: Value = serde_json::from_str(&request.body).unwrap();
    body["text"]["content"].as_str().unwrap().to_owned()
}

fn code(outcome: Result<crate::api::ChannelsView, Error>) -> ErrorCode {
    outcome.unwrap_err().code()
}
