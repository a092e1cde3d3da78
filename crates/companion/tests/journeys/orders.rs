use companion::Companion;
use companion::api::{
    ErrorCode, InvoiceView, OrderNote, OrderOrigin, OrderState, OrderView, PurchaseState, RefundLimit,
    RefundReason, RefundView, TypedFigures,
};
use testkit::world::{World, arrival, paying};
use testkit::{code, until};

const SMALL: &str = "q-365-1000";
const LARGE: &str = "q-365-5000";

async fn orders(companion: &Companion, account: &str) -> Vec<OrderView> {
    companion.get_orders(account).await.unwrap().orders
}

/// Hands a pack over, buys it in the console, and sees it arrive.
async fn buy_here(world: &mut World, companion: &Companion, account: &str) -> String {
    companion.pick_pack(account, SMALL).await.unwrap();
    companion.begin_purchase(account).await.unwrap();
    let order = world.buy(SMALL).await;
    assert_eq!(arrival(companion, account).await.state, PurchaseState::Arrived);
    order
}

#[tokio::test]
async fn a_purchase_is_an_order_from_the_hand_over_on() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    assert_eq!(orders(&companion, &account).await, []);
    companion.pick_pack(&account, SMALL).await.unwrap();
    assert_eq!(orders(&companion, &account).await, [], "nothing happened yet");
    companion.begin_purchase(&account).await.unwrap();
    let waiting = orders(&companion, &account).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (waiting[0].state, waiting[0].amount.unwrap().to_string().as_str()),
        (OrderState::Waiting, "30.00")
    );

    world.buy(SMALL).await;
    arrival(&companion, &account).await;
    let arrived = orders(&companion, &account).await;
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    let order = &arrived[0];
    assert_eq!((order.id.as_str(), order.origin), (waiting[0].id.as_str(), OrderOrigin::BoughtHere));
    assert_eq!((order.state, order.used, order.days), (OrderState::Untouched, Some(0), Some(365)));
    assert!(order.lot.is_some() && order.paid_at.is_some());
    // 806 calls of the trial come before it.
    let RefundView::Possible { limit, .. } = &order.refund else { panic!("{order:?}") };
    assert_eq!(*limit, RefundLimit::Window);
    assert!(matches!(order.invoice, Some(InvoiceView::Possible { better_after: Some(_) })));

    world.customers(&app_id, 806).await;
    companion.sync_usage(&account).await.unwrap();
    let next = &orders(&companion, &account).await[0];
    let RefundView::Possible { limit, until, window_ends, .. } = &next.refund else { panic!("{next:?}") };
    assert_eq!((*limit, until), (RefundLimit::NextUse, window_ends));

    world.customers(&app_id, 1).await;
    companion.sync_usage(&account).await.unwrap();
    let used = &orders(&companion, &account).await[0];
    assert_eq!((used.state, used.used), (OrderState::InUse, Some(1)));
    assert_eq!(used.refund, RefundView::Refused { reasons: vec![RefundReason::Used] });
    let asked = companion.note_order(&account, &used.id, OrderNote::RefundAsked).await;
    assert_eq!(code(asked), ErrorCode::NotRefundable);
}

#[tokio::test]
async fn a_refund_is_written_down_and_recognised_by_the_lot() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let page = buy_here(&mut world, &companion, &account).await;
    let id = orders(&companion, &account).await[0].id.clone();

    companion.note_order(&account, &id, OrderNote::RefundAsked).await.unwrap();
    let asked = &orders(&companion, &account).await[0];
    assert_eq!(asked.state, OrderState::RefundAsked);
    let RefundView::Asked { money: Some(money), late: false, .. } = &asked.refund else {
        panic!("{asked:?}")
    };
    assert!(money.from < money.to);
    assert_eq!(asked.invoice, None);
    companion.note_order(&account, &id, OrderNote::RefundNotAsked).await.unwrap();
    assert_eq!(orders(&companion, &account).await[0].state, OrderState::Untouched);

    world.refund(&page).await;
    companion.note_order(&account, &id, OrderNote::RefundAsked).await.unwrap();
    until("the refund to be seen", || async {
        orders(&companion, &account).await[0].state == OrderState::Refunded
    })
    .await;
    let back = &orders(&companion, &account).await[0];
    let RefundView::Returned { money: Some(expected), .. } = &back.refund else { panic!("{back:?}") };
    assert_eq!(expected, money, "counted from the day it was asked for");
    assert_eq!(back.invoice, None);
}

