//! Alerts that are raised once, whether or not anybody looks, and what the system is to show of them.

use std::time::Duration;

use companion::Companion;
use companion::api::{ChannelKind, ErrorCode, InboxAlert, InboxItemView, MessageState, NoticeView};
use companion::secrets::Secret;
use serde_json::json;

use testkit::server::{Request, Server, ok};
use testkit::world::{World, paying};
use testkit::{code, until};

const USAGE: &str = "/wxa/charge/usage/get";
const START: &str = "2026-03-10T12:00:00+08:00";
const HOUR: Duration = Duration::from_hours(1);

async fn items(companion: &Companion) -> Vec<InboxItemView> {
    companion.get_inbox().await.unwrap().items
}

/// The shares of low quotas, oldest first.
async fn shares(companion: &Companion) -> Vec<(u32, u64)> {
    let items = items(companion).await.into_iter().rev();
    let share = |item: InboxItemView| match item.alert {
        InboxAlert::QuotaLow { percent, remaining } => Some((percent, remaining)),
        _ => None,
    };
    items.filter_map(share).collect()
}

/// Waits for so many low quotas, and returns them.
async fn raised(companion: &Companion, count: usize) -> Vec<(u32, u64)> {
    until("the alert is raised", || async { shares(companion).await.len() >= count }).await;
    shares(companion).await
}

/// Reads the account, and looks at the reading.
async fn read(companion: &Companion, account: &str, remaining: u64) {
    let usage = companion.sync_usage(account).await.unwrap();
    assert_eq!(usage.remaining.value, remaining);
    companion.wait_for_forecasts_and_alerts().await;
}

#[tokio::test]
async fn a_crossing_is_raised_once_though_nobody_looks_and_again_after_a_refill() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    companion.wait_for_forecasts_and_alerts().await;
    companion.read_by_itself();
    // 806 of 1,000 are left.
    world.customers(&app_id, 610).await;
    world.practice.advance(HOUR * 4).await.unwrap();
    assert_eq!(raised(&companion, 1).await, [(20, 196)]);
    // A failed reading is no zero, and the same share is not raised again, not even by another run.
    world.fault(USAGE, json!({ "kind": "errcode", "errcode": -1 }), Some(1)).await;
    world.customers(&app_id, 10).await;
    world.practice.advance(HOUR * 4).await.unwrap();
    until("the fault was met", || async { world.calls(USAGE).await >= 3 }).await;
    read(&companion, &account, 186).await;
    companion.close().await;
    let companion = world.open().await;
    companion.read_by_itself();
    world.customers(&app_id, 90).await;
    world.practice.advance(HOUR * 4).await.unwrap();
    assert_eq!(raised(&companion, 2).await, [(20, 196), (10, 96)]);
    // Filled up, and used up again.
    world.sign_in().await;
    world.buy("q-365-1000").await;
    read(&companion, &account, 1_096).await;
    world.customers(&app_id, 946).await;
    world.practice.advance(HOUR * 4).await.unwrap();
    assert_eq!(raised(&companion, 3).await.last(), Some(&(20, 150)));
}

#[tokio::test]
async fn the_first_reading_of_an_account_raises_nothing() {
    let mut world = World::from(START).await;
    let app_id = world.app_id(0);
    world.customers(&app_id, 720).await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.wait_for_forecasts_and_alerts().await;
    assert_eq!(items(&companion).await, []);
    world.customers(&app_id, 50).await;
    companion.sync_usage(&account).await.unwrap();
    raised(&companion, 1).await;
    assert_eq!(shares(&companion).await, [(5, 36)]);
}

#[tokio::test]
async fn a_notice_is_taken_once_also_across_a_restart_and_not_in_quiet_hours() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    assert_eq!(code(companion.set_alerting(5, None, None).await), ErrorCode::FiguresInvalid);
    assert_eq!(code(companion.set_alerting(7, Some(22), None).await), ErrorCode::FiguresInvalid);
    assert_eq!(code(companion.set_alerting(7, Some(22), Some(24)).await), ErrorCode::FiguresInvalid);
    // All but one hour that is long over or far ahead.
    let hour = billing_core::time::beijing_hour(chrono::Utc::now());
    let (from, to) = ((hour + 13) % 24, (hour + 12) % 24);
    let settings = companion.set_alerting(7, Some(from), Some(to)).await.unwrap();
    let quiet = settings.quiet_hours.unwrap();
    assert_eq!((settings.warn_days, quiet.from, quiet.to), (7, from, to));
    companion.wait_for_forecasts_and_alerts().await;
    world.customers(&app_id, 610).await;
    companion.sync_usage(&account).await.unwrap();
    raised(&companion, 1).await;
    assert_eq!(companion.take_notices().await.unwrap(), []);
    companion.set_alerting(7, None, None).await.unwrap();
    let notices = companion.take_notices().await.unwrap();
    assert!(notices.iter().any(|notice| matches!(
        notice,
        NoticeView::Alert(InboxItemView { alert: InboxAlert::QuotaLow { percent: 20, .. }, .. })
    )));
    assert_eq!(companion.take_notices().await.unwrap(), []);
    companion.close().await;
    let companion = world.open().await;
    assert_eq!(companion.take_notices().await.unwrap(), []);
    let inbox = companion.get_inbox().await.unwrap();
    assert_eq!(inbox.unread as usize, inbox.items.len());
    let first = inbox.items[0].id.clone();
    let inbox = companion.mark_inbox_read(Some(first.clone())).await.unwrap();
    assert_eq!(inbox.unread as usize, inbox.items.len() - 1);
    assert!(inbox.items.iter().find(|item| item.id == first).unwrap().read);
    assert_eq!(companion.mark_inbox_read(None).await.unwrap().unread, 0);
}

