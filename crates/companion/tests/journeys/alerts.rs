//! What the overview warns of. Each alert comes when its threshold is crossed, and goes when it is crossed back.

use std::time::Duration;

use companion::Companion;
use companion::api::{AcquisitionMode, AlertView, LotEnd, PurchaseState, Situation};
use companion::secrets::Secret;
use testkit::world::{World, arrival};

const PACK: &str = "q-365-1000";
const DAY: Duration = Duration::from_hours(24);

async fn alerts(companion: &Companion, account: &str) -> Vec<AlertView> {
    companion.get_overview(account).await.unwrap().alerts
}

/// Reads usage again; then the alerts.
async fn read_alerts(companion: &Companion, account: &str) -> Vec<AlertView> {
    companion.sync_usage(account).await.unwrap();
    alerts(companion, account).await
}

/// Hands a pack over, pays it in the console, and sees it arrive.
async fn buy(world: &mut World, companion: &Companion, account: &str) {
    companion.pick_pack(account, PACK).await.unwrap();
    companion.begin_purchase(account).await.unwrap();
    world.buy(PACK).await;
    assert_eq!(arrival(companion, account).await.state, PurchaseState::Arrived);
}

fn quota(alerts: &[AlertView]) -> Option<(u32, u64)> {
    alerts.iter().find_map(|alert| match alert {
        AlertView::QuotaLow { percent, remaining } => Some((*percent, *remaining)),
        _ => None,
    })
}

fn ends_in(alerts: &[AlertView]) -> Option<(u32, u64)> {
    alerts.iter().find_map(|alert| match alert {
        AlertView::ExpiringUnused { days, calls, .. } => Some((*days, *calls)),
        _ => None,
    })
}

fn is_refundable(alerts: &[AlertView]) -> bool {
    alerts.iter().any(|alert| matches!(alert, AlertView::RefundWindow { .. }))
}

fn waits(alerts: &[AlertView]) -> bool {
    alerts.iter().any(|alert| matches!(alert, AlertView::PurchaseWaiting { .. }))
}

#[tokio::test]
async fn a_low_quota_is_told_at_each_share_until_it_is_filled_up() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    // 806 of 1,000 are left. WeChat warns at 20, 10, 5 and 0 percent.
    for (customers, told) in
        [(605, None), (1, Some((20, 200))), (99, Some((10, 101))), (1, Some((10, 100))), (50, Some((5, 50)))]
    {
        world.customers(&app_id, customers).await;
        assert_eq!(quota(&read_alerts(&companion, &account).await), told, "after {customers} more");
    }
    // That nothing is left says the headline, and no alert once more.
    world.customers(&app_id, 50).await;
    assert_eq!(quota(&read_alerts(&companion, &account).await), None);
    assert_eq!(companion.get_overview(&account).await.unwrap().situation.kind, Situation::DryUsedUp);
    buy(&mut world, &companion, &account).await;
    assert_eq!(quota(&alerts(&companion, &account).await), None);
    world.customers(&app_id, 960).await;
    assert_eq!(quota(&read_alerts(&companion, &account).await), Some((4, 40)));
}

#[tokio::test]
async fn a_pack_that_ends_unused_is_told_of_until_it_has_ended() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    buy(&mut world, &companion, &account).await;
    let mut today = 0;
    for (day, told) in
        [(349, None), (350, Some(15)), (358, Some(7)), (362, Some(3)), (364, Some(1)), (366, None)]
    {
        world.practice.advance(DAY * (day - today)).await.unwrap();
        today = day;
        let found = ends_in(&read_alerts(&companion, &account).await);
        assert_eq!(found, told.map(|days| (days, 1_000)), "on day {day}");
    }
}

#[tokio::test]
async fn a_refund_is_offered_for_seven_days_and_no_longer() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    assert!(!is_refundable(&alerts(&companion, &account).await));
    buy(&mut world, &companion, &account).await;
    assert!(is_refundable(&alerts(&companion, &account).await));
    world.practice.advance(DAY * 6 + Duration::from_hours(23)).await.unwrap();
    assert!(is_refundable(&read_alerts(&companion, &account).await), "on the last day");
    world.practice.advance(Duration::from_hours(2)).await.unwrap();
    assert!(!is_refundable(&read_alerts(&companion, &account).await), "too late");
}

