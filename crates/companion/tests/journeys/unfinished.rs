//! A switch of the mode that was not finished in time is the shop's to decide: nothing is sent before it says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use companion::Companion;
use companion::api::{AcquisitionMode, AlertView, ChangeState, ChangedBy, ErrorCode, ModeChangeView};
use companion::ports::Clock;
use serde_json::json;
use testkit::world::World;
use testkit::{code, until};

use crate::modes::{CHANGE, with_card};

const MANUAL: AcquisitionMode = AcquisitionMode::Manual;
const AUTHORIZED: AcquisitionMode = AcquisitionMode::Authorized;

async fn history(companion: &Companion, account: &str) -> Vec<ModeChangeView> {
    companion.get_member_card(account).await.unwrap().history
}

/// Wants the manual way while the platform is out of order.
async fn want_in_vain(world: &World, companion: &Companion, account: &str) {
    world.fault(CHANGE, json!({ "kind": "status", "status": 502 }), None).await;
    assert_eq!(code(companion.set_mode(account, MANUAL).await), ErrorCode::HttpStatus);
}

/// The application ends; a month later it is there again, and the platform is in order.
async fn a_month_later(world: &World, companion: Companion) -> Companion {
    companion.close().await;
    world.no_faults().await;
    world.practice.advance(Duration::from_hours(24 * 30)).await.unwrap();
    world.open().await
}

async fn told_of(companion: &Companion, account: &str) -> Option<AcquisitionMode> {
    let alerts = companion.get_overview(account).await.unwrap().alerts;
    alerts.into_iter().find_map(|alert| match alert {
        AlertView::ModeUnfinished { to, .. } => Some(to),
        _ => None,
    })
}

#[tokio::test]
async fn a_later_run_sends_nothing_before_the_shop_says_so() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = with_card(&mut world, &companion).await;
    want_in_vain(&world, &companion, &account).await;
    let companion = a_month_later(&world, companion).await;
    let sent = world.calls(CHANGE).await;
    for _ in 0..20 {
        let card = companion.sync_member_card(&account).await.unwrap();
        assert_eq!((card.mode.unwrap().value, card.history.len()), (AUTHORIZED, 1));
        assert_eq!(card.unfinished.unwrap().to, MANUAL);
    }
    assert_eq!(world.calls(CHANGE).await, sent);
    assert_eq!(told_of(&companion, &account).await, Some(MANUAL));

    let card = companion.set_mode(&account, MANUAL).await.unwrap();
    assert_eq!((card.mode.unwrap().value, card.unfinished), (MANUAL, None));
    assert_eq!(world.calls(CHANGE).await, sent + 1);
    let states: Vec<_> = card.history.iter().map(|change| change.state).collect();
    assert_eq!(
        states,
        [ChangeState::Confirmed, ChangeState::Failed],
        "what was wanted a month ago was not made"
    );
    assert_eq!(told_of(&companion, &account).await, None);
}

#[tokio::test]
async fn a_dropped_switch_is_never_sent() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = with_card(&mut world, &companion).await;
    want_in_vain(&world, &companion, &account).await;
    let companion = a_month_later(&world, companion).await;
    let sent = world.calls(CHANGE).await;
    let wizard = companion.keep_mode(&account).await.unwrap();
    assert_eq!(wizard.mode, Some(AUTHORIZED));
    let card = companion.sync_member_card(&account).await.unwrap();
    assert_eq!((card.unfinished, card.history[0].state), (None, ChangeState::Failed));
    assert_eq!((card.mode.unwrap().value, world.calls(CHANGE).await), (AUTHORIZED, sent));
    assert_eq!(told_of(&companion, &account).await, None);
}

#[tokio::test]
async fn after_ten_minutes_the_shop_is_asked_in_the_same_run_too() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = with_card(&mut world, &companion).await;
    want_in_vain(&world, &companion, &account).await;
    assert_eq!(companion.get_member_card(&account).await.unwrap().unfinished, None, "it is being finished");
    world.practice.advance(Duration::from_mins(11)).await.unwrap();
    until("it is given back to the shop", || async {
        companion.get_member_card(&account).await.unwrap().unfinished.is_some()
    })
    .await;
    let sent = world.calls(CHANGE).await;
    world.no_faults().await;
    for _ in 0..20 {
        companion.sync_member_card(&account).await.unwrap();
    }
    assert_eq!(
        (world.calls(CHANGE).await, history(&companion, &account).await[0].state),
        (sent, ChangeState::Open)
    );
}

