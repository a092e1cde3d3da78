//! The guard: before quota ends it switches or allocates, within the shop's rule, and never against a person.

use std::sync::Arc;
use std::time::Duration;

use companion::api::{
    AcquisitionMode, ChangeReason, ChangeState, ChangedBy, ChannelKind, ErrorCode, GuardAct, GuardActState,
    GuardMeasure, GuardNow, GuardRule, GuardState, GuardView, GuardWhy, InboxAlert, MessageState,
};
use companion::secrets::{Failure, Secret, SecretError};
use companion::{Companion, Paths, Setup};
use serde_json::json;
use testkit::clocks::{Never, PracticeTime};
use testkit::server::{Server, ok};
use testkit::world::{World, paying};
use testkit::{code, until};

use crate::modes::CHANGE;

pub(crate) const START: &str = "2026-03-10T12:00:00+08:00";
const SETTINGS: &str = "/member-card/v1/settings";
pub(crate) const LEASE: &str = "/member-card/v1/guard-lease";
const QUARTER: Duration = Duration::from_mins(15);

/// Below 200 calls members type; back from 500 on.
pub(crate) fn on() -> GuardRule {
    GuardRule {
        state: GuardState::On,
        measure: GuardMeasure::Calls,
        act_below: 200,
        back_at: 500,
        acts_a_day: 4,
        pool: None,
        this_computer: false,
    }
}

/// An account whose usage is read, with its member-card platform; 806 calls are left.
pub(crate) async fn shop(world: &mut World, companion: &Companion) -> (String, String, String) {
    let (account, app_id) = world.connected(companion).await;
    let key = world.access_key(&app_id).await;
    companion.connect_member_card(&account, Secret::from(key.as_str())).await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    (account, app_id, key)
}

/// Reads the account, and waits until the guard has looked.
pub(crate) async fn look(companion: &Companion, account: &str) -> GuardView {
    companion.sync_usage(account).await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    companion.get_guard(account).await.unwrap()
}

pub(crate) async fn mode(world: &World, app_id: &str) -> String {
    let state = world.admin(reqwest::Method::GET, "/practice/admin/state", String::new()).await;
    let programs = state["mini_programs"].as_array().unwrap();
    let program = programs.iter().find(|program| program["app_id"] == app_id).unwrap();
    program["mode"].as_str().unwrap().to_owned()
}

pub(crate) fn acts(view: &GuardView) -> Vec<(GuardAct, GuardActState, u64)> {
    view.acts.iter().map(|act| (act.act, act.state, act.remaining)).collect()
}

async fn alerts(companion: &Companion) -> Vec<(GuardAct, bool, u64)> {
    let items = companion.get_inbox().await.unwrap().items.into_iter().rev();
    let guarded = items.filter_map(|item| match item.alert {
        InboxAlert::Guarded { act, dry_run, remaining } => Some((act, dry_run, remaining)),
        _ => None,
    });
    guarded.collect()
}

const MANUAL: (GuardAct, GuardActState) = (GuardAct::ToManual, GuardActState::Done);