#[tokio::test]
async fn a_refund_is_no_longer_offered_once_a_call_was_charged() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    buy(&mut world, &companion, &account).await;
    world.customers(&app_id, 806).await;
    assert!(is_refundable(&read_alerts(&companion, &account).await), "the trial comes first");
    world.customers(&app_id, 1).await;
    assert!(!is_refundable(&read_alerts(&companion, &account).await));
}

#[tokio::test]
async fn a_purchase_that_waits_is_told_of_until_it_arrives_or_is_given_up() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.pick_pack(&account, PACK).await.unwrap();
    assert!(!waits(&alerts(&companion, &account).await), "nothing was handed over");
    companion.begin_purchase(&account).await.unwrap();
    assert!(waits(&alerts(&companion, &account).await));
    companion.give_up_purchase(&account).await.unwrap();
    assert!(!waits(&alerts(&companion, &account).await));
    buy(&mut world, &companion, &account).await;
    assert!(!waits(&alerts(&companion, &account).await));
}

#[tokio::test]
async fn the_next_expiry_is_of_a_pack_that_can_still_be_used() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    buy(&mut world, &companion, &account).await;
    world.customers(&app_id, 1_806).await;
    companion.sync_usage(&account).await.unwrap();
    assert_eq!(companion.get_overview(&account).await.unwrap().next_expiry, None, "used up");
    world.next_day().await;
    // A session in the console does not last that long.
    world.sign_in().await;
    buy(&mut world, &companion, &account).await;
    let next = companion.get_overview(&account).await.unwrap().next_expiry.unwrap();
    assert_eq!((next.lots, next.calls), (1, 1_000));
}

#[tokio::test]
async fn money_that_was_given_back_cannot_be_asked_for_again() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.pick_pack(&account, PACK).await.unwrap();
    companion.begin_purchase(&account).await.unwrap();
    let order = world.buy(PACK).await;
    arrival(&companion, &account).await;
    assert!(is_refundable(&alerts(&companion, &account).await));
    // Without a word here: the console alone knows.
    world.refund(&order).await;
    assert!(!is_refundable(&read_alerts(&companion, &account).await));
    let overview = companion.get_overview(&account).await.unwrap();
    assert_eq!(overview.purchase.unwrap().refundable_until, None);
    let usage = overview.usage.unwrap();
    assert_eq!(usage.lots.last().unwrap().ended, Some(LotEnd::Refunded));
    assert_eq!((usage.expired, overview.next_expiry), (0, None));
}

#[tokio::test]
async fn a_dry_shop_is_told_what_its_customers_get() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    world.customers(&app_id, 806).await;
    companion.sync_usage(&account).await.unwrap();
    let stands = async || {
        let overview = companion.get_overview(&account).await.unwrap();
        (overview.situation.kind, overview.can_switch)
    };
    assert_eq!(stands().await, (Situation::DryUsedUp, false));
    let key = world.access_key(&app_id).await;
    companion.connect_member_card(&account, Secret::from(key)).await.unwrap();
    assert_eq!(stands().await, (Situation::DryUsedUp, true));
    companion.set_mode(&account, AcquisitionMode::Manual).await.unwrap();
    let overview = companion.get_overview(&account).await.unwrap();
    assert_eq!(
        (overview.situation.kind, quota(&overview.alerts), overview.advice),
        (Situation::DryManual, None, None),
        "nobody is turned away"
    );
}

#[tokio::test]
async fn packs_of_one_day_end_together_and_what_is_lost_stays_on_record() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    buy(&mut world, &companion, &account).await;
    buy(&mut world, &companion, &account).await;
    let overview = companion.get_overview(&account).await.unwrap();
    let lost = |alert: &AlertView| matches!(alert, AlertView::WillExpire { calls, .. } if *calls > 0);
    assert!(overview.alerts.iter().any(lost), "{:?}", overview.alerts);
    // Nobody reads for a year: what has ended meanwhile is not left.
    world.practice.advance(DAY * 366).await.unwrap();
    let overview = companion.get_overview(&account).await.unwrap();
    let usage = overview.usage.unwrap();
    assert_eq!((usage.remaining.value, usage.expired), (806, 2_000));
    assert_eq!((overview.situation.kind, overview.advice), (Situation::Stale, None));
    let usage = companion.sync_usage(&account).await.unwrap();
    assert_eq!((usage.remaining.value, usage.expired), (806, 2_000));
    let ended = usage.lots.iter().filter(|lot| lot.ended == Some(LotEnd::Expired)).count();
    assert_eq!(ended, 2);
}
