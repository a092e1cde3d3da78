//! Readings that nobody asked for.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use companion::api::{ErrorCode, Instant, TypedFigures};
use companion::ports::Timer;
use companion::secrets::Secret;
use companion::{Companion, Setup};
use serde_json::json;

use testkit::world::{World, paying};
use testkit::{code, until};

const USAGE: &str = "/wxa/charge/usage/get";
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// Counts the rounds of a minute, and hurries through them.
#[derive(Debug, Clone, Default)]
struct Rounds(Arc<AtomicUsize>);

impl Rounds {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Timer for Rounds {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        if duration == Duration::from_mins(1) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
        Box::pin(tokio::time::sleep(duration / 200))
    }
}

async fn last_ok(companion: &Companion, account: &str) -> Option<Instant> {
    companion.get_usage(account).await.unwrap()?.sync.last_ok
}

/// Waits until the account was read again after `before`.
async fn read_after(companion: &Companion, account: &str, before: Option<Instant>) {
    until("another reading", || async { last_ok(companion, account).await > before }).await;
}

#[tokio::test]
async fn an_account_is_read_again_when_its_time_has_come_and_after_a_jump_once() {
    let mut world = World::from("2026-03-10T12:00:00+08:00").await;
    let companion = world.open().await;
    let (account, app_id, secret) = world.ready_to_connect(&companion).await;
    companion.connect_app_secret(&account, &app_id, Secret::from(secret.as_str())).await.unwrap();
    let archived = paying(&companion).await;
    companion.connect_app_secret(&archived, &app_id, Secret::from(secret.as_str())).await.unwrap();
    companion.archive_account(&archived, true).await.unwrap();
    let typed = paying(&companion).await;
    companion.connect_typed_in(&typed, TypedFigures { used: 1, remaining: 2, total: 3 }).await.unwrap();
    companion.read_by_itself();
    let before = world.calls(USAGE).await;
    // A night, a month and a year asleep are one reading each; nothing is made up for.
    for (number, time) in [HOUR * 4, DAY, DAY * 30, DAY * 365].into_iter().enumerate() {
        let read = last_ok(&companion, &account).await;
        world.practice.advance(time).await.unwrap();
        read_after(&companion, &account, read).await;
        assert_eq!(world.calls(USAGE).await, before + number as u64 + 1);
    }
    companion.close().await;
}

#[tokio::test]
async fn nothing_is_read_by_itself_once_that_is_switched_off() {
    let mut world = World::from("2026-03-10T12:00:00+08:00").await;
    let rounds = Rounds::default();
    let setup = Setup { timer: Arc::new(rounds.clone()), ..world.setup() };
    let companion = Companion::open(setup).await.unwrap();
    let (account, _) = world.connected(&companion).await;
    assert_eq!(companion.get_settings().await.unwrap().read_every, Some(3), "as long as nobody chose");
    assert_eq!(code(companion.set_read_every(Some(2)).await), ErrorCode::FiguresInvalid);
    assert_eq!(companion.set_read_every(None).await.unwrap().read_every, None);
    companion.read_by_itself();
    let read = last_ok(&companion, &account).await;
    world.practice.advance(DAY).await.unwrap();
    let count = rounds.count();
    until("three rounds have gone by", || async { rounds.count() > count + 3 }).await;
    assert_eq!(last_ok(&companion, &account).await, read);
    companion.set_read_every(Some(24)).await.unwrap();
    read_after(&companion, &account, read).await;
}

#[tokio::test]
async fn a_reading_under_way_ends_when_readings_are_switched_off_or_its_account_is_put_away() {
    let mut world = World::from("2026-03-10T12:00:00+08:00").await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.read_by_itself();
    for switched_off in [true, false] {
        let before = companion.get_usage(&account).await.unwrap().unwrap().sync;
        world.fault(USAGE, json!({ "kind": "delay", "millis": 600_000 }), None).await;
        world.practice.advance(HOUR * 4).await.unwrap();
        let is_running = || async { companion.get_usage(&account).await.unwrap().unwrap().sync.running };
        until("the reading is under way", is_running).await;
        if switched_off {
            companion.set_read_every(None).await.unwrap();
        } else {
            companion.archive_account(&account, true).await.unwrap();
        }
        until("it has ended", || async { !is_running().await }).await;
        // It would end by itself, too: with an error, after the time that an answer may take.
        let after = companion.get_usage(&account).await.unwrap().unwrap().sync;
        assert_eq!((after.error, after.last_tried), (None, before.last_tried));
        world.no_faults().await;
        if switched_off {
            companion.set_read_every(Some(3)).await.unwrap();
            read_after(&companion, &account, before.last_ok).await;
        }
    }
}

#[tokio::test]
async fn what_failed_is_tried_again_and_shown_until_then() {
    let mut world = World::from("2026-03-10T12:00:00+08:00").await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    world.fault(USAGE, json!({ "kind": "errcode", "errcode": -1 }), None).await;
    companion.read_by_itself();
    let read = last_ok(&companion, &account).await;
    world.practice.advance(HOUR * 4).await.unwrap();
    let failed = || async {
        let sync = companion.get_usage(&account).await.unwrap().unwrap().sync;
        sync.error.is_some() && sync.last_ok == read
    };
    until("the failure is shown", failed).await;
    world.no_faults().await;
    world.practice.advance(Duration::from_mins(5)).await.unwrap();
    read_after(&companion, &account, read).await;
    assert_eq!(companion.get_usage(&account).await.unwrap().unwrap().sync.error, None);
}
