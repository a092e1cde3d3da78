//! All accounts at once.

use std::time::Duration;

use companion::Companion;
use companion::api::{ErrorCode, Retry, SyncAllView, Tag, TypedFigures};
use companion::secrets::Secret;
use serde_json::json;
use testkit::until;
use testkit::world::{World, paying};

const USAGE: &str = "/wxa/charge/usage/get";

/// So many accounts, all of the same mini-program.
async fn connected(world: &mut World, companion: &Companion, count: usize) -> Vec<String> {
    let (first, app_id, secret) = world.ready_to_connect(companion).await;
    let mut accounts = vec![first];
    while accounts.len() < count {
        accounts.push(paying(companion).await);
    }
    for account in &accounts {
        companion.connect_app_secret(account, &app_id, Secret::from(secret.as_str())).await.unwrap();
    }
    accounts
}

#[tokio::test]
async fn every_account_is_read_once_and_failures_stay_with_theirs() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let accounts = connected(&mut world, &companion, 12).await;
    // Figures that were typed in are nobody's to read.
    let typed = paying(&companion).await;
    let figures = TypedFigures { used: 1, remaining: 2, total: 3 };
    companion.connect_typed_in(&typed, figures).await.unwrap();
    let before = world.calls(USAGE).await;
    world.fault(USAGE, json!({ "kind": "errcode", "errcode": 48001 }), Some(1)).await;
    let view = companion.sync_all().await.unwrap();
    let expected = SyncAllView { total: 12, done: 12, failed: 1, ..SyncAllView::default() };
    assert_eq!((&view, &companion.get_sync_all()), (&expected, &expected));
    assert_eq!(world.calls(USAGE).await, before + 12);
    let mut failed = 0;
    for account in &accounts {
        let usage = companion.get_usage(account).await.unwrap().unwrap();
        assert_eq!(usage.remaining.value, 806);
        failed += usize::from(usage.sync.error.is_some_and(|error| error.code == ErrorCode::NotPermitted));
    }
    assert_eq!(failed, 1);
}

#[tokio::test]
async fn a_platform_that_wants_to_be_left_alone_is_asked_only_by_a_person() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let accounts = connected(&mut world, &companion, 3).await;
    world.fault(USAGE, json!({ "kind": "errcode", "errcode": 45009 }), Some(1)).await;
    let refused = companion.sync_usage(&accounts[1]).await.unwrap_err();
    assert!(matches!(refused.retry(), Retry::Later(_)));
    let before = world.calls(USAGE).await;
    let view = companion.sync_all().await.unwrap();
    assert_eq!((view.total, view.held_back, view.failed), (2, 1, 0));
    assert_eq!(world.calls(USAGE).await, before + 2);
    // The limit may have been lifted meanwhile: whoever asks for this account alone is heard.
    companion.sync_usage(&accounts[1]).await.unwrap();
    assert_eq!(companion.sync_all().await.unwrap().held_back, 0);
}

#[tokio::test]
async fn callers_join_the_sync_under_way_and_it_can_be_stopped() {
    let mut world = World::new().await;
    let companion = world.open().await;
    connected(&mut world, &companion, 20).await;
    let mut changes = companion.subscribe();
    world.fault(USAGE, json!({ "kind": "delay", "millis": 60_000 }), None).await;
    let both: Vec<_> = (0..2)
        .map(|_| {
            let companion = companion.clone();
            tokio::spawn(async move { companion.sync_all().await.unwrap() })
        })
        .collect();
    until("eight are at the platform", || async { world.calls(USAGE).await >= 20 + 8 }).await;
    let under_way = companion.get_sync_all();
    assert_eq!((under_way.running, under_way.total, under_way.done), (true, 20, 0));
    assert_eq!(world.calls(USAGE).await, 20 + 8);
    companion.cancel_sync_all();
    for one in both {
        let view = one.await.unwrap();
        assert_eq!((view.running, view.cancelled, view.done), (false, true, 0));
    }
    loop {
        if changes.recv().await.unwrap().tags.contains(&Tag::Sync) {
            break;
        }
    }
    world.no_faults().await;
    let view = companion.sync_all().await.unwrap();
    assert_eq!((view.cancelled, view.done, view.failed), (false, 20, 0));
}

/// WeChat's token is renewed before its end: at its end a call might arrive too late.
#[tokio::test]
async fn a_token_is_renewed_a_minute_before_it_ends() {
    const TOKEN: &str = "/cgi-bin/stable_token";
    let mut world = World::new().await;
    let companion = world.open().await;
    world.fault(TOKEN, json!({ "kind": "expires_in", "seconds": 1_000 }), Some(1)).await;
    let (account, _) = world.connected(&companion).await;
    assert_eq!(world.calls(TOKEN).await, 1);
    world.practice.advance(Duration::from_mins(15)).await.unwrap();
    companion.sync_usage(&account).await.unwrap();
    assert_eq!(world.calls(TOKEN).await, 1, "it still lives for a while");
    world.practice.advance(Duration::from_mins(1)).await.unwrap();
    companion.sync_usage(&account).await.unwrap();
    assert_eq!(world.calls(TOKEN).await, 2);
}

/// Figures that no order could be compared with are not shown: a pack that arrived would go unnoticed.
#[tokio::test]
async fn figures_that_the_ledger_refused_are_not_shown() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    let before = companion.get_usage(&account).await.unwrap().unwrap();
    world.customers(&app_id, 6).await;
    let blocker = rusqlite::Connection::open(world.setup().paths.ledger()).unwrap();
    blocker.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(companion.sync_usage(&account).await.is_err());
    blocker.execute_batch("ROLLBACK").unwrap();
    let shown = companion.get_usage(&account).await.unwrap().unwrap();
    assert_eq!(shown.remaining, before.remaining);
    assert!(shown.sync.error.is_some());
    assert_eq!(companion.sync_usage(&account).await.unwrap().remaining.value, 800);
}
