//! Allocations against a scripted WeChat: refused, fruitless, interrupted.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use companion::Companion;
use companion::api::{AllocationState, AllocationView, ErrorCode, PickedShare, SendAnswer};
use companion::ports::Clock as _;
use testkit::server::{Answer, ok, status};
use testkit::{code, until};

use crate::scripted::{APP_ID, ASSIGN, CANCEL, ORDER, PACK, Scripted, TOKEN, errcode, picks, send, sent};

pub(crate) async fn newest(companion: &Companion, provider: &str) -> AllocationView {
    companion.get_allocations(provider).await.unwrap().remove(0)
}

pub(crate) async fn becomes(
    companion: &Companion,
    provider: &str,
    wanted: AllocationState,
) -> AllocationView {
    until(&format!("{wanted:?}"), || async { newest(companion, provider).await.state == wanted }).await;
    newest(companion, provider).await
}

/// The same, as the minutes pass: what waits for its time may look at the clock only after it was moved.
pub(crate) async fn becomes_in_time(
    world: &Scripted,
    companion: &Companion,
    provider: &str,
    wanted: AllocationState,
) -> AllocationView {
    let come = || async {
        world.time.pass(TimeDelta::minutes(1));
        newest(companion, provider).await.state == wanted
    };
    until(&format!("{wanted:?}"), come).await;
    newest(companion, provider).await
}

/// One allocation that was answered so, and has come to that state.
pub(crate) async fn one(
    world: &Scripted,
    companion: &Companion,
    answer: i64,
    state: AllocationState,
) -> (String, AllocationView) {
    let provider = world.provider(companion).await;
    world.assigns(move |_| errcode(answer));
    send(companion, &provider, picks(1)).await;
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
    // The attempt before may end only now, and the next one comes a moment after it.
    until("the end of the cancellation", || async {
        world.time.pass(TimeDelta::seconds(1));
        newest(&companion, &provider).await.state == AllocationState::Done
    })
    .await;
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
    send(&companion, &provider, picks(1)).await;
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
    send(&companion, &provider, picks(1)).await;
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
    let refused = sent(&companion, &provider, ORDER, many).await;
    assert_eq!(code(refused), ErrorCode::AllocationInvalid);
    assert_eq!(companion.get_allocations(&provider).await.unwrap(), []);
    assert!(!asked.load(Ordering::SeqCst));
}

