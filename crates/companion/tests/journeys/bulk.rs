//! Bulk purchase against practice: plan by run-out, send, retry, take back.

use std::time::Duration;

use companion::Companion;
use companion::api::{
    AllocationState, AllocationView, Environment, ErrorCode, PickedShare, ShareKind, ShareView,
};
use companion::secrets::Secret;
use serde_json::json;
use testkit::world::World;
use testkit::{code, until};

use crate::scripted::sent;

pub(crate) const ASSIGN: &str = "/wxa/charge/service-provider/package/assign";
/// The provider that practice has, and its smaller wholesale pack.
pub(crate) const PROVIDER: &str = "wxfacade00000000a1";
pub(crate) const WHOLESALE: u64 = 20_000_177;

/// A connected provider with one paid order, and an account that is connected.
pub(crate) async fn with_provider(world: &mut World, companion: &Companion) -> (String, String, String) {
    let (_, app_id) = world.connected(companion).await;
    let secret = world.provider_secret(PROVIDER).await;
    world.bulk_order(PROVIDER, WHOLESALE).await;
    let connected =
        companion.connect_provider(Environment::Practice, " 晋业微 ", PROVIDER, Secret::from(secret));
    let provider = connected.await.unwrap().id;
    let order = companion.get_bulk_orders(&provider).await.unwrap().remove(0).id;
    (provider, order, app_id)
}

pub(crate) async fn all_are(companion: &Companion, provider: &str, wanted: AllocationState) {
    until("every allocation is settled", || async {
        let all = companion.get_allocations(provider).await.unwrap();
        !all.is_empty() && all.iter().all(|one: &AllocationView| one.state == wanted)
    })
    .await;
}

/// Practice carries allocations out a little later; time is moved only once it has them.
pub(crate) async fn all_are_with_wechat(companion: &Companion, provider: &str) {
    until("WeChat has every allocation", || async {
        let all = companion.get_allocations(provider).await.unwrap();
        all.iter().all(|one| one.state != AllocationState::Open)
    })
    .await;
}

fn picked(share: &ShareView) -> PickedShare {
    PickedShare { app_id: share.app_id.clone().unwrap(), sku: share.sku.clone().unwrap(), count: share.count }
}

#[tokio::test]
async fn whoever_runs_dry_gets_calls_and_they_arrive() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (provider, order, app_id) = with_provider(&mut world, &companion).await;
    let account = companion.get_app().await.unwrap().accounts[0].id.clone();
    let before = companion.plan_allocations(&provider, &order, Some(30)).await.unwrap();
    assert_eq!((before.left, before.cover_days, before.shares.len()), (100_000, 30, 1));
    assert_eq!((before.shares[0].kind, before.planned), (ShareKind::Enough, 0));

    let left = before.shares[0].remaining.unwrap();
    world.customers(&app_id, u32::try_from(left).unwrap()).await;
    companion.sync_usage(&account).await.unwrap();
    let plan = companion.plan_allocations(&provider, &order, None).await.unwrap();
    let share = plan.shares[0].clone();
    assert_eq!((share.kind, share.remaining), (ShareKind::Allocate, Some(0)));
    assert!(share.dry_on.is_some() && share.calls > 0 && plan.planned == share.calls);

    let allocations = sent(&companion, &provider, &order, vec![picked(&share)]).await.unwrap();
    assert_eq!(allocations.len(), usize::try_from(share.count).unwrap());
    all_are_with_wechat(&companion, &provider).await;
    world.practice.advance(Duration::from_hours(1)).await.unwrap();
    all_are(&companion, &provider, AllocationState::Done).await;
    let done = companion.get_allocations(&provider).await.unwrap().remove(0);
    assert_eq!(done.receiver_name.as_deref(), Some("晋味小馆会员中心"));
    assert!(done.cancel_until.is_some());
    let usage = companion.sync_usage(&account).await.unwrap();
    assert_eq!(usage.remaining.value, share.calls);
    let after = companion.get_bulk_orders(&provider).await.unwrap().remove(0);
    assert_eq!(after.used, Some(share.calls));
    // Seven days later it cannot be taken back any more.
    world.practice.advance(Duration::from_hours(24 * 8)).await.unwrap();
    assert_eq!(companion.get_allocations(&provider).await.unwrap()[0].cancel_until, None);
}

/// What was written down is sent after a crash, each once, under the ids it had.
#[tokio::test]
async fn a_batch_survives_a_crash_and_is_sent_once() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (provider, order, app_id) = with_provider(&mut world, &companion).await;
    let packs = companion.get_convertible_packs(&provider, &order).await.unwrap();
    let smallest = packs.iter().min_by_key(|pack| pack.calls).unwrap();
    world.fault(ASSIGN, json!({ "kind": "status", "status": 502 }), None).await;
    let pick = PickedShare { app_id: app_id.clone(), sku: smallest.sku.clone(), count: 3 };
    let written = sent(&companion, &provider, &order, vec![pick]).await.unwrap();
    let mut ids: Vec<_> = written.into_iter().map(|one| one.id).collect();
    let open = companion.plan_allocations(&provider, &order, None).await.unwrap();
    assert_eq!(open.left, 100_000 - 3 * smallest.calls.unwrap(), "what is under way is not given twice");
    companion.close().await;

    let companion = world.open().await;
    world.no_faults().await;
    companion.retry_allocations(&provider).await.unwrap();
    all_are_with_wechat(&companion, &provider).await;
    world.practice.advance(Duration::from_hours(1)).await.unwrap();
    all_are(&companion, &provider, AllocationState::Done).await;
    let mut found: Vec<_> =
        companion.get_allocations(&provider).await.unwrap().into_iter().map(|one| one.id).collect();
    ids.sort();
    found.sort();
    assert_eq!(ids, found);
    let order = companion.get_bulk_orders(&provider).await.unwrap().remove(0);
    assert_eq!(order.used, Some(3 * smallest.calls.unwrap()));
}

