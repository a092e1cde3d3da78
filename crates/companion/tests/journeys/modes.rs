use std::time::Duration;

use companion::Companion;
use companion::api::{AcquisitionMode, ChangeReason, ChangeState, ChangedBy, ErrorCode};
use companion::secrets::Secret;
use serde_json::json;
use testkit::world::{World, paying};
use testkit::{code, until};

pub(crate) const CHANGE: &str = "/member-card/v1/settings/acquisition-mode";
const SETTINGS: &str = "/member-card/v1/settings";
const STATISTICS: &str = "/member-card/v1/statistics";

pub(crate) async fn with_card(world: &mut World, companion: &Companion) -> (String, String) {
    let app_id = world.app_id(0);
    let key = world.access_key(&app_id).await;
    let account = paying(companion).await;
    companion.connect_member_card(&account, Secret::from(key)).await.unwrap();
    (account, app_id)
}

#[tokio::test]
async fn without_a_platform_there_is_nothing_to_switch() {
    let world = World::new().await;
    let companion = world.open().await;
    let account = paying(&companion).await;
    let refused = companion.set_mode(&account, AcquisitionMode::Manual).await;
    assert_eq!(code(refused), ErrorCode::MemberCardNotConnected);
    assert!(companion.get_member_card(&account).await.unwrap().history.is_empty());
}

/// The change arrives, but its answer and the reading back are lost: it is not reported as done before it is read.
#[tokio::test]
async fn a_change_counts_only_when_read_back() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = with_card(&mut world, &companion).await;
    world.fault(SETTINGS, json!({ "kind": "status", "status": 503 }), None).await;
    assert!(companion.set_mode(&account, AcquisitionMode::Manual).await.is_err());
    let card = companion.get_member_card(&account).await.unwrap();
    assert_eq!(card.history[0].state, ChangeState::Open);
    assert_eq!(companion.get_wizard(&account).await.unwrap().mode, None);
    world.no_faults().await;
    until("the change is read back", || async {
        companion.get_wizard(&account).await.unwrap().mode == Some(AcquisitionMode::Manual)
    })
    .await;
}

#[tokio::test]
async fn a_refused_change_is_closed_as_failed() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = with_card(&mut world, &companion).await;
    // A new key makes ours worthless.
    world.access_key(&app_id).await;
    let refused = companion.set_mode(&account, AcquisitionMode::Manual).await;
    assert_eq!(code(refused), ErrorCode::MemberCardKeyWrong);
    let card = companion.get_member_card(&account).await.unwrap();
    assert_eq!((card.history.len(), card.history[0].state), (1, ChangeState::Failed));
}

#[tokio::test]
async fn a_change_made_elsewhere_is_recorded_when_seen() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = with_card(&mut world, &companion).await;
    world.office_mode(&app_id, "manual").await;
    for _ in 0..2 {
        let card = companion.sync_member_card(&account).await.unwrap();
        assert_eq!(card.history.len(), 1);
        let change = &card.history[0];
        assert_eq!((change.by, change.state), (ChangedBy::Elsewhere, ChangeState::Confirmed));
        assert_eq!((change.from, change.to), (Some(AcquisitionMode::Authorized), AcquisitionMode::Manual));
    }
}

/// A key of another shop's mini-program would switch somebody else's mode.
#[tokio::test]
async fn a_key_of_another_mini_program_is_refused() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let other = world.app_id(1);
    let key = world.access_key(&other).await;
    let refused = companion.connect_member_card(&account, Secret::from(key)).await;
    assert_eq!(code(refused), ErrorCode::MemberCardKeyWrong);
    assert!(!companion.get_member_card(&account).await.unwrap().connected);
}

#[tokio::test]
async fn a_switch_is_taken_back_for_a_moment_and_no_longer() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = with_card(&mut world, &companion).await;
    let switched = companion.set_mode(&account, AcquisitionMode::Manual).await.unwrap();
    let undo = switched.undo.unwrap();
    assert_eq!((undo.to, undo.seconds > 0), (AcquisitionMode::Authorized, true));
    let back = companion.undo_mode(&account, &undo.change).await.unwrap();
    assert_eq!(back.mode.unwrap().value, AcquisitionMode::Authorized);
    let newest = &back.history[0];
    assert_eq!((newest.why, newest.state), (Some(ChangeReason::TakenBack), ChangeState::Confirmed));
    assert_eq!(back.undo, None, "what was taken back is not offered again");
    assert_eq!(code(companion.undo_mode(&account, &undo.change).await), ErrorCode::NotFound);
    assert_eq!(world.calls(CHANGE).await, 2);

    let again = companion.set_mode(&account, AcquisitionMode::Manual).await.unwrap();
    let undo = again.undo.unwrap();
    world.practice.advance(Duration::from_mins(3)).await.unwrap();
    assert_eq!(companion.get_member_card(&account).await.unwrap().undo, None);
    assert_eq!(code(companion.undo_mode(&account, &undo.change).await), ErrorCode::NotFound);
    assert_eq!(world.calls(CHANGE).await, 3);
}

