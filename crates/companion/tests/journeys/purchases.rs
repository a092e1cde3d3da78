use companion::api::{AlertView, ErrorCode, PurchaseDecision, PurchaseState, Step, StepState, TypedFigures};
use testkit::world::{World, arrival, paying};
use testkit::{code, until};

const SMALL: &str = "q-365-1000";
const LARGE: &str = "q-365-5000";

#[tokio::test]
async fn another_pack_than_the_picked_one_is_told_apart() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.pick_pack(&account, SMALL).await.unwrap();
    companion.begin_purchase(&account).await.unwrap();
    world.buy(LARGE).await;
    let arrived = arrival(&companion, &account).await;
    assert_eq!((arrived.state, arrived.arrived_calls), (PurchaseState::ArrivedDifferent, Some(5_000)));
}

#[tokio::test]
async fn a_pack_that_was_there_before_is_not_the_arrival() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    world.buy(SMALL).await;
    companion.sync_usage(&account).await.unwrap();
    companion.pick_pack(&account, SMALL).await.unwrap();
    let begun = companion.begin_purchase(&account).await.unwrap();
    assert_eq!(companion.check_arrival(&account).await.unwrap().state, PurchaseState::Waiting);
    let overview = companion.get_overview(&account).await.unwrap();
    assert!(
        overview.alerts.iter().any(
            |alert| matches!(alert, AlertView::PurchaseWaiting { purchase, .. } if *purchase == begun.id)
        )
    );
    world.buy(SMALL).await;
    let first = arrival(&companion, &account).await;
    assert_eq!(first.state, PurchaseState::Arrived);
    // A second purchase of the same pack is another lot.
    companion.pick_pack(&account, SMALL).await.unwrap();
    companion.begin_purchase(&account).await.unwrap();
    assert_eq!(companion.check_arrival(&account).await.unwrap().state, PurchaseState::Waiting);
    world.buy(SMALL).await;
    let second = arrival(&companion, &account).await;
    assert_eq!(second.state, PurchaseState::Arrived);
    assert_ne!(first.lot, second.lot);
}

#[tokio::test]
async fn a_used_pack_is_no_longer_refundable() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    companion.pick_pack(&account, SMALL).await.unwrap();
    companion.begin_purchase(&account).await.unwrap();
    world.buy(SMALL).await;
    assert!(arrival(&companion, &account).await.refundable_until.is_some());
    let window =
        |alerts: &[AlertView]| alerts.iter().any(|alert| matches!(alert, AlertView::RefundWindow { .. }));
    assert!(window(&companion.get_overview(&account).await.unwrap().alerts));
    // 806 of the trial go first, then the pack is touched.
    world.customers(&app_id, 807).await;
    companion.sync_usage(&account).await.unwrap();
    assert_eq!(companion.check_arrival(&account).await.unwrap().refundable_until, None);
    let overview = companion.get_overview(&account).await.unwrap();
    assert!(!window(&overview.alerts));
    assert_eq!(overview.usage.unwrap().remaining.value, 999);
}

#[tokio::test]
async fn one_purchase_at_a_time_and_giving_up_frees_the_way() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    assert_eq!(code(companion.begin_purchase(&account).await), ErrorCode::NotFound);
    assert_eq!(code(companion.pick_pack(&account, "q-1-1").await), ErrorCode::PackUnknown);
    companion.pick_pack(&account, SMALL).await.unwrap();
    companion.pick_pack(&account, LARGE).await.unwrap();
    let begun = companion.begin_purchase(&account).await.unwrap();
    assert_eq!(begun.pack, LARGE);
    assert_eq!(companion.begin_purchase(&account).await.unwrap().handed_over_at, begun.handed_over_at);
    assert_eq!(code(companion.pick_pack(&account, SMALL).await), ErrorCode::PurchaseOpen);
    assert_eq!(code(companion.buy_nothing(&account).await), ErrorCode::PurchaseOpen);
    let wizard = companion.give_up_purchase(&account).await.unwrap();
    assert_eq!(wizard.purchase, None);
    let wizard = companion.buy_nothing(&account).await.unwrap();
    let Some(PurchaseDecision::Nothing { look_again: Some(day) }) = wizard.purchase else {
        panic!("{wizard:?}")
    };
    assert!(day.0 > billing_core::time::beijing_day(world.practice.now()), "{day}");
    let payment = wizard.steps.iter().find(|view| view.step == Step::Payment).unwrap();
    assert_eq!(payment.state, StepState::Skipped);
}

#[tokio::test]
async fn with_typed_in_figures_a_higher_total_is_the_arrival() {
    let world = World::new().await;
    let companion = world.open().await;
    let account = paying(&companion).await;
    let figures = TypedFigures { used: 990, remaining: 10, total: 1_000 };
    companion.connect_typed_in(&account, figures).await.unwrap();
    companion.pick_pack(&account, SMALL).await.unwrap();
    companion.begin_purchase(&account).await.unwrap();
    assert_eq!(companion.check_arrival(&account).await.unwrap().state, PurchaseState::Waiting);
    let figures = TypedFigures { used: 995, remaining: 1_005, total: 2_000 };
    companion.connect_typed_in(&account, figures).await.unwrap();
    let arrived = companion.check_arrival(&account).await.unwrap();
    assert_eq!((arrived.state, arrived.lot, arrived.refundable_until), (PurchaseState::Arrived, None, None));
}

#[tokio::test]
async fn a_waiting_purchase_is_watched_again_after_a_crash() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.pick_pack(&account, SMALL).await.unwrap();
    companion.begin_purchase(&account).await.unwrap();
    companion.close().await;
    world.buy(SMALL).await;
    let companion = world.open().await;
    until("arrival after a restart", || async {
        let overview = companion.get_overview(&account).await.unwrap();
        overview.purchase.is_some_and(|purchase| purchase.state == PurchaseState::Arrived)
    })
    .await;
}