#[tokio::test]
async fn before_quota_ends_members_type_and_after_a_refill_customers_authorise_again() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id, _) = shop(&mut world, &companion).await;
    let before = companion.get_guard(&account).await.unwrap();
    assert_eq!((before.rule.state, before.can_guard), (GuardState::Off, true));
    companion.set_guard(&account, on()).await.unwrap();
    world.customers(&app_id, 606).await;
    let view = look(&companion, &account).await;
    assert_eq!((view.now, acts(&view)), (GuardNow::Nothing { why: GuardWhy::Enough }, vec![]));

    world.customers(&app_id, 1).await;
    let view = look(&companion, &account).await;
    assert_eq!(acts(&view), [(GuardAct::ToManual, GuardActState::Done, 199)]);
    assert_eq!(view.now, GuardNow::Nothing { why: GuardWhy::WaitsForRefill });
    assert_eq!(
        (mode(&world, &app_id).await.as_str(), view.acts[0].threshold, view.acts_today),
        ("manual", 200, 1)
    );
    let card = companion.get_member_card(&account).await.unwrap();
    let change = &card.history[0];
    assert_eq!((change.by, change.why), (ChangedBy::Guard, Some(ChangeReason::QuotaLow)));
    assert_eq!((change.state, card.unfinished, card.undo), (ChangeState::Confirmed, None, None));
    // 300 members type: nothing is charged, nobody is turned away.
    assert_eq!(world.turned_away(&app_id, 300).await, 0);
    let usage = companion.sync_usage(&account).await.unwrap();
    assert_eq!(usage.remaining.value, 199);
    for _ in 0..3 {
        assert_eq!(look(&companion, &account).await.acts.len(), 1, "once");
    }

    world.sign_in().await;
    world.buy("q-365-1000").await;
    let view = look(&companion, &account).await;
    assert_eq!(acts(&view)[0], (GuardAct::Back, GuardActState::Done, 1_199));
    assert_eq!(mode(&world, &app_id).await, "authorized");
    let card = companion.get_member_card(&account).await.unwrap();
    assert_eq!((card.history[0].by, card.history[0].why), (ChangedBy::Guard, Some(ChangeReason::Refilled)));
    assert_eq!(alerts(&companion).await, [(GuardAct::ToManual, false, 199), (GuardAct::Back, false, 1_199)]);
    assert_eq!(world.calls(CHANGE).await, 2);
}

#[tokio::test]
async fn a_dry_run_writes_down_what_would_be_done_and_changes_nothing() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id, _) = shop(&mut world, &companion).await;
    companion.set_guard(&account, GuardRule { state: GuardState::DryRun, ..on() }).await.unwrap();
    world.customers(&app_id, 700).await;
    for _ in 0..3 {
        let view = look(&companion, &account).await;
        assert_eq!((view.acts.len(), view.acts[0].act, view.acts[0].dry_run), (1, GuardAct::ToManual, true));
    }
    world.sign_in().await;
    world.buy("q-365-1000").await;
    let view = look(&companion, &account).await;
    assert_eq!(view.acts.iter().map(|act| act.act).collect::<Vec<_>>(), [GuardAct::Back, GuardAct::ToManual]);
    assert_eq!(alerts(&companion).await, [(GuardAct::ToManual, true, 106), (GuardAct::Back, true, 1_106)]);
    assert_eq!((world.calls(CHANGE).await, world.calls(LEASE).await), (0, 0));
    assert_eq!(mode(&world, &app_id).await, "authorized");
    assert_eq!(companion.get_member_card(&account).await.unwrap().history, []);
}

#[tokio::test]
async fn what_a_person_did_stands_here_or_elsewhere() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id, _) = shop(&mut world, &companion).await;
    companion.set_guard(&account, on()).await.unwrap();
    world.customers(&app_id, 700).await;
    look(&companion, &account).await;
    assert_eq!(mode(&world, &app_id).await, "manual");
    // Back by a person, with little left: the guard stands down until a refill.
    companion.set_mode(&account, AcquisitionMode::Authorized).await.unwrap();
    for _ in 0..2 {
        let view = look(&companion, &account).await;
        assert_eq!(view.now, GuardNow::Nothing { why: GuardWhy::AuthorizedByPerson });
    }
    assert_eq!(mode(&world, &app_id).await, "authorized");
    // Handed over again, it acts.
    companion.set_guard(&account, on()).await.unwrap();
    let view = look(&companion, &account).await;
    assert_eq!((view.acts.len(), mode(&world, &app_id).await.as_str()), (2, "manual"));
    // Somebody in the back office, who cannot be asked.
    world.office_mode(&app_id, "authorized").await;
    let view = look(&companion, &account).await;
    assert_eq!(view.now, GuardNow::Nothing { why: GuardWhy::AuthorizedByPerson });
    // After the refill it watches again; a person's manual entry is not undone.
    world.sign_in().await;
    world.buy("q-365-1000").await;
    assert_eq!(look(&companion, &account).await.now, GuardNow::Nothing { why: GuardWhy::Enough });
    companion.set_mode(&account, AcquisitionMode::Manual).await.unwrap();
    assert_eq!(look(&companion, &account).await.now, GuardNow::Nothing { why: GuardWhy::ManualByPerson });
    companion.set_mode(&account, AcquisitionMode::Authorized).await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    world.customers(&app_id, 950).await;
    let view = look(&companion, &account).await;
    assert_eq!(acts(&view)[0], (GuardAct::ToManual, GuardActState::Done, 156));
}

