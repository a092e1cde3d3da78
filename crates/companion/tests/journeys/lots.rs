//! What becomes of a pack, by what WeChat lists: which purchase it is, what was paid, and how it ends.

use chrono::{DateTime, TimeDelta, Utc};
use companion::Companion;
use companion::api::{
    ErrorCode, OrderNote, OrderOrigin, OrderState, PurchaseState, RefundReason, RefundView, TypedFigures,
};
use companion::ports::Clock as _;
use testkit::world::arrival;
use testkit::{code, until};

use crate::scripted::{Lot, Scripted, USAGE, orders_read};

const SMALL: &str = "q-365-1000";
const FIGURES: TypedFigures = TypedFigures { used: 990, remaining: 10, total: 1_000 };

async fn hand_over(companion: &Companion, account: &str, pack: &str) {
    companion.pick_pack(account, pack).await.unwrap();
    companion.begin_purchase(account).await.unwrap();
}

fn now(world: &Scripted) -> DateTime<Utc> {
    world.time.now()
}

#[tokio::test]
async fn a_pack_that_lapsed_unused_is_lost_and_not_refunded() {
    let world = Scripted::new();
    let companion = world.open().await;
    let lot = Lot { days: 90, calls: 250, ..Lot::paid("A", now(&world) - TimeDelta::days(89)) };
    world.lists(std::slice::from_ref(&lot));
    let account = world.connected(&companion).await;
    assert_eq!(orders_read(&companion, &account).await[0].state, OrderState::Untouched);
    world.time.pass(TimeDelta::days(2));
    world.lists(&[Lot { status: 3, ..lot }]);
    let order = orders_read(&companion, &account).await.remove(0);
    assert_eq!(order.state, OrderState::Lapsed);
    let RefundView::Refused { reasons } = &order.refund else { panic!("{order:?}") };
    assert!(reasons.contains(&RefundReason::Expired), "{reasons:?}");
}

#[tokio::test]
async fn a_pack_is_refunded_whether_wechat_goes_on_listing_it_or_not() {
    for listed in [true, false] {
        let world = Scripted::new();
        let companion = world.open().await;
        let (lot, other) = (Lot::paid("A", now(&world)), Lot::paid("B", now(&world) - TimeDelta::days(2)));
        world.lists(&[lot.clone(), other.clone()]);
        let account = world.connected(&companion).await;
        let order =
            orders_read(&companion, &account).await.into_iter().find(|one| one.lot.as_deref() == Some("A"));
        companion.note_order(&account, &order.unwrap().id, OrderNote::RefundAsked).await.unwrap();
        world.time.pass(TimeDelta::days(1));
        world.lists(&if listed { vec![Lot { status: 3, ..lot }, other] } else { vec![other] });
        let states = || async {
            let orders = orders_read(&companion, &account).await;
            ["A", "B"].map(|lot| orders.iter().find(|one| one.lot.as_deref() == Some(lot)).unwrap().state)
        };
        // A reading that began when the refund was asked for may still be under way.
        until("the refund to be seen", || async { states().await[0] != OrderState::RefundAsked }).await;
        assert_eq!(states().await, [OrderState::Refunded, OrderState::Untouched], "listed: {listed}");
    }
}

#[tokio::test]
async fn after_seven_days_a_pack_cannot_be_given_back_any_more() {
    let world = Scripted::new();
    let companion = world.open().await;
    world.lists(&[Lot::paid("A", now(&world))]);
    let account = world.connected(&companion).await;
    let order = orders_read(&companion, &account).await.remove(0);
    assert!(matches!(order.refund, RefundView::Possible { .. }), "{order:?}");
    world.time.pass(TimeDelta::days(7) + TimeDelta::seconds(1));
    let late = orders_read(&companion, &account).await.remove(0);
    assert_eq!(late.refund, RefundView::Refused { reasons: vec![RefundReason::TooLate] });
    let asked = companion.note_order(&account, &order.id, OrderNote::RefundAsked).await;
    assert_eq!(code(asked), ErrorCode::NotRefundable);
}