#[tokio::test]
async fn a_stranger_is_refused_with_a_reason_and_the_others_go_on() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (provider, order, app_id) = with_provider(&mut world, &companion).await;
    let sku = companion.get_convertible_packs(&provider, &order).await.unwrap().remove(0).sku;
    let pick = |app_id: &str| PickedShare { app_id: app_id.to_owned(), sku: sku.clone(), count: 1 };
    let picks = vec![pick("wx00000000000000ff"), pick(&app_id)];
    sent(&companion, &provider, &order, picks).await.unwrap();
    all_are_with_wechat(&companion, &provider).await;
    world.practice.advance(Duration::from_hours(1)).await.unwrap();
    until("both are settled", || async {
        let all = companion.get_allocations(&provider).await.unwrap();
        all.iter().any(|one| one.state == AllocationState::Failed)
            && all.iter().any(|one| one.state == AllocationState::Done)
    })
    .await;
    let all = companion.get_allocations(&provider).await.unwrap();
    let failed = all.iter().find(|one| one.state == AllocationState::Failed).unwrap();
    assert_eq!((failed.code, failed.cancel_until), (Some(ErrorCode::NoRelationship), None));
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_anything_is_written() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (provider, order, app_id) = with_provider(&mut world, &companion).await;
    let pick =
        |app_id: &str, sku: &str, count| vec![PickedShare { app_id: app_id.into(), sku: sku.into(), count }];
    for picks in
        [vec![], pick("wx1", "1", 1), pick(&app_id, " ", 1), pick(&app_id, "1", 0), pick(&app_id, "1", 21)]
    {
        let refused = sent(&companion, &provider, &order, picks).await;
        assert_eq!(code(refused), ErrorCode::AllocationInvalid);
    }
    assert!(companion.get_allocations(&provider).await.unwrap().is_empty());
    for days in [0, 366] {
        let refused = companion.plan_allocations(&provider, &order, Some(days)).await;
        assert_eq!(code(refused), ErrorCode::FiguresInvalid);
    }
    assert_eq!(code(companion.plan_allocations(&provider, "DD0", None).await), ErrorCode::OrderWrong);
}

/// What was sent counts at once: the plan does not propose it a second time, whatever is pressed twice or killed meanwhile.
#[tokio::test]
async fn what_was_sent_is_not_proposed_again_and_arrives_once() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (provider, order, app_id) = with_provider(&mut world, &companion).await;
    let account = companion.get_app().await.unwrap().accounts[0].id.clone();
    let left = companion.sync_usage(&account).await.unwrap().remaining.value;
    world.customers(&app_id, u32::try_from(left).unwrap()).await;
    companion.sync_usage(&account).await.unwrap();
    let plan = companion.plan_allocations(&provider, &order, None).await.unwrap();
    assert_eq!(plan.shares[0].kind, ShareKind::Allocate);
    let (calls, pick) = (plan.planned, picked(&plan.shares[0]));
    let press_twice = |companion: Companion, batch: &'static str| {
        let (provider, order, pick) = (provider.clone(), order.clone(), pick.clone());
        async move {
            for _ in 0..2 {
                companion
                    .send_allocations(&provider, &order, vec![pick.clone()], batch, false)
                    .await
                    .unwrap();
                companion.retry_allocations(&provider).await.unwrap();
            }
            let plan = companion.plan_allocations(&provider, &order, None).await.unwrap();
            let share = plan.shares[0].clone();
            (plan.planned, share.kind, share.under_way.and_then(|under_way| under_way.calls))
        }
    };
    let served = (0, ShareKind::UnderWay, Some(calls));
    assert_eq!(press_twice(companion.clone(), "first").await, served, "sent a moment ago");
    companion.close().await;
    let companion = world.open().await;
    // A page that was opened afresh has another id for its batch, and is asked.
    assert_eq!(press_twice(companion.clone(), "first").await, served, "after a restart");
    assert_eq!(press_twice(companion.clone(), "second").await, served, "by another page");
    all_are_with_wechat(&companion, &provider).await;
    companion.close().await;
    let companion = world.open().await;
    assert_eq!(press_twice(companion.clone(), "third").await, served, "WeChat has it");
    world.practice.advance(Duration::from_hours(1)).await.unwrap();
    companion.retry_allocations(&provider).await.unwrap();
    all_are(&companion, &provider, AllocationState::Done).await;
    // Nobody has asked for it: the account is read again by itself.
    until("the account to be read again", || async {
        companion.get_usage(&account).await.unwrap().unwrap().remaining.value == calls
    })
    .await;
    let (planned, kind, _) = press_twice(companion.clone(), "fourth").await;
    assert_eq!((planned, kind), (0, ShareKind::Enough), "arrived");
    let used = companion.get_bulk_orders(&provider).await.unwrap().remove(0).used;
    assert_eq!(used, Some(calls), "what arrived at the platform");
}
