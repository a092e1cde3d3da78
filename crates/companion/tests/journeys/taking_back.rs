//! An allocation that is being taken back is not called done before WeChat has had the time for it.

use chrono::TimeDelta;
use companion::Companion;
use companion::api::AllocationState;
use testkit::server::Answer;
use testkit::until;

use crate::allocations::{becomes_in_time, newest, one};
use crate::scripted::{CANCEL, Scripted, errcode};

/// Asks once more, and returns when WeChat was asked.
async fn asked_again(world: &Scripted, companion: &Companion, provider: &str) {
    let before = world.calls(CANCEL);
    companion.retry_allocations(provider).await.unwrap();
    until("WeChat to be asked", || async {
        world.time.pass(TimeDelta::seconds(1));
        world.calls(CANCEL) > before + 1
    })
    .await;
}

/// The answer to the first call was lost; to the second WeChat says "under way", as it does to an allocation.
#[tokio::test]
async fn what_wechat_is_taking_back_is_not_called_done() {
    let world = Scripted::new();
    let companion = world.open().await;
    let (provider, done) = one(&world, &companion, 10_121_009, AllocationState::Done).await;
    world.cancels(|_| Answer::Reset);
    companion.cancel_allocation(&done.id).await.unwrap_err();
    world.cancels(|_| errcode(10_121_011));
    asked_again(&world, &companion, &provider).await;
    assert_eq!(newest(&companion, &provider).await.state, AllocationState::Cancelling);
    world.cancels(|_| errcode(10_121_010));
    world.assigns(|_| errcode(10_121_010));
    becomes_in_time(&world, &companion, &provider, AllocationState::Cancelled).await;
}

/// The shop had no network for hours, or its clock was set: that was not WeChat's time.
#[tokio::test]
async fn a_call_that_takes_back_and_arrives_hours_later_is_waited_for() {
    let world = Scripted::new();
    let companion = world.open().await;
    let (provider, done) = one(&world, &companion, 10_121_009, AllocationState::Done).await;
    world.cancels(|_| Answer::Reset);
    companion.cancel_allocation(&done.id).await.unwrap_err();
    world.time.pass(TimeDelta::hours(3));
    world.cancels(|_| errcode(0));
    asked_again(&world, &companion, &provider).await;
    assert_eq!(newest(&companion, &provider).await.state, AllocationState::Cancelling);
    world.cancels(|_| errcode(10_121_010));
    world.assigns(|_| errcode(10_121_010));
    becomes_in_time(&world, &companion, &provider, AllocationState::Cancelled).await;
}
