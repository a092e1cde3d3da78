//! A backup is restored: the ledger of then is there, nothing that was sent since is sent again, and what it replaced can
//! come back.

use std::time::Duration;

use companion::api::{AllocationState, ErrorCode, GuardState, PickedShare, SendAnswer};
use companion::secrets::Secret;
use companion::{Companion, commands};
use serde_json::{Value, json};
use testkit::desktop::Desk;
use testkit::until;
use testkit::world::{World, paying};

use crate::bulk::{ASSIGN, all_are, all_are_with_wechat, with_provider};
use crate::guard::on;
use crate::scripted::sent;

const CANCEL: &str = "/wxa/charge/service-provider/package/cancel_assign";
const TOKEN: &str = "/cgi-bin/stable_token";

const CALLS: u64 = 1_000;

async fn asked(world: &World, companion: &Companion, command: &str, arguments: Value) -> Value {
    let desk = Desk::new(companion.clone(), &world.practice);
    let answer = commands::answer(desk, command, arguments).await;
    serde_json::from_str(&answer.unwrap_or_else(|error| unreachable!("{command}: {error:?}"))).unwrap()
}

/// Has the ledger copied as it is now, and opens it again.
async fn backed_up(world: &World, companion: Companion) -> (Companion, String) {
    companion.close().await;
    let folder = world.home.path().join("app/backups");
    std::fs::remove_dir_all(folder).unwrap();
    let companion = world.open().await;
    until("there is a copy", || async { !backups(world, &companion).await.is_empty() }).await;
    let name = backups(world, &companion).await[0]["name"].as_str().unwrap().to_owned();
    (companion, name)
}

async fn backups(world: &World, companion: &Companion) -> Vec<Value> {
    asked(world, companion, "get_backups", json!({})).await.as_array().unwrap().clone()
}

async fn restored(world: &World, companion: Companion, name: &str) -> Companion {
    asked(world, &companion, "restore_backup", json!({ "name": name })).await;
    companion.close().await;
    world.open().await
}

/// One allocation that the backup holds open: practice had no word of it, or refused to answer.
async fn open_in_backup(world: &mut World, fault: &str) -> (Companion, String, String) {
    let companion = world.open().await;
    let (provider, order, app_id) = with_provider(world, &companion).await;
    let pick = one_pack(&companion, &provider, &order, app_id).await;
    companion.close().await;
    world.fault(fault, json!({ "kind": "status", "status": 502 }), None).await;
    let companion = world.open().await;
    sent(&companion, &provider, &order, vec![pick]).await.unwrap();
    until("it was tried", || async {
        companion.get_allocations(&provider).await.unwrap()[0].code == Some(ErrorCode::HttpStatus)
    })
    .await;
    let (companion, name) = backed_up(world, companion).await;
    world.no_faults().await;
    companion.retry_allocations(&provider).await.unwrap();
    all_are_with_wechat(&companion, &provider).await;
    world.practice.advance(Duration::from_hours(1)).await.unwrap();
    all_are(&companion, &provider, AllocationState::Done).await;
    assert_eq!(used(&companion, &provider).await, CALLS);
    let companion = restored(world, companion, &name).await;
    (companion, provider, order)
}

/// The pack of so many calls.
async fn one_pack(companion: &Companion, provider: &str, order: &str, app_id: String) -> PickedShare {
    let packs = companion.get_convertible_packs(provider, order).await.unwrap();
    let pack = packs.into_iter().find(|pack| pack.calls == Some(CALLS)).unwrap();
    PickedShare { app_id, sku: pack.sku, count: 1 }
}

async fn used(companion: &Companion, provider: &str) -> u64 {
    companion.get_bulk_orders(provider).await.unwrap()[0].used.unwrap()
}

/// Whether it was sent once in vain or never got out: after the restored start nothing is sent, and the shop is asked.
#[tokio::test]
async fn what_the_backup_holds_open_is_not_sent_again_unasked() {
    for fault in [ASSIGN, TOKEN] {
        let mut world = World::new().await;
        let (companion, provider, _) = open_in_backup(&mut world, fault).await;
        let calls = world.calls(ASSIGN).await;
        for _ in 0..20 {
            let one = companion.get_allocations(&provider).await.unwrap().remove(0);
            let shown = (one.state, one.held, one.code);
            assert_eq!(shown, (AllocationState::Open, true, Some(ErrorCode::AllocationUnclear)), "{fault}");
            companion.sync_all().await.unwrap();
        }
        assert_eq!(world.calls(ASSIGN).await, calls, "{fault}");

        // Asked for by its own id, it is the one that arrived.
        companion.retry_allocations(&provider).await.unwrap();
        all_are(&companion, &provider, AllocationState::Done).await;
        assert_eq!(used(&companion, &provider).await, CALLS, "{fault}");
    }
}