#[tokio::test]
async fn a_second_computer_does_nothing_and_says_who_guards() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id, key) = shop(&mut world, &companion).await;
    companion.set_guard(&account, on()).await.unwrap();
    let other_home = tempfile::tempdir().unwrap();
    let other =
        Companion::open(Setup { paths: Paths::new(other_home.path()), ..world.setup() }).await.unwrap();
    let twin = paying(&other).await;
    other.connect_member_card_usage(&twin, Secret::from(key)).await.unwrap();
    other.set_guard(&twin, on()).await.unwrap();
    // Near enough that the first takes the lease.
    world.customers(&app_id, 400).await;
    look(&companion, &account).await;
    world.customers(&app_id, 300).await;
    let view = look(&other, &twin).await;
    let trouble = view.trouble.clone().unwrap();
    let label = companion.get_guard(&account).await.unwrap().label;
    assert_eq!((trouble.code, trouble.params.get("label")), (ErrorCode::GuardedElsewhere, label.as_ref()));
    assert_ne!(view.label, label);
    assert_eq!((acts(&view), mode(&world, &app_id).await.as_str()), (vec![], "authorized"));
    assert_eq!(acts(&look(&companion, &account).await), [(GuardAct::ToManual, GuardActState::Done, 106)]);
    // The first is gone for good; its lease ends, and what it did is not the second's to undo.
    companion.close().await;
    world.practice.advance(Duration::from_hours(1)).await.unwrap();
    let view = look(&other, &twin).await;
    assert_eq!((view.trouble, view.now), (None, GuardNow::Nothing { why: GuardWhy::ManualByPerson }));
    assert_eq!(alerts(&other).await, []);
}

#[tokio::test]
async fn a_platform_without_leases_needs_the_shops_word() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id, _) = shop(&mut world, &companion).await;
    world.fault(LEASE, json!({ "kind": "not_offered" }), None).await;
    companion.set_guard(&account, on()).await.unwrap();
    world.customers(&app_id, 700).await;
    let trouble = look(&companion, &account).await.trouble.unwrap();
    assert_eq!(trouble.code, ErrorCode::GuardComputerNotChosen);
    assert_eq!(mode(&world, &app_id).await, "authorized");
    companion.set_guard(&account, GuardRule { this_computer: true, ..on() }).await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    assert_eq!(mode(&world, &app_id).await, "manual");
    assert_eq!(companion.get_guard(&account).await.unwrap().trouble, None);
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_the_switch_is_made_once() {
    for fault in [json!({ "kind": "truncated" }), json!({ "kind": "cut_json" }), json!({ "kind": "reset" })] {
        let mut world = World::from(START).await;
        let companion = world.open().await;
        let (account, app_id, _) = shop(&mut world, &companion).await;
        companion.set_guard(&account, on()).await.unwrap();
        world.customers(&app_id, 700).await;
        world.fault(CHANGE, fault.clone(), Some(6)).await;
        until("the switch is read back", || async {
            world.practice.advance(Duration::from_mins(1)).await.unwrap();
            let view = look(&companion, &account).await;
            view.acts.first().map(|act| (act.act, act.state)) == Some(MANUAL)
        })
        .await;
        let view = companion.get_guard(&account).await.unwrap();
        assert_eq!((view.acts.len(), view.trouble), (1, None), "{fault}");
        let card = companion.get_member_card(&account).await.unwrap();
        assert_eq!((card.history.len(), card.history[0].by), (1, ChangedBy::Guard));
        assert_eq!(alerts(&companion).await.len(), 1);
    }
}

