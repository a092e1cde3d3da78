//! Allocations against a scripted WeChat: refused, fruitless, interrupted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use companion::Companion;
use companion::views::{AllocationState, AllocationView, ErrorCode, PickedShare};

use crate::scripted::{APP_ID, ASSIGN, CANCEL, ORDER, PACK, Scripted, errcode, picks};
use crate::server::Answer;
use crate::world::{code, until};

async fn newest(companion: &Companion, provider: &str) -> AllocationView {
    companion.get_allocations(provider).await.unwrap().remove(0)
}

async fn becomes(companion: &Companion, provider: &str, wanted: AllocationState) -> AllocationView {
    until(&format!("{wanted:?}"), || async { newest(companion, provider).await.state == wanted }).await;
    newest(companion, provider).await
}

/// One allocation that was answered so, and has come to that state.
async fn one(
    world: &Scripted,
    companion: &Companion,
    answer: i64,
    state: AllocationState,
) -> (String, AllocationView) {
    let provider = world.provider(companion).await;
    world.assigns(move |_| errcode(answer));
    companion.send_allocations(&provider, ORDER, picks(1)).await.unwrap();
    let sent = becomes(companion, &provider, state).await;
    (provider, sent)
}

#[tokio::test]
async fn a_refused_cancellation_leaves_the_calls_where_they_are_and_says_why() {
    let world = Scripted::new();
    let companion = world.open().await;
    let (provider, done) = one(&world, &companion, 10_121_009, AllocationState::Done).await;
    world.cancels(|_| errcode(10_121_014));
    let refused = companion.cancel_allocation(&done.id).await;
    assert_eq!(code(refused), ErrorCode::AllocationRefused);
    let kept = newest(&companion, &provider).await;
    assert_eq!((kept.state, kept.code), (AllocationState::Done, Some(ErrorCode::AllocationRefused)));
}

#[tokio::test]
async fn a_cancellation_without_effect_is_given_up_after_an_hour() {
    let world = Scripted::new();
    let companion = world.open().await;
    let (provider, done) = one(&world, &companion, 10_121_009, AllocationState::Done).await;
    let asked = companion.cancel_allocation(&done.id).await.unwrap();
    assert_eq!(asked.state, AllocationState::Cancelling);
    world.time.pass(TimeDelta::minutes(59));
    companion.retry_allocations(&provider).await.unwrap();
    assert_eq!(newest(&companion, &provider).await.state, AllocationState::Cancelling);
    world.time.pass(TimeDelta::minutes(2));
    companion.retry_allocations(&provider).await.unwrap();
    becomes(&companion, &provider, AllocationState::Done).await;
}

#[tokio::test]
async fn what_did_not_come_about_is_not_taken_back() {
    let world = Scripted::new();
    let companion = world.open().await;
    let (provider, failed) = one(&world, &companion, 10_045, AllocationState::Failed).await;
    let same = companion.cancel_allocation(&failed.id).await.unwrap();
    assert_eq!((same.state, same.code), (AllocationState::Failed, Some(ErrorCode::NoRelationship)));
    // One of which WeChat has not said anything yet.
    world.assigns(|_| errcode(-1));
    world.time.pass(TimeDelta::minutes(1));
    companion.send_allocations(&provider, ORDER, picks(1)).await.unwrap();
    until("the second call", || async { world.calls(ASSIGN) > 1 }).await;
    let open = newest(&companion, &provider).await;
    let _ = companion.cancel_allocation(&open.id).await;
    assert_eq!(newest(&companion, &provider).await.state, AllocationState::Open);
    assert_eq!(world.calls(CANCEL), 0);
}

/// WeChat had the call when the computer went down; on the repeat it says 10121031, which was seen in place of "done
/// already". Only what was written down before the call tells that this is a repeat.
#[tokio::test]
async fn an_allocation_that_was_cut_off_by_a_crash_is_done_when_wechat_says_done_already() {
    let world = Scripted::new();
    let companion = world.open().await;
    let provider = world.provider(&companion).await;
    world.assigns(|_| Answer::ThenSilence(Vec::new()));
    companion.send_allocations(&provider, ORDER, picks(1)).await.unwrap();
    until("WeChat to have the call", || async { world.calls(ASSIGN) > 0 }).await;
    companion.close().await;
    world.assigns(|_| errcode(10_121_031));
    let companion = world.open().await;
    let done = becomes(&companion, &provider, AllocationState::Done).await;
    assert!(world.request_ids().iter().all(|id| *id == done.id));
}

#[tokio::test]
async fn more_allocations_than_a_batch_may_have_are_refused_and_none_is_written() {
    let world = Scripted::new();
    let companion = world.open().await;
    let provider = world.provider(&companion).await;
    let asked = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&asked);
    world.assigns(move |_| {
        seen.store(true, Ordering::SeqCst);
        errcode(0)
    });
    let pick = |place: u32| PickedShare { app_id: format!("wx{place:016}"), sku: PACK.to_owned(), count: 20 };
    let mut many: Vec<_> = (0..1_000).map(pick).collect();
    many.push(PickedShare { app_id: APP_ID.to_owned(), sku: PACK.to_owned(), count: 1 });
    let refused = companion.send_allocations(&provider, ORDER, many).await;
    assert_eq!(code(refused), ErrorCode::AllocationInvalid);
    assert_eq!(companion.get_allocations(&provider).await.unwrap(), []);
    assert!(!asked.load(Ordering::SeqCst));
}