/// What a message of a receiver of the shop's own says.
fn said(server: &Server) -> Vec<(String, String)> {
    let word = |message: &serde_json::Value, name: &str| message[name].as_str().unwrap().to_owned();
    let read = |request: &Request| {
        let message: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        (word(&message, "title"), word(&message, "text"))
    };
    server.requests().iter().map(read).collect()
}

#[tokio::test]
async fn a_crossing_goes_to_the_owners_phone_once_also_across_a_restart() {
    let receiver = Server::script(vec![ok("")]);
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let address = Secret::from(receiver.url().join("/alerts").unwrap().as_str());
    companion.add_channel(ChannelKind::Webhook, "", address, None).await.unwrap();
    let (account, app_id) = world.connected(&companion).await;
    companion.wait_for_forecasts_and_alerts().await;
    assert_eq!(said(&receiver), [], "the first reading is on screen anyway");
    world.customers(&app_id, 610).await;
    companion.sync_usage(&account).await.unwrap();
    until("it is said", || async { !said(&receiver).is_empty() }).await;
    let (title, text) = said(&receiver).remove(0);
    assert!(title.starts_with("验号管家："), "{title}");
    assert!(text.contains("剩余额度不超过 20%") || title.contains("20%"), "{title} {text}");
    assert!(!text.contains("196") && !text.contains(&app_id), "{text}");
    let sent = || async {
        let channels = companion.get_channels().await.unwrap().channels;
        channels[0].last.as_ref().is_some_and(|last| last.state == MessageState::Sent)
    };
    until("it is noted", sent).await;
    companion.close().await;
    let companion = world.open().await;
    read(&companion, &account, 196).await;
    let channel = companion.get_channels().await.unwrap().channels.remove(0);
    assert_eq!((channel.waiting, said(&receiver).len()), (0, 1));
}

#[tokio::test]
async fn many_alerts_at_once_are_one_notice_and_go_with_their_account() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (first, app_id, secret) = world.ready_to_connect(&companion).await;
    let mut accounts = vec![first];
    for _ in 0..4 {
        accounts.push(paying(&companion).await);
    }
    for account in &accounts {
        companion.connect_app_secret(account, &app_id, Secret::from(secret.as_str())).await.unwrap();
    }
    companion.wait_for_forecasts_and_alerts().await;
    let low = || async { shares(&companion).await.len() };
    world.customers(&app_id, 610).await;
    companion.sync_all().await.unwrap();
    raised(&companion, accounts.len()).await;
    let notices = companion.take_notices().await.unwrap();
    assert!(matches!(notices[..], [NoticeView::Digest { count }] if count >= 5), "{notices:?}");
    companion.archive_account(&accounts[0], true).await.unwrap();
    assert_eq!(low().await, 4);
    companion.remove_account(&accounts[1]).await.unwrap();
    companion.finish_removal(&accounts[1]).await.unwrap();
    assert_eq!(low().await, 3);
}

#[tokio::test]
async fn usage_far_above_the_forecast_is_raised_once_until_it_has_passed() {
    let mut world = World::from("2026-03-10T09:00:00+08:00").await;
    let companion = world.open().await;
    let (account, app_id) = world.connected(&companion).await;
    let raised = || async {
        let items = items(&companion).await.into_iter();
        items.filter(|item| matches!(item.alert, InboxAlert::UsageHigh { .. })).count()
    };
    let look = || async {
        companion.sync_usage(&account).await.unwrap();
        companion.wait_for_forecasts_and_alerts().await;
    };
    world.sign_in().await;
    world.buy("q-365-10000").await;
    for day in 0..12 {
        world.customers(&app_id, 18 + day % 5).await;
        look().await;
        world.next_day().await;
        look().await;
    }
    assert_eq!(raised().await, 0, "ordinary days");
    for (customers, expected) in [(30, 0), (300, 1), (300, 1)] {
        world.customers(&app_id, customers).await;
        look().await;
        assert_eq!(raised().await, expected);
    }
    let alert = items(&companion).await.into_iter().map(|item| item.alert);
    let mut high = alert.filter_map(|alert| match alert {
        InboxAlert::UsageHigh { calls, expected } => Some((calls, expected)),
        _ => None,
    });
    let (calls, expected) = high.next_back().unwrap();
    assert!(calls >= 300 && (24..270).contains(&expected), "{calls} {expected}");
}