#[tokio::test]
async fn what_nobody_bought_here_is_an_order_too_and_says_so() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let page = world.buy(LARGE).await;
    companion.sync_usage(&account).await.unwrap();
    companion.sync_usage(&account).await.unwrap();
    let seen = orders(&companion, &account).await;
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!((seen[0].origin, seen[0].state), (OrderOrigin::Seen, OrderState::Untouched));
    assert_eq!((seen[0].amount.unwrap().to_string().as_str(), seen[0].amount_is_estimate), ("150.00", true));
    // Its money came back without a word to the application.
    world.refund(&page).await;
    companion.sync_usage(&account).await.unwrap();
    assert_eq!(orders(&companion, &account).await[0].state, OrderState::Refunded);
}

#[tokio::test]
async fn what_the_shop_wrote_down_survives_the_application() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    buy_here(&mut world, &companion, &account).await;
    let id = orders(&companion, &account).await[0].id.clone();
    let number = |number: &str| OrderNote::Number { number: number.to_owned() };
    let refused = companion.note_order(&account, &id, number("12")).await;
    assert_eq!(code(refused), ErrorCode::OrderNumberInvalid);
    assert_eq!(code(companion.note_order(&account, "none", number("")).await), ErrorCode::NotFound);
    companion.note_order(&account, &id, number(" DD3034220985269108737 ")).await.unwrap();
    companion.note_order(&account, &id, OrderNote::InvoiceAsked).await.unwrap();
    let before = companion.get_orders(&account).await.unwrap();
    companion.close().await;
    // Readings can be thrown away; orders cannot.
    for file in ["cache.db", "cache.db-wal", "cache.db-shm"] {
        drop(std::fs::remove_file(world.home.path().join("app").join(file)));
    }
    let companion = world.open().await;
    let after = &companion.get_orders(&account).await.unwrap().orders[0];
    assert_eq!(after.number.as_deref(), Some("DD3034220985269108737"));
    assert_eq!((&after.lot, after.calls), (&before.orders[0].lot, 1_000));
    let Some(InvoiceView::Asked { expected: Some(expected), .. }) = &after.invoice else {
        panic!("{after:?}")
    };
    assert!(expected.from < expected.to);
    companion.note_order(&account, &id, OrderNote::InvoiceNotAsked).await.unwrap();
    let undone = &companion.get_orders(&account).await.unwrap().orders[0];
    assert!(matches!(undone.invoice, Some(InvoiceView::Possible { .. })));
}

#[tokio::test]
async fn a_purchase_that_was_given_up_is_still_known_when_it_arrives() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    assert_eq!(companion.get_purchase(&account).await.unwrap(), None);
    companion.pick_pack(&account, SMALL).await.unwrap();
    companion.begin_purchase(&account).await.unwrap();
    companion.give_up_purchase(&account).await.unwrap();
    assert_eq!(orders(&companion, &account).await[0].state, OrderState::GivenUp);
    let resumed = companion.resume_purchase(&account).await.unwrap();
    assert_eq!(resumed.state, PurchaseState::Waiting);
    assert_eq!(code(companion.resume_purchase(&account).await), ErrorCode::NotFound);
    companion.give_up_purchase(&account).await.unwrap();
    world.buy(SMALL).await;
    until("the pack that was given up", || async {
        companion.sync_usage(&account).await.unwrap();
        orders(&companion, &account).await[0].state != OrderState::GivenUp
    })
    .await;
    let late = orders(&companion, &account).await;
    assert_eq!(late.len(), 1, "{late:?}");
    assert_eq!((late[0].origin, late[0].state), (OrderOrigin::BoughtHere, OrderState::Untouched));
    let purchase = companion.get_purchase(&account).await.unwrap().unwrap();
    assert_eq!(purchase.state, PurchaseState::Arrived);
}

#[tokio::test]
async fn with_typed_in_figures_an_order_knows_what_it_can() {
    let world = World::new().await;
    let companion = world.open().await;
    let account = paying(&companion).await;
    let figures = TypedFigures { used: 990, remaining: 10, total: 1_000 };
    companion.connect_typed_in(&account, figures).await.unwrap();
    companion.pick_pack(&account, SMALL).await.unwrap();
    companion.begin_purchase(&account).await.unwrap();
    let figures = TypedFigures { used: 995, remaining: 1_005, total: 2_000 };
    companion.connect_typed_in(&account, figures).await.unwrap();
    let view = companion.get_orders(&account).await.unwrap();
    assert!(view.typed_in && view.read_at.is_none());
    let order = &view.orders[0];
    assert_eq!((order.state, order.used, &order.lot), (OrderState::Arrived, None, &None));
    assert_eq!(order.refund, RefundView::NotKnown);
    assert_eq!(order.amount.unwrap(), "30.00");
}
