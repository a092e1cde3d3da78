//! Killed in the middle of everything, over and over: what was acknowledged is there, and nothing was done twice.
//!
//! A child process switches modes, hands packs on, records purchases and syncs, acknowledges each on its output, and is
//! killed (SIGKILL) at another moment each time. The platforms stay up in this process and count.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use companion::api::{AcquisitionMode, AllocationState, ChangeState, Environment, PickedShare};
use companion::ports::{Clock, SystemClock};
use companion::secrets::{MemorySecrets, Secret, SecretKind, SecretName, SecretStore as _};
use companion::{Addresses, Companion, Platform, Platforms, Setup};
use serde_json::{Value, json};
use testkit::server::{Request, Server, ok};
use testkit::until;
use testkit::world::World;

use crate::scripted::sent;

/// Everything the child has to know, as JSON.
const TASK: &str = "COMPANION_TEST_CRASH_TASK";
/// How often the child is killed; a few times in CI, 200 and more in the soak.
const KILLS: &str = "CRASH_ROUNDS";
const PROVIDER_APP_ID: &str = "wxfacade0000000077";
const PROVIDER_SECRET: &str = "0123456789abcdef0123456789abcdef";
const RECEIVER: &str = "wxfacade0000000002";

/// The request ids that allocated something.
type Allocated = Arc<Mutex<BTreeSet<String>>>;