/// Whatever goes wrong with a later question says nothing about an allocation that WeChat has taken.
#[tokio::test]
async fn only_wechats_refusal_of_the_call_ends_an_allocation_it_has_taken() {
    let wrong_secret = || ok(r#"{"errcode":40125,"errmsg":"invalid appsecret"}"#);
    let answers: [(ErrorCode, Answer); 5] = [
        (ErrorCode::IpNotAllowed, errcode(40_164)),
        (ErrorCode::NotPermitted, errcode(48_001)),
        (ErrorCode::UnexpectedShape, ok("{}")),
        (ErrorCode::HttpStatus, status("403 Forbidden", "")),
        (ErrorCode::BadRequest, errcode(47_001)),
    ];
    for (reason, answer) in answers {
        let world = Scripted::new();
        let companion = world.open().await;
        let (provider, _) = one(&world, &companion, 0, AllocationState::Accepted).await;
        world.assigns(move |_| answer.clone());
        let told = || async {
            world.time.pass(TimeDelta::seconds(10));
            newest(&companion, &provider).await.code == Some(reason)
        };
        until("the reason", told).await;
        assert_eq!(newest(&companion, &provider).await.state, AllocationState::Accepted, "{reason:?}");
        // What was wrong is put right, and the shop asks again.
        world.assigns(|_| errcode(10_121_009));
        companion.retry_allocations(&provider).await.unwrap();
        let done = || async {
            world.time.pass(TimeDelta::seconds(3));
            newest(&companion, &provider).await.state == AllocationState::Done
        };
        until("it to be done", done).await;
        assert_eq!(newest(&companion, &provider).await.code, None, "{reason:?}");
    }
    // The AppSecret was reset, and the application has to ask for a token with the old one.
    let world = Scripted::new();
    let companion = world.open().await;
    let (provider, _) = one(&world, &companion, 0, AllocationState::Accepted).await;
    companion.close().await;
    world.gives_token(wrong_secret());
    let companion = world.open().await;
    let reason = Some(ErrorCode::AppSecretWrong);
    until("the reason", || async { newest(&companion, &provider).await.code == reason }).await;
    assert_eq!(newest(&companion, &provider).await.state, AllocationState::Accepted);
    world.assigns(|_| errcode(10_121_014));
    world.gives_token(ok(r#"{"access_token":"72_scripted","expires_in":7200}"#));
    let refused = becomes_in_time(&world, &companion, &provider, AllocationState::Failed).await;
    assert_eq!(refused.code, Some(ErrorCode::AllocationRefused));
}

/// 10121031 on a call of which the answer to an earlier one was lost may mean "done already".
#[tokio::test]
async fn a_lost_answer_makes_the_next_call_a_repeat() {
    let world = Scripted::new();
    let companion = world.open().await;
    let provider = world.provider(&companion).await;
    let mut lost = false;
    world.assigns(
        move |_| {
            if std::mem::replace(&mut lost, true) { errcode(10_121_031) } else { Answer::Reset }
        },
    );
    send(&companion, &provider, picks(1)).await;
    until("the first call", || async { world.calls(ASSIGN) > 0 }).await;
    let settled = || async {
        world.time.pass(TimeDelta::seconds(10));
        !matches!(newest(&companion, &provider).await.state, AllocationState::Open)
    };
    until("the outcome", settled).await;
    assert_eq!(newest(&companion, &provider).await.state, AllocationState::Done);
}

#[tokio::test]
async fn only_wechats_refusal_of_the_call_ends_taking_back() {
    let world = Scripted::new();
    let companion = world.open().await;
    let (provider, done) = one(&world, &companion, 10_121_009, AllocationState::Done).await;
    world.cancels(|_| errcode(40_164));
    companion.cancel_allocation(&done.id).await.unwrap_err();
    let kept = newest(&companion, &provider).await;
    assert_eq!((kept.state, kept.code), (AllocationState::Cancelling, Some(ErrorCode::IpNotAllowed)));
    world.cancels(|_| errcode(0));
    world.assigns(|_| errcode(10_121_010));
    becomes_in_time(&world, &companion, &provider, AllocationState::Cancelled).await;
}

/// WeChat says that it is still carrying the allocation out: it has neither arrived nor been taken back.
#[tokio::test]
async fn what_is_not_there_yet_cannot_be_taken_back_and_is_still_under_way() {
    let world = Scripted::new();
    let companion = world.open().await;
    let (provider, taken) = one(&world, &companion, 0, AllocationState::Accepted).await;
    world.cancels(|_| errcode(10_121_011));
    world.assigns(|_| errcode(10_121_011));
    companion.cancel_allocation(&taken.id).await.unwrap_err();
    let kept = newest(&companion, &provider).await;
    assert_eq!((kept.state, kept.code), (AllocationState::Accepted, Some(ErrorCode::AllocationRefused)));
}

#[tokio::test]
async fn what_an_earlier_run_never_sent_is_not_sent_unasked() {
    let world = Scripted::new();
    let companion = world.open().await;
    let provider = world.provider(&companion).await;
    companion.close().await;
    world.gives_token(status("502 Bad Gateway", ""));
    let companion = world.open().await;
    send(&companion, &provider, picks(1)).await;
    until("a try", || async { newest(&companion, &provider).await.code.is_some() || world.calls(TOKEN) > 1 })
        .await;
    companion.close().await;
    world.gives_token(ok(r#"{"access_token":"72_scripted","expires_in":7200}"#));
    world.time.pass(TimeDelta::days(30));
    let companion = world.open().await;
    let held = newest(&companion, &provider).await;
    assert_eq!((held.state, held.held, world.calls(ASSIGN)), (AllocationState::Open, true, 0));
    world.time.pass(TimeDelta::days(1));
    companion.get_bulk_orders(&provider).await.unwrap();
    assert_eq!(world.calls(ASSIGN), 0);
    // It is still wanted after all, and so is not another one.
    companion.retry_allocations(&provider).await.unwrap();
    assert!(!becomes(&companion, &provider, AllocationState::Accepted).await.held);
}

#[tokio::test]
async fn what_was_never_sent_can_be_dropped_and_is_not_sent_after_ten_minutes_either() {
    let world = Scripted::new();
    let companion = world.open().await;
    let provider = world.provider(&companion).await;
    companion.close().await;
    world.gives_token(errcode(40_125));
    let companion = world.open().await;
    send(&companion, &provider, picks(1)).await;
    until("the reason", || async {
        newest(&companion, &provider).await.code == Some(ErrorCode::AppSecretWrong)
    })
    .await;
    world.gives_token(ok(r#"{"access_token":"72_scripted","expires_in":7200}"#));
    // The computer slept.
    world.time.pass(TimeDelta::hours(3));
    until("it to be held", || async { newest(&companion, &provider).await.held }).await;
    let dropped = companion.cancel_allocation(&newest(&companion, &provider).await.id).await.unwrap();
    assert_eq!((dropped.state, dropped.held), (AllocationState::Cancelled, false));
    companion.retry_allocations(&provider).await.unwrap();
    assert_eq!((world.calls(ASSIGN), world.calls(CANCEL)), (0, 0));
}

#[tokio::test]
async fn the_same_batch_twice_is_sent_once_whatever_happens_in_between() {
    let world = Scripted::new();
    let mut companion = world.open().await;
    let provider = world.provider(&companion).await;
    let mut answers = Vec::new();
    for restart in [false, false, true] {
        if restart {
            companion.close().await;
            companion = world.open().await;
        }
        let answer =
            companion.send_allocations(&provider, ORDER, picks(9), "from-the-page", false).await.unwrap();
        let SendAnswer::Sent { allocations } = answer else { panic!("{answer:?}") };
        answers.push(allocations.into_iter().map(|one| one.id).collect::<Vec<_>>());
        until("all are taken", || async {
            let all = companion.get_allocations(&provider).await.unwrap();
            all.iter().all(|one| one.state == AllocationState::Accepted)
        })
        .await;
    }
    assert!(answers.iter().all(|ids| ids.len() == 9 && *ids == answers[0]), "{answers:?}");
    let sent: BTreeSet<_> = world.request_ids().into_iter().collect();
    assert_eq!(sent, answers.remove(0).into_iter().collect());
}

#[tokio::test]
async fn a_receiver_that_is_being_served_or_was_just_now_is_asked_about_first() {
    let world = Scripted::new();
    let companion = world.open().await;
    let provider = world.provider(&companion).await;
    let answer = |batch: &'static str| companion.send_allocations(&provider, ORDER, picks(2), batch, false);
    let is_sent = |answer: SendAnswer| matches!(answer, SendAnswer::Sent { .. });
    assert!(is_sent(answer("first").await.unwrap()));
    let asked = answer("second").await.unwrap();
    let SendAnswer::AskFirst { receivers, restored_at: None } = asked else { panic!("{asked:?}") };
    assert_eq!((receivers.len(), receivers[0].allocations), (1, 2));
    assert_eq!(companion.get_allocations(&provider).await.unwrap().len(), 2, "nothing was written down");
    // It arrived a moment ago.
    world.assigns(|_| errcode(10_121_009));
    until("both to be done", || async {
        world.time.pass(TimeDelta::seconds(3));
        let all = companion.get_allocations(&provider).await.unwrap();
        all.iter().all(|one| one.state == AllocationState::Done)
    })
    .await;
    assert!(!is_sent(answer("third").await.unwrap()));
    // The shop says that it is meant, or an hour has passed.
    let confirmed = companion.send_allocations(&provider, ORDER, picks(2), "fourth", true).await.unwrap();
    assert!(is_sent(confirmed));
    until("all to be done", || async {
        world.time.pass(TimeDelta::seconds(3));
        let all = companion.get_allocations(&provider).await.unwrap();
        all.iter().all(|one| one.state == AllocationState::Done)
    })
    .await;
    world.time.pass(TimeDelta::minutes(61));
    assert!(is_sent(answer("fifth").await.unwrap()));
}

#[tokio::test]
async fn ten_presses_of_ask_again_are_one_question_each() {
    let world = Scripted::new();
    let companion = world.open().await;
    let provider = world.provider(&companion).await;
    world.assigns(|_| errcode(0));
    send(&companion, &provider, picks(20)).await;
    until("all are taken", || async {
        let all = companion.get_allocations(&provider).await.unwrap();
        all.iter().all(|one| one.state == AllocationState::Accepted)
    })
    .await;
    assert_eq!(world.calls(ASSIGN), 20);
    for _ in 0..10 {
        companion.retry_allocations(&provider).await.unwrap();
    }
    world.time.pass(TimeDelta::seconds(3));
    until("each is asked about once more", || async { world.calls(ASSIGN) >= 40 }).await;
    for _ in 0..10 {
        companion.retry_allocations(&provider).await.unwrap();
    }
    assert_eq!(world.calls(ASSIGN), 40, "not again before a moment has passed");
}

#[tokio::test]
async fn the_newest_allocation_is_the_newest_though_the_clock_was_set_back() {
    let world = Scripted::new();
    let companion = world.open().await;
    let provider = world.provider(&companion).await;
    world.assigns(|_| errcode(10_121_009));
    let mut ids = Vec::new();
    for step in [0, 365, -365] {
        world.time.pass(TimeDelta::days(step));
        ids.push(send(&companion, &provider, picks(1)).await.remove(0).id);
        becomes(&companion, &provider, AllocationState::Done).await;
    }
    let all = companion.get_allocations(&provider).await.unwrap();
    ids.reverse();
    assert_eq!(all.iter().map(|one| one.id.clone()).collect::<Vec<_>>(), ids);
    let last_day = (world.time.now() + TimeDelta::days(8)).timestamp();
    for one in all {
        let until = one.cancel_until.map(|until| until.0.timestamp());
        assert!(
            until.is_none_or(|until| until < last_day),
            "no date of the year that the clock was wrong in"
        );
    }
}