#[tokio::test]
async fn what_the_backup_holds_open_can_be_dropped_without_a_call() {
    let mut world = World::new().await;
    let (companion, provider, _) = open_in_backup(&mut world, ASSIGN).await;
    let calls = (world.calls(ASSIGN).await, world.calls(CANCEL).await);
    let one = companion.get_allocations(&provider).await.unwrap().remove(0);
    companion.cancel_allocation(&one.id).await.unwrap();
    companion.retry_allocations(&provider).await.unwrap();
    let one = companion.get_allocations(&provider).await.unwrap().remove(0);
    // It is not said to be taken back: WeChat may have carried it out.
    assert_eq!((one.state, one.code), (AllocationState::Cancelled, Some(ErrorCode::AllocationUnclear)));
    assert_eq!((world.calls(ASSIGN).await, world.calls(CANCEL).await), calls);
}

#[tokio::test]
async fn what_was_sent_after_the_backup_is_asked_about_before_more_is_sent() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (provider, order, app_id) = with_provider(&mut world, &companion).await;
    let (companion, name) = backed_up(&world, companion).await;
    let pick = one_pack(&companion, &provider, &order, app_id).await;
    sent(&companion, &provider, &order, vec![pick.clone()]).await.unwrap();
    all_are_with_wechat(&companion, &provider).await;
    world.practice.advance(Duration::from_hours(1)).await.unwrap();
    all_are(&companion, &provider, AllocationState::Done).await;

    let companion = restored(&world, companion, &name).await;
    assert!(companion.get_allocations(&provider).await.unwrap().is_empty());
    let calls = world.calls(ASSIGN).await;
    let answer = companion.send_allocations(&provider, &order, vec![pick.clone()], "batch", false).await;
    assert!(matches!(answer.unwrap(), SendAnswer::AskFirst { restored_at: Some(_), .. }));
    assert!(companion.get_allocations(&provider).await.unwrap().is_empty());
    assert_eq!((world.calls(ASSIGN).await, used(&companion, &provider).await), (calls, CALLS));

    let answer = companion.send_allocations(&provider, &order, vec![pick], "batch", true).await;
    assert!(matches!(answer.unwrap(), SendAnswer::Sent { .. }));
}

#[tokio::test]
async fn the_ledger_of_then_shows_no_figures_of_now_and_the_one_of_now_can_come_back() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (first, app_id, secret) = world.ready_to_connect(&companion).await;
    let (companion, name) = backed_up(&world, companion).await;
    companion.connect_app_secret(&first, &app_id, Secret::from(secret)).await.unwrap();
    assert!(companion.get_usage(&first).await.unwrap().is_some());
    let second = paying(&companion).await;

    let companion = restored(&world, companion, &name).await;
    let accounts = companion.get_app().await.unwrap().accounts;
    assert_eq!(accounts.iter().map(|one| &one.id).collect::<Vec<_>>(), [&first]);
    assert!(companion.get_usage(&first).await.unwrap().is_none());
    assert!(companion.may_bring_accounts_back().await, "their sign-ins stay");

    let backups = backups(&world, &companion).await;
    let replaced = backups.iter().find(|one| one["kind"] == "replaced").unwrap()["name"].as_str().unwrap();
    let companion = restored(&world, companion, replaced).await;
    assert_eq!(companion.get_app().await.unwrap().accounts.len(), 2);
    assert_eq!(companion.get_wizard(&second).await.unwrap().account, second);
    // Its AppSecret never left the keyring.
    companion.sync_usage(&first).await.unwrap();
}

/// Who removes an account has every copy of it destroyed, also one about to be restored.
#[tokio::test]
async fn a_removed_account_is_not_brought_back_by_a_backup() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (first, _) = world.connected(&companion).await;
    let second = paying(&companion).await;
    companion.set_account_name(&second, "要走的店").await.unwrap();
    let (companion, name) = backed_up(&world, companion).await;
    let companion = restored(&world, companion, &name).await;
    let newest = backups(&world, &companion).await[0]["name"].clone();
    asked(&world, &companion, "restore_backup", json!({ "name": newest })).await;
    companion.remove_account(&second).await.unwrap();
    companion.finish_removal(&second).await.unwrap();
    companion.close().await;
    let companion = world.open().await;
    let accounts = companion.get_app().await.unwrap().accounts;
    assert_eq!(accounts.iter().map(|one| &one.id).collect::<Vec<_>>(), [&first]);
    companion.close().await;
    let home = world.home.path().join("app");
    assert_eq!(testkit::files_with(&home, &["要走的店", &second]), Vec::<String>::new());
}

#[tokio::test]
async fn a_restored_guard_only_writes_down_until_it_is_switched_on_again() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.set_guard(&account, on()).await.unwrap();
    let (companion, name) = backed_up(&world, companion).await;
    let companion = restored(&world, companion, &name).await;
    let guard = companion.get_guard(&account).await.unwrap();
    assert_eq!((guard.rule.state, guard.rule.act_below), (GuardState::DryRun, 200));
    companion.close().await;
}