#[tokio::test]
async fn sign_ups_are_counted_by_week_and_costs_stand_beside_the_modes() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = with_card(&mut world, &companion).await;
    let before = companion.get_member_card(&account).await.unwrap();
    let counted = before.sign_ups.unwrap();
    assert_eq!(counted.weeks.len(), 8);
    world.customers(&app_id, 3).await;
    let card = companion.sync_member_card(&account).await.unwrap();
    let after = card.sign_ups.unwrap();
    assert_eq!(after.authorized, counted.authorized + 3);
    assert_eq!(after.weeks[0].authorized, counted.weeks[0].authorized + 3);
    let costs = card.costs.unwrap();
    assert_eq!((costs.ways.monthly_calls, costs.volume_is_estimate, costs.free), (200, true, false));
    assert_eq!((card.seen.quota_dry, card.seen.cards_dry), (None, false));
    assert!(card.seen.shop.is_some());
    // Twelve hours later nobody has read again.
    world.practice.advance(Duration::from_hours(12)).await.unwrap();
    assert!(companion.get_member_card(&account).await.unwrap().stale);
}

#[tokio::test]
async fn what_was_read_before_an_error_is_kept() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, app_id) = with_card(&mut world, &companion).await;
    let issued = companion.get_member_card(&account).await.unwrap().issued.unwrap().value;
    world.customers(&app_id, 2).await;
    world.fault(STATISTICS, json!({ "kind": "status", "status": 503 }), None).await;
    assert_eq!(code(companion.sync_member_card(&account).await), ErrorCode::HttpStatus);
    let card = companion.get_member_card(&account).await.unwrap();
    assert_eq!(card.issued.unwrap().value, issued + 2);
}

/// The platform says "done" and does nothing: the shop hears that it was not switched.
#[tokio::test]
async fn a_change_that_reads_back_otherwise_is_no_change() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = with_card(&mut world, &companion).await;
    world.fault(CHANGE, json!({ "kind": "no_effect" }), Some(1)).await;
    let refused = companion.set_mode(&account, AcquisitionMode::Manual).await.unwrap_err();
    let refused = companion.report(&refused);
    assert_eq!(refused.code, ErrorCode::ModeNotConfirmed);
    let modes = (refused.params["wanted"].as_str(), refused.params["found"].as_str());
    assert_eq!(modes, ("manual", "authorized"));
    let card = companion.get_member_card(&account).await.unwrap();
    assert_eq!((card.history.len(), card.history[0].state), (1, ChangeState::Failed));
    assert_eq!((card.mode.unwrap().value, card.undo), (AcquisitionMode::Authorized, None));
    assert_eq!(companion.get_wizard(&account).await.unwrap().mode, None);
    let card = companion.set_mode(&account, AcquisitionMode::Manual).await.unwrap();
    assert_eq!(
        (card.history[0].state, card.mode.unwrap().value),
        (ChangeState::Confirmed, AcquisitionMode::Manual)
    );
}

/// The platform made the change, but every answer about it was lost: what is seen then is no stranger's doing.
#[tokio::test]
async fn a_mode_seen_while_our_own_change_is_open_is_our_own() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = with_card(&mut world, &companion).await;
    world.fault(CHANGE, json!({ "kind": "truncated" }), None).await;
    companion.set_mode(&account, AcquisitionMode::Manual).await.unwrap_err();
    let seen = companion.sync_member_card(&account).await.unwrap();
    assert_eq!(seen.mode.unwrap().value, AcquisitionMode::Manual);
    let history: Vec<_> = seen.history.iter().map(|change| change.by).collect();
    assert_eq!(history, [ChangedBy::Person]);
    world.no_faults().await;
    until("the change is confirmed", || async {
        let card = companion.get_member_card(&account).await.unwrap();
        card.history.len() == 1 && card.history[0].state == ChangeState::Confirmed
    })
    .await;
}