#[tokio::test]
async fn what_a_crash_cut_off_is_gone_on_with_once() {
    let mut world = World::from(START).await;
    let mut companion = Companion::open(Setup { timer: Arc::new(Never), ..world.setup() }).await.unwrap();
    // Killed while the platform has not acted yet, and after it has, with the answer on its way.
    let fault = json!({ "kind": "delay", "millis": 600_000 });
    let slow = json!({ "kind": "slow_body", "millis": 600_000 });
    let (account, app_id, _) = shop(&mut world, &companion).await;
    companion.set_guard(&account, on()).await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    for (number, fault) in [fault, slow].into_iter().enumerate() {
        world.customers(&app_id, if number == 0 { 700 } else { 1_000 }).await;
        world.fault(CHANGE, fault, Some(1)).await;
        let calls = world.calls(CHANGE).await;
        companion.sync_usage(&account).await.unwrap();
        until("the call is on its way", || async { world.calls(CHANGE).await > calls }).await;
        companion.close().await;
        world.no_faults().await;
        companion = world.open().await;
        let view = companion.get_guard(&account).await.unwrap();
        assert_eq!((view.acts[0].act, view.acts[0].state), (GuardAct::ToManual, GuardActState::Open));
        let card = companion.get_member_card(&account).await.unwrap();
        assert_eq!(card.unfinished, None, "nobody is asked about the guard's own");
        let view = look(&companion, &account).await;
        assert_eq!((view.acts[0].act, view.acts[0].state), MANUAL);
        assert_eq!((view.acts.len(), mode(&world, &app_id).await.as_str()), (1 + 2 * number, "manual"));
        world.sign_in().await;
        world.buy("q-365-1000").await;
        look(&companion, &account).await;
        assert_eq!(mode(&world, &app_id).await, "authorized");
        world.next_day().await;
    }
    assert_eq!(alerts(&companion).await.len(), 4, "two switches, and two back");
}

#[tokio::test]
async fn the_days_acts_are_limited_and_the_last_one_is_for_the_customers() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id, _) = shop(&mut world, &companion).await;
    companion.set_guard(&account, GuardRule { acts_a_day: 2, ..on() }).await.unwrap();
    world.customers(&app_id, 700).await;
    look(&companion, &account).await;
    world.sign_in().await;
    world.buy("q-365-1000").await;
    let view = look(&companion, &account).await;
    assert_eq!(view.now, GuardNow::Nothing { why: GuardWhy::DailyLimit });
    assert_eq!(mode(&world, &app_id).await, "manual");
    world.next_day().await;
    let view = look(&companion, &account).await;
    assert_eq!(acts(&view)[0], (GuardAct::Back, GuardActState::Done, 1_106));
    world.customers(&app_id, 1_000).await;
    let view = look(&companion, &account).await;
    assert_eq!(acts(&view)[0], (GuardAct::ToManual, GuardActState::Done, 106));
}

