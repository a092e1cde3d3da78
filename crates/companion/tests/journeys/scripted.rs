//! A WeChat whose lots and answers a test writes down, and a time that only the test moves: what practice never shows.

use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use billing_core::time::parse_instant;
use chrono::{DateTime, TimeDelta, Utc};
use companion::api::{
    AccountKind, AllocationView, Environment, OrderView, PickedShare, SendAnswer, ShopCategory, Subject,
};
use companion::ports::{Clock, Timer};
use companion::secrets::{FailingSecrets, Secret};
use companion::{Addresses, Companion, Error, Platform, Platforms, Setup, StoreError};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::server::{Answer, Request, Server, ok, status};
use tokio::sync::watch;

pub(crate) const APP_ID: &str = "wxfacade0000000011";
pub(crate) const PROVIDER_APP_ID: &str = "wxfacade00000000a1";
const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";
/// The one bulk order, of 100,000 calls, and the one pack it can be turned into: 250 calls for 90 days.
pub(crate) const ORDER: &str = "DD1000000000000000003";
pub(crate) const PACK: &str = "20000179";
pub(crate) const ASSIGN: &str = "/wxa/charge/service-provider/package/assign";
pub(crate) const CANCEL: &str = "/wxa/charge/service-provider/package/cancel_assign";
pub(crate) const TOKEN: &str = "/cgi-bin/stable_token";
pub(crate) const USAGE: &str = "/wxa/charge/usage/get";

/// Clock and timer in one: a sleep ends when the test has moved the clock that far.
#[derive(Debug, Clone)]
pub(crate) struct Time {
    now: watch::Sender<DateTime<Utc>>,
    /// When the sleeps under way end.
    ends: Arc<Mutex<Vec<DateTime<Utc>>>>,
}

impl Time {
    fn new(start: &str) -> Self {
        Self { now: watch::Sender::new(parse_instant(start).unwrap()), ends: Arc::default() }
    }

    /// Moves the clock; a negative step sets it back.
    pub(crate) fn pass(&self, time: TimeDelta) {
        self.now.send_modify(|now| *now += time);
    }

    /// When the longest sleep under way ends.
    pub(crate) fn last_end(&self) -> Option<DateTime<Utc>> {
        self.ends.lock().unwrap().iter().max().copied()
    }
}

impl Clock for Time {
    fn now(&self) -> DateTime<Utc> {
        *self.now.borrow()
    }
}

/// Takes a sleep off the list when it ends or is dropped.
struct Sleep(Arc<Mutex<Vec<DateTime<Utc>>>>, DateTime<Utc>);

impl Drop for Sleep {
    fn drop(&mut self) {
        let mut ends = self.0.lock().unwrap();
        let place = ends.iter().position(|end| *end == self.1).unwrap();
        ends.swap_remove(place);
    }
}

impl Timer for Time {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let end = self.now() + TimeDelta::from_std(duration).unwrap();
        let mut time = self.now.subscribe();
        self.ends.lock().unwrap().push(end);
        let sleep = Sleep(Arc::clone(&self.ends), end);
        Box::pin(async move {
            let _ = time.wait_for(|now| *now >= end).await;
            drop(sleep);
        })
    }
}

/// One pack as WeChat lists it: bought, in force, untouched.
#[derive(Debug, Clone)]
pub(crate) struct Lot {
    pub(crate) id: &'static str,
    pub(crate) calls: u64,
    pub(crate) used: u64,
    pub(crate) start: DateTime<Utc>,
    pub(crate) days: i64,
    /// 1 in force, 2 not yet, 3 no longer.
    pub(crate) status: u8,
    /// 1 trial, 2 paid, 3 allocated, 4 other.
    pub(crate) source: u8,
}

impl Lot {
    /// 1,000 calls for a year.
    pub(crate) fn paid(id: &'static str, start: DateTime<Utc>) -> Self {
        Self { id, calls: 1_000, used: 0, start, days: 365, status: 1, source: 2 }
    }

    fn row(&self) -> Value {
        json!({
            "pkgId": self.id, "status": self.status, "all": self.calls, "used": self.used, "source": self.source,
            "startTime": self.start.timestamp(), "endTime": (self.start + TimeDelta::days(self.days)).timestamp(),
        })
    }
}