#[tokio::test]
async fn a_purchase_that_was_given_up_is_not_an_older_pack_of_the_same_size() {
    let world = Scripted::new();
    let companion = world.open().await;
    let account = world.account(&companion).await;
    companion.connect_typed_in(&account, FIGURES).await.unwrap();
    hand_over(&companion, &account, SMALL).await;
    companion.give_up_purchase(&account).await.unwrap();
    world.lists(&[Lot::paid("old", now(&world) - TimeDelta::days(40))]);
    world.connect(&companion, &account).await;
    let orders = orders_read(&companion, &account).await;
    let told: Vec<_> = orders.iter().map(|order| (order.origin, order.state)).collect();
    assert_eq!(
        told,
        [(OrderOrigin::BoughtHere, OrderState::GivenUp), (OrderOrigin::Seen, OrderState::Untouched)]
    );
}

#[tokio::test]
async fn a_purchase_that_was_given_up_is_recognised_though_the_computer_is_two_minutes_ahead() {
    let world = Scripted::new();
    let companion = world.open().await;
    let account = world.connected(&companion).await;
    hand_over(&companion, &account, SMALL).await;
    companion.give_up_purchase(&account).await.unwrap();
    world.lists(&[Lot::paid("A", now(&world) - TimeDelta::minutes(2))]);
    let orders = orders_read(&companion, &account).await;
    assert_eq!(orders.len(), 1, "{orders:?}");
    assert_eq!((orders[0].origin, orders[0].state), (OrderOrigin::BoughtHere, OrderState::Untouched));
}

/// Where lots were not known when the pack was picked, its start alone tells old from new.
#[tokio::test]
async fn an_old_pack_is_not_the_arrival_where_lots_were_not_known() {
    let world = Scripted::new();
    let companion = world.open().await;
    let account = world.account(&companion).await;
    companion.connect_typed_in(&account, FIGURES).await.unwrap();
    hand_over(&companion, &account, SMALL).await;
    let old = Lot::paid("old", now(&world) - TimeDelta::days(40));
    world.lists(std::slice::from_ref(&old));
    world.connect(&companion, &account).await;
    assert_eq!(companion.check_arrival(&account).await.unwrap().state, PurchaseState::Waiting);
    // The computer is two minutes ahead of WeChat.
    world.lists(&[old, Lot::paid("new", now(&world) - TimeDelta::minutes(2))]);
    let arrived = companion.check_arrival(&account).await.unwrap();
    assert_eq!((arrived.state, arrived.lot.as_deref()), (PurchaseState::Arrived, Some("new")));
}

#[tokio::test]
async fn a_pack_is_the_arrival_of_one_purchase_only() {
    let world = Scripted::new();
    let companion = world.open().await;
    let account = world.connected(&companion).await;
    hand_over(&companion, &account, SMALL).await;
    let first = Lot::paid("first", now(&world));
    world.lists(std::slice::from_ref(&first));
    assert_eq!(companion.check_arrival(&account).await.unwrap().state, PurchaseState::Arrived);
    // Bought once more within the same minutes, while the figures were typed in by hand.
    world.time.pass(TimeDelta::minutes(2));
    companion.connect_typed_in(&account, FIGURES).await.unwrap();
    hand_over(&companion, &account, SMALL).await;
    world.connect(&companion, &account).await;
    assert_eq!(companion.check_arrival(&account).await.unwrap().state, PurchaseState::Waiting);
    world.lists(&[first, Lot::paid("second", now(&world))]);
    let second = companion.check_arrival(&account).await.unwrap();
    assert_eq!((second.state, second.lot.as_deref()), (PurchaseState::Arrived, Some("second")));
}

#[tokio::test]
async fn a_pack_of_another_validity_is_another_pack_and_its_price_is_not_that_of_the_picked_one() {
    let world = Scripted::new();
    let companion = world.open().await;
    let account = world.connected(&companion).await;
    hand_over(&companion, &account, SMALL).await;
    world.lists(&[Lot { days: 90, ..Lot::paid("A", now(&world)) }]);
    let arrived = companion.check_arrival(&account).await.unwrap();
    assert_eq!(arrived.state, PurchaseState::ArrivedDifferent);
    let order = orders_read(&companion, &account).await.remove(0);
    assert_eq!((order.calls, order.days), (1_000, Some(90)));
    assert_eq!((order.amount, order.amount_is_estimate), (None, false), "no price list has such a pack");
}