/// Every answer about it was lost, and the application ended: the platform shows that it was made.
#[tokio::test]
async fn a_switch_that_the_platform_shows_is_done_without_a_word() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = with_card(&mut world, &companion).await;
    world.fault(CHANGE, json!({ "kind": "truncated" }), None).await;
    companion.set_mode(&account, MANUAL).await.unwrap_err();
    let companion = a_month_later(&world, companion).await;
    let sent = world.calls(CHANGE).await;
    let card = companion.sync_member_card(&account).await.unwrap();
    assert_eq!((card.history.len(), card.unfinished), (1, None));
    assert_eq!((card.history[0].by, card.history[0].state), (ChangedBy::Person, ChangeState::Confirmed));
    assert_eq!(companion.get_wizard(&account).await.unwrap().mode, Some(MANUAL));
    assert_eq!(world.calls(CHANGE).await, sent);
}

#[tokio::test]
async fn a_mind_that_was_changed_stays_changed_after_a_restart() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = with_card(&mut world, &companion).await;
    want_in_vain(&world, &companion, &account).await;
    assert_eq!(code(companion.set_mode(&account, AUTHORIZED).await), ErrorCode::HttpStatus);
    let companion = a_month_later(&world, companion).await;
    let unfinished = companion.get_member_card(&account).await.unwrap().unfinished.unwrap();
    assert_eq!(unfinished.to, AUTHORIZED, "the last word");
    let sent = world.calls(CHANGE).await;
    // The platform is in that mode already: there is nothing to send.
    let card = companion.sync_member_card(&account).await.unwrap();
    let changes: Vec<_> = card.history.iter().map(|change| (change.to, change.state)).collect();
    assert_eq!(changes, [(AUTHORIZED, ChangeState::Confirmed), (MANUAL, ChangeState::Failed)]);
    assert_eq!((card.unfinished, world.calls(CHANGE).await), (None, sent));
}

#[tokio::test]
async fn nothing_is_switched_when_the_platform_is_not_as_the_shop_saw_it() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = with_card(&mut world, &companion).await;
    world.office_mode(&app_id, "manual").await;
    let refused = companion.set_mode(&account, AUTHORIZED).await;
    assert_eq!(code(refused), ErrorCode::ModeChangedElsewhere);
    let card = companion.get_member_card(&account).await.unwrap();
    assert_eq!(card.mode.unwrap().value, MANUAL, "what is in force is shown");
    let changes: Vec<_> = card.history.iter().map(|change| (change.by, change.state)).collect();
    assert_eq!(
        changes,
        [(ChangedBy::Elsewhere, ChangeState::Confirmed), (ChangedBy::Person, ChangeState::Failed)]
    );
    // Now it is what the shop saw.
    let card = companion.set_mode(&account, AUTHORIZED).await.unwrap();
    assert_eq!(card.mode.unwrap().value, AUTHORIZED);
    // Somebody else did already what is wanted.
    world.office_mode(&app_id, "manual").await;
    assert_eq!(companion.set_mode(&account, MANUAL).await.unwrap().mode.unwrap().value, MANUAL);
}

/// A computer's clock that somebody sets.
#[derive(Debug)]
struct Shifted(practice::PracticeClock, AtomicI64);

impl Clock for Shifted {
    fn now(&self) -> DateTime<Utc> {
        self.0.now() + TimeDelta::days(self.1.load(Ordering::SeqCst))
    }
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_change_the_order_of_switches() {
    let mut world = World::new().await;
    let clock = Arc::new(Shifted(world.practice.clock(), AtomicI64::new(365)));
    let mut setup = world.setup();
    setup.platforms.practice.as_mut().unwrap().clock = Arc::clone(&clock) as Arc<_>;
    let companion = Companion::open(setup).await.unwrap();
    let (account, _) = with_card(&mut world, &companion).await;
    companion.set_mode(&account, MANUAL).await.unwrap();
    clock.1.store(0, Ordering::SeqCst);
    assert_eq!(companion.get_member_card(&account).await.unwrap().undo, None, "two minutes, not a year");
    companion.set_mode(&account, AUTHORIZED).await.unwrap();
    for _ in 0..3 {
        let card = companion.sync_member_card(&account).await.unwrap();
        let modes: Vec<_> = card.history.iter().map(|change| (change.by, change.to)).collect();
        assert_eq!(modes, [(ChangedBy::Person, AUTHORIZED), (ChangedBy::Person, MANUAL)]);
    }
}