/// How the provider's side answers: one call of an allocation, or of taking one back.
type Answering = Box<dyn FnMut(&Request) -> Answer + Send>;

struct Script {
    lots: Vec<Lot>,
    assign: Answering,
    cancel: Answering,
    token: Answer,
}

/// An application above a scripted WeChat.
pub(crate) struct Scripted {
    pub(crate) time: Time,
    pub(crate) server: Server,
    script: Arc<Mutex<Script>>,
    secrets: Arc<FailingSecrets>,
    home: TempDir,
}

pub(crate) fn errcode(code: i64) -> Answer {
    ok(&format!(r#"{{"errcode":{code},"errmsg":"scripted"}}"#))
}

impl Scripted {
    pub(crate) fn new() -> Self {
        let always = |code: i64| -> Answering { Box::new(move |_| errcode(code)) };
        let token = ok(r#"{"access_token":"71_scripted","expires_in":7200}"#);
        let script = Script { lots: Vec::new(), assign: always(0), cancel: always(0), token };
        let script = Arc::new(Mutex::new(script));
        let answers = Arc::clone(&script);
        let server = Server::start(move |request, _| answers.lock().unwrap().answer(request));
        Self {
            time: Time::new("2026-11-20T10:00:00+08:00"),
            server,
            script,
            secrets: Arc::new(FailingSecrets::new()),
            home: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) async fn open(&self) -> Companion {
        let addresses = Addresses { member_card: None, ..Addresses::of_one_server(&self.server.url()) };
        let platform = Platform { addresses, clock: Arc::new(self.time.clone()) };
        let setup = || Setup {
            secrets: Arc::clone(&self.secrets) as Arc<_>,
            clock: Arc::new(self.time.clone()),
            timer: Arc::new(self.time.clone()),
            ..testkit::setup(
                &self.home.path().join("app"),
                Platforms { practice: None, live: Some(platform.clone()) },
            )
        };
        // Closing frees the home once the last call under way has ended.
        let opened = tokio::time::timeout(Duration::from_secs(10), async {
            loop {
                match Companion::open(setup()).await {
                    Err(Error::Store(StoreError::AlreadyRunning)) => {
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                    opened => return opened.unwrap(),
                }
            }
        });
        opened.await.expect("the home is never free")
    }

    /// What WeChat lists from now on.
    pub(crate) fn lists(&self, lots: &[Lot]) {
        self.script.lock().unwrap().lots = lots.to_vec();
    }

    /// How allocations are answered from now on.
    pub(crate) fn assigns(&self, answer: impl FnMut(&Request) -> Answer + Send + 'static) {
        self.script.lock().unwrap().assign = Box::new(answer);
    }

    /// How cancelling is answered from now on.
    pub(crate) fn cancels(&self, answer: impl FnMut(&Request) -> Answer + Send + 'static) {
        self.script.lock().unwrap().cancel = Box::new(answer);
    }

    /// How AppID and AppSecret are answered from now on.
    pub(crate) fn gives_token(&self, answer: Answer) {
        self.script.lock().unwrap().token = answer;
    }

    /// How often a path was asked.
    pub(crate) fn calls(&self, path: &str) -> usize {
        self.server.requests().iter().filter(|request| request.path() == path).count()
    }

    /// The request ids of all allocation calls, in turn.
    pub(crate) fn request_ids(&self) -> Vec<String> {
        let sent = self.server.requests().into_iter().filter(|request| request.path() == ASSIGN);
        sent.map(|request| request_id(&request)).collect()
    }

    /// An account that may pay, not connected yet.
    pub(crate) async fn account(&self, companion: &Companion) -> String {
        let account = companion
            .start_account(Environment::Live, AccountKind::MiniProgram, "晋味小馆")
            .await
            .unwrap()
            .account;
        let decided =
            companion.decide_eligibility(&account, Subject::Enterprise, ShopCategory::Catering, true);
        decided.await.unwrap();
        account
    }

    pub(crate) async fn connect(&self, companion: &Companion, account: &str) {
        companion.connect_app_secret(account, APP_ID, Secret::from(APP_SECRET)).await.unwrap();
    }

    /// An account that is connected by its AppSecret.
    pub(crate) async fn connected(&self, companion: &Companion) -> String {
        let account = self.account(companion).await;
        self.connect(companion, &account).await;
        account
    }

    pub(crate) async fn provider(&self, companion: &Companion) -> String {
        let secret = Secret::from(APP_SECRET);
        let connected = companion.connect_provider(Environment::Live, "代理", PROVIDER_APP_ID, secret);
        connected.await.unwrap().id
    }
}

pub(crate) fn request_id(request: &Request) -> String {
    let body: Value = serde_json::from_str(&request.body).unwrap();
    body["requestId"].as_str().unwrap().to_owned()
}

/// Sends a batch of its own, also to who was just served.
pub(crate) async fn send(
    companion: &Companion,
    provider: &str,
    picks: Vec<PickedShare>,
) -> Vec<AllocationView> {
    sent(companion, provider, ORDER, picks).await.unwrap()
}

/// The same for any order, with the refusal if there is one.
pub(crate) async fn sent(
    companion: &Companion,
    provider: &str,
    order: &str,
    picks: Vec<PickedShare>,
) -> Result<Vec<AllocationView>, Error> {
    static BATCHES: AtomicU32 = AtomicU32::new(0);
    // Another one in every process.
    let number = BATCHES.fetch_add(1, Ordering::Relaxed);
    let batch = format!("{number}-{}", std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos());
    match companion.send_allocations(provider, order, picks, &batch, true).await? {
        SendAnswer::Sent { allocations } => Ok(allocations),
        asked @ SendAnswer::AskFirst { .. } => unreachable!("{asked:?}"),
    }
}

/// So many packs for the account.
pub(crate) fn picks(count: u32) -> Vec<PickedShare> {
    vec![PickedShare { app_id: APP_ID.to_owned(), sku: PACK.to_owned(), count }]
}

/// The orders as a fresh reading shows them.
pub(crate) async fn orders_read(companion: &Companion, account: &str) -> Vec<OrderView> {
    companion.sync_usage(account).await.unwrap();
    companion.get_orders(account).await.unwrap().orders
}

impl Script {
    fn answer(&mut self, request: &Request) -> Answer {
        match request.path() {
            TOKEN => self.token.clone(),
            USAGE => ok(&self.usage().to_string()),
            "/wxa/charge/usage/get_recent_average" => ok(r#"{"errcode":0,"averageData":90}"#),
            "/wxa/charge/service-provider/order/query_list" => ok(&bulk_orders().to_string()),
            "/wxa/charge/service-provider/package/get_convertible_skus" => ok(&bulk_packs().to_string()),
            ASSIGN => (self.assign)(request),
            CANCEL => (self.cancel)(request),
            other => status("404 Not Found", other),
        }
    }

    fn usage(&self) -> Value {
        let in_force = || self.lots.iter().filter(|lot| lot.status == 1);
        json!({
            "errcode": 0, "total": self.lots.len(),
            "all": in_force().map(|lot| lot.calls).sum::<u64>(),
            "effectiveUse": in_force().map(|lot| lot.used).sum::<u64>(),
            "detailList": self.lots.iter().map(Lot::row).collect::<Vec<_>>(),
        })
    }
}

fn bulk_orders() -> Value {
    let paid = json!({ "applyPayTime": 1_693_202_430, "finishPayTime": 1_693_202_460 });
    let product = json!({
        "spSpuId": "10000117", "spSkuId": "20000177", "skuName": "100000次/365天", "skuCnt": 1,
        "validityBeginTime": 1_790_000_000, "validity": 1_821_536_000,
    });
    json!({ "errcode": 0, "total": 1, "orderList": [{
        "orderId": ORDER, "status": 2, "orderPrice": "260000", "payInfo": paid, "orderProductInfo": product,
        "usage": { "used": "0", "all": "100000" },
    }] })
}

fn bulk_packs() -> Value {
    let attr = json!({ "duration": "7776000", "proportion": { "quota": { "quota": "250" } } });
    json!({ "errcode": 0, "skuList": [{ "spuId": "10000077", "skuId": PACK, "attr": attr }] })
}