#[tokio::test]
async fn the_amount_of_another_pack_is_its_own_and_says_that_the_price_list_was_asked() {
    let world = Scripted::new();
    let companion = world.open().await;
    let account = world.connected(&companion).await;
    hand_over(&companion, &account, SMALL).await;
    world.lists(&[Lot { calls: 5_000, ..Lot::paid("A", now(&world)) }]);
    let arrived = companion.check_arrival(&account).await.unwrap();
    assert_eq!((arrived.state, arrived.arrived_calls), (PurchaseState::ArrivedDifferent, Some(5_000)));
    let order = orders_read(&companion, &account).await.remove(0);
    assert_eq!((order.origin, order.calls), (OrderOrigin::BoughtHere, 5_000));
    assert_eq!((order.amount.unwrap().to_string().as_str(), order.amount_is_estimate), ("150.00", true));
}

/// The computer's clock was a year ahead when the last pack was picked.
#[tokio::test]
async fn a_pack_can_be_bought_after_the_clock_was_set_back() {
    let world = Scripted::new();
    let companion = world.open().await;
    let account = world.connected(&companion).await;
    world.time.pass(TimeDelta::days(365));
    hand_over(&companion, &account, SMALL).await;
    companion.give_up_purchase(&account).await.unwrap();
    world.time.pass(-TimeDelta::days(365));
    hand_over(&companion, &account, SMALL).await;
    assert_eq!(companion.get_purchase(&account).await.unwrap().unwrap().state, PurchaseState::Waiting);
    world.lists(&[Lot::paid("A", now(&world))]);
    assert_eq!(arrival(&companion, &account).await.state, PurchaseState::Arrived);
    let orders = orders_read(&companion, &account).await;
    assert_eq!(
        orders.iter().map(|order| order.state).collect::<Vec<_>>(),
        [OrderState::GivenUp, OrderState::Untouched]
    );
}

/// Once a minute for an hour, once an hour for a day, once a day for two weeks.
#[tokio::test]
async fn a_pack_that_nobody_pays_is_asked_about_ever_more_rarely_and_not_for_ever() {
    let world = Scripted::new();
    let companion = world.open().await;
    let account = world.connected(&companion).await;
    hand_over(&companion, &account, SMALL).await;
    until("the watch", || async { world.time.last_end().is_some() }).await;
    let begun = now(&world);
    let mut asked = Vec::new();
    let reads = world.calls(USAGE);
    while let Some(end) = world.time.last_end() {
        assert!(asked.len() < 130, "asked about for ever");
        world.time.pass(end - now(&world));
        asked.push(now(&world) - begun);
        let calls = reads + asked.len();
        until("the answer", || async {
            let is_over = asked.last().is_some_and(|age| *age >= TimeDelta::days(14));
            world.calls(USAGE) >= calls
                && (is_over || world.time.last_end().is_some_and(|end| end > now(&world)))
        })
        .await;
        if asked.last().is_some_and(|age| *age >= TimeDelta::days(14)) {
            break;
        }
    }
    let within = |from, to| asked.iter().filter(|age| (from..to).contains(*age)).count();
    let (hour, day) = (TimeDelta::hours(1), TimeDelta::days(1));
    assert!((30..=70).contains(&within(TimeDelta::zero(), hour)), "{asked:?}");
    assert!((22..=25).contains(&within(hour, day)), "{asked:?}");
    assert!((12..=14).contains(&within(day, TimeDelta::days(15))), "{asked:?}");
    assert_eq!(companion.get_purchase(&account).await.unwrap().unwrap().state, PurchaseState::Waiting);
    // A start looks once more.
    companion.close().await;
    world.lists(&[Lot::paid("A", now(&world))]);
    let companion = world.open().await;
    until("the watch after the start", || async { world.time.last_end().is_some() }).await;
    world.time.pass(TimeDelta::minutes(1));
    until("the arrival", || async {
        companion.get_purchase(&account).await.unwrap().unwrap().state == PurchaseState::Arrived
    })
    .await;
}