/// WeChat's provider side: an allocation is carried out when it is first heard of, whether the answer arrives or not.
fn provider_platform(allocated: &Allocated) -> Server {
    let allocated = Arc::clone(allocated);
    Server::start(move |request: &Request, _| match request.path() {
        "/cgi-bin/stable_token" => ok(r#"{"access_token":"71_provider","expires_in":7200}"#),
        "/wxa/charge/service-provider/order/query_list" => ok(r#"{"errcode":0,"total":0}"#),
        "/wxa/charge/service-provider/package/assign" => {
            let body: Value = serde_json::from_str(&request.body).unwrap();
            let id = body["requestId"].as_str().unwrap().to_owned();
            if allocated.lock().unwrap().insert(id) {
                ok(r#"{"errcode":0}"#)
            } else {
                ok(r#"{"errcode":10121009,"errmsg":"already assigned"}"#)
            }
        }
        other => unreachable!("{other}"),
    })
}

/// The time of a practice platform in another process, which is so far ahead of this computer's.
#[derive(Debug)]
struct PracticeTime {
    ahead: TimeDelta,
}

impl Clock for PracticeTime {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + self.ahead
    }
}

async fn open(task: &Value) -> Companion {
    let text = |name: &str| task[name].as_str().unwrap();
    let secrets = MemorySecrets::default();
    let keep = |environment, owner: &str, kind, secret: &str| {
        secrets.set(&SecretName::new(environment, owner, kind), &Secret::from(secret)).unwrap();
    };
    keep(Environment::Practice, text("account"), SecretKind::AppSecret, text("app_secret"));
    keep(Environment::Practice, text("account"), SecretKind::MemberCardKey, text("key"));
    keep(Environment::Live, text("provider"), SecretKind::AppSecret, PROVIDER_SECRET);
    let platform = |name: &str, clock| {
        Some(Platform { addresses: Addresses::of_one_server(&text(name).parse().unwrap()), clock })
    };
    let ahead = TimeDelta::milliseconds(task["practice_ahead"].as_i64().unwrap());
    let platforms = Platforms {
        practice: platform("practice", Arc::new(PracticeTime { ahead })),
        live: platform("live", Arc::new(SystemClock)),
    };
    let setup = Setup { secrets: Arc::new(secrets), ..testkit::setup(Path::new(text("home")), platforms) };
    Companion::open(setup).await.unwrap()
}

#[tokio::test]
#[ignore = "run by `nothing_acknowledged_is_lost_and_nothing_is_done_twice`, and killed by it"]
async fn works_until_killed() {
    let task: Value =
        serde_json::from_str(&std::env::var(TASK).expect("run through the other test")).unwrap();
    let companion = open(&task).await;
    let (account, provider) = (task["account"].as_str().unwrap(), task["provider"].as_str().unwrap());
    let say = |what: &str, id: &str| {
        let mut out = std::io::stdout().lock();
        writeln!(out, "says {what} {id}").unwrap();
        out.flush().unwrap();
    };
    // A change that the kill before cut off may have been made: the next one starts from what is in force.
    companion.sync_member_card(account).await.unwrap();
    loop {
        let now = companion.get_member_card(account).await.unwrap().mode.unwrap().value;
        let is_manual = now == AcquisitionMode::Manual;
        let other = if is_manual { AcquisitionMode::Authorized } else { AcquisitionMode::Manual };
        say("mode-begun", "-");
        let card = companion.set_mode(account, other).await.unwrap();
        say("mode", &card.history[0].id);
        say("allocation-begun", "-");
        let pick = PickedShare { app_id: RECEIVER.to_owned(), sku: "20000178".to_owned(), count: 1 };
        let allocation = sent(&companion, provider, "DD1", vec![pick]).await.unwrap().remove(0);
        say("allocation", &allocation.id);
        // One that was left open by the kill before is taken up, or given up, first.
        if companion.pick_pack(account, "q-365-1000").await.is_ok() {
            say("waiting", &companion.begin_purchase(account).await.unwrap().id);
        }
        companion.give_up_purchase(account).await.unwrap();
        companion.sync_usage(account).await.unwrap();
        say("sync", "-");
    }
}

fn begin(task: &Value) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crashes::works_until_killed", "--ignored", "--nocapture"])
        .env(TASK, task.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets the child work for `time` after its first word, kills it, and returns what it acknowledged.
fn killed_after(mut child: Child, time: Duration) -> Vec<(String, String)> {
    let output = BufReader::new(child.stdout.take().unwrap());
    let (mut said, mut deadline) = (Vec::new(), None);
    let killer = Arc::new(Mutex::new(child));
    for line in output.lines().map_while(Result::ok) {
        // The test harness's own lines may share a line with ours.
        let Some(words) = line.split("says ").nth(1) else { continue };
        let (what, id) = words.split_once(' ').unwrap();
        said.push((what.to_owned(), id.to_owned()));
        if deadline.is_none() {
            deadline = Some(Instant::now() + time);
            let killer = Arc::clone(&killer);
            // The moment of the kill is the point: between any two words, and in the middle of any call.
            std::thread::spawn(move || {
                std::thread::sleep(time);
                killer.lock().unwrap().kill().unwrap();
            });
        }
    }
    killer.lock().unwrap().wait().unwrap();
    assert!(!said.is_empty(), "the child never got anywhere");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_is_done_twice() {
    let kills: u64 = std::env::var(KILLS).map_or(6, |text| text.parse().unwrap());
    let mut world = World::new().await;
    let allocated = Allocated::default();
    let wechat = provider_platform(&allocated);
    let task = prepared(&mut world, &wechat).await;

    let mut said = Vec::new();
    for kill in 0..kills {
        // Spread over some calls, another moment each time.
        let time = Duration::from_millis(kill * 37 % 113);
        let child = begin(&task);
        said.extend(tokio::task::spawn_blocking(move || killed_after(child, time)).await.unwrap());
    }

    let companion = open(&task).await;
    let (account, provider) = (task["account"].as_str().unwrap(), task["provider"].as_str().unwrap());
    // What a kill came before is not sent unasked: the shop still wants the calls, and leaves the mode as it is.
    companion.retry_allocations(provider).await.unwrap();
    companion.sync_member_card(account).await.unwrap();
    companion.keep_mode(account).await.unwrap();
    until("every intent has come to its end", || async {
        let card = companion.get_member_card(account).await.unwrap();
        let allocations = companion.get_allocations(provider).await.unwrap();
        card.history.iter().all(|change| change.state != ChangeState::Open)
            && allocations.iter().all(|one| one.state == AllocationState::Done)
    })
    .await;
    let acknowledged = |what: &str| -> BTreeSet<String> {
        said.iter().filter(|(name, _)| name == what).map(|(_, id)| id.clone()).collect()
    };

    let history = companion.get_member_card(account).await.unwrap().history;
    let confirmed: BTreeSet<_> = history
        .iter()
        .filter(|change| change.state == ChangeState::Confirmed)
        .map(|change| change.id.clone())
        .collect();
    assert!(acknowledged("mode").is_subset(&confirmed), "a confirmed change of mode is lost");
    // One intent for each time somebody began, and one effect for each intent.
    let begun = |what: &str| said.iter().filter(|(name, _)| name == what).count();
    let known: BTreeSet<_> = history.iter().map(|change| change.id.clone()).collect();
    assert!(known.len() <= begun("mode-begun"), "a change was made that nobody asked for");

    let allocations: BTreeSet<_> =
        companion.get_allocations(provider).await.unwrap().into_iter().map(|one| one.id).collect();
    assert!(acknowledged("allocation").is_subset(&allocations), "an allocation is lost");
    assert!(allocations.len() <= begun("allocation-begun"), "something was allocated twice");
    assert_eq!(*allocated.lock().unwrap(), allocations);

    companion.close().await;
    // Both sides hold their files for themselves.
    let World { practice, home, .. } = world;
    practice.shutdown().await;
    let made = modes_made(&home.path().join("practice/practice.db"));
    assert!(made.is_subset(&known), "a change was made that nobody wrote down");
    assert!(acknowledged("mode").is_subset(&made), "a change was acknowledged that was not made");
    let purchases = purchases(&home.path().join("app/ledger.db"));
    assert!(acknowledged("waiting").iter().all(|id| purchases.contains_key(id)), "a purchase is lost");
    assert!(purchases.values().filter(|state| *state == "waiting" || *state == "picked").count() <= 1);
    assert!(!acknowledged("mode").is_empty() && !acknowledged("allocation").is_empty());
}

/// An account on practice and a provider on the scripted platform, both connected.
async fn prepared(world: &mut World, wechat: &Server) -> Value {
    let mut setup = world.setup();
    setup.platforms.live =
        Some(Platform { addresses: Addresses::of_one_server(&wechat.url()), clock: Arc::new(SystemClock) });
    let companion = Companion::open(setup).await.unwrap();
    let (account, app_id, secret) = world.ready_to_connect(&companion).await;
    companion.connect_app_secret(&account, &app_id, Secret::from(secret.as_str())).await.unwrap();
    let key = world.access_key(&app_id).await;
    companion.connect_member_card(&account, Secret::from(key.as_str())).await.unwrap();
    let provider = companion
        .connect_provider(Environment::Live, "代理", PROVIDER_APP_ID, Secret::from(PROVIDER_SECRET))
        .await
        .unwrap();
    companion.close().await;
    json!({
        "home": world.home.path().join("app"),
        "practice": world.practice.base_url().as_str(),
        "practice_ahead": (world.practice.now() - SystemClock.now()).num_milliseconds(),
        "live": wechat.url().as_str(),
        "account": account,
        "app_secret": secret,
        "key": key,
        "provider": provider.id,
    })
}

/// The request ids that changed the mode, by practice's own record.
fn modes_made(database: &Path) -> BTreeSet<String> {
    let connection = rusqlite::Connection::open(database).unwrap();
    let sql = "SELECT request_id FROM mode_changes WHERE request_id IS NOT NULL";
    let mut query = connection.prepare(sql).unwrap();
    query.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// The state of every purchase in the ledger.
fn purchases(ledger: &Path) -> BTreeMap<String, String> {
    let connection = rusqlite::Connection::open(ledger).unwrap();
    let mut query = connection.prepare("SELECT id, state FROM purchases").unwrap();
    query.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}