#[tokio::test]
async fn what_keeps_the_guard_from_acting_is_shown_and_raised_once_when_it_lasts() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, app_id, _) = shop(&mut world, &companion).await;
    companion.set_guard(&account, on()).await.unwrap();
    world.customers(&app_id, 700).await;
    companion.sync_usage(&account).await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    world.office_mode(&app_id, "authorized").await;
    let view = look(&companion, &account).await;
    assert_eq!(view.trouble, None);
    companion.set_guard(&account, on()).await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    world.sign_in().await;
    world.buy("q-365-1000").await;
    look(&companion, &account).await;
    world.customers(&app_id, 1_000).await;
    // The token for reading usage is still good; the access key cannot be fetched.
    world.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    let stuck = || async {
        let items = companion.get_inbox().await.unwrap().items;
        items.iter().filter(|item| matches!(item.alert, InboxAlert::GuardStuck { .. })).count()
    };
    for (round, expected) in [0, 1, 1].into_iter().enumerate() {
        let view = look(&companion, &account).await;
        assert_eq!(view.trouble.unwrap().code, ErrorCode::KeyringLocked);
        assert_eq!(stuck().await, expected, "round {round}");
        world.practice.advance(QUARTER).await.unwrap();
    }
    assert_eq!(mode(&world, &app_id).await, "authorized");
    world.secrets.fail(None);
    let view = look(&companion, &account).await;
    assert_eq!((view.trouble, mode(&world, &app_id).await.as_str()), (None, "manual"));
    // A platform that cannot be reached is no reason to act on anything.
    world.fault(SETTINGS, json!({ "kind": "status", "status": 503 }), None).await;
    assert_eq!(look(&companion, &account).await.trouble.unwrap().code, ErrorCode::HttpStatus);
}

#[tokio::test]
async fn a_rule_that_would_flip_back_and_forth_is_refused() {
    let mut world = World::from(START).await;
    let companion = world.open().await;
    let (account, _, _) = shop(&mut world, &companion).await;
    let flips = [GuardRule { back_at: 200, ..on() }, GuardRule { act_below: 0, ..on() }];
    let strays = [GuardRule { acts_a_day: 1, ..on() }, GuardRule { measure: GuardMeasure::Days, ..on() }];
    for rule in flips.into_iter().chain(strays) {
        assert_eq!(code(companion.set_guard(&account, rule).await), ErrorCode::GuardRuleInvalid);
    }
    assert_eq!(companion.get_guard(&account).await.unwrap().rule.state, GuardState::Off);
}

#[tokio::test]
async fn what_the_guard_did_or_could_not_do_reaches_the_owners_phone_once() {
    let mut world = World::from(START).await;
    // The minute between two messages passes with practice's days.
    let clock = Arc::new(PracticeTime(world.practice.clock()));
    let companion = Companion::open(Setup { clock, ..world.setup() }).await.unwrap();
    let (account, app_id, _) = shop(&mut world, &companion).await;
    let phone = Server::script(vec![ok(r#"{"errcode":0,"errmsg":"ok"}"#)]);
    let address = format!("http://{}/cgi-bin/webhook/send?key=planted-key", phone.host());
    companion.add_channel(ChannelKind::Wecom, "", Secret::from(address), None).await.unwrap();
    companion.set_guard(&account, on()).await.unwrap();
    world.customers(&app_id, 700).await;
    for _ in 0..3 {
        look(&companion, &account).await;
    }
    assert_eq!(told(&world, &companion, &phone, "守护：额度快用完，已让会员手动输入").await, 1, "{phone:?}");

    world.sign_in().await;
    world.buy("q-365-1000").await;
    world.fault(SETTINGS, json!({ "kind": "status", "status": 503 }), None).await;
    for _ in 0..3 {
        let view = look(&companion, &account).await;
        assert_eq!(view.trouble.unwrap().code, ErrorCode::HttpStatus);
        world.practice.advance(QUARTER).await.unwrap();
    }
    assert_eq!(
        told(&world, &companion, &phone, "守护想动手，却办不成，打开验号管家看看").await,
        1,
        "{phone:?}"
    );
}

/// Lets minutes pass until every message is sent; how many of them held these words.
async fn told(world: &World, companion: &Companion, phone: &Server, words: &str) -> usize {
    until("what waits is sent", || async {
        world.practice.advance(Duration::from_mins(1)).await.unwrap();
        let channel = companion.get_channels().await.unwrap().channels.remove(0);
        channel.waiting == 0 && channel.last.is_some_and(|last| last.state == MessageState::Sent)
    })
    .await;
    phone.requests().iter().filter(|request| request.body.contains(words)).count()
}
