//! Whoever guards no longer gives the lease back, so that another computer need not wait for its end.

use std::time::Duration;

use companion::api::{ErrorCode, GuardRule, GuardState};
use companion::secrets::Secret;
use companion::{Companion, Paths, Setup};
use serde_json::json;
use testkit::until;
use testkit::world::{World, paying};

use crate::guard::{LEASE, START, look, on, shop};

/// Longer than a person waits for a switch to be stored.
const PATIENCE: Duration = Duration::from_secs(20);

/// A shop whose lease one computer has, and a second computer that is told so.
struct Two {
    world: World,
    first: Companion,
    account: String,
    other: Companion,
    twin: String,
    _home: tempfile::TempDir,
}

impl Two {
    async fn computers() -> Self {
        let mut world = World::from(START).await;
        let first = world.open().await;
        let (account, app_id, key) = shop(&mut world, &first).await;
        first.set_guard(&account, on()).await.unwrap();
        let home = tempfile::tempdir().unwrap();
        let other = Companion::open(Setup { paths: Paths::new(home.path()), ..world.setup() }).await.unwrap();
        let twin = paying(&other).await;
        other.connect_member_card_usage(&twin, Secret::from(key)).await.unwrap();
        world.customers(&app_id, 450).await;
        look(&first, &account).await;
        other.set_guard(&twin, on()).await.unwrap();
        assert!(!guards(&other, &twin).await);
        Self { world, first, account, other, twin, _home: home }
    }
}

/// Whether a computer that looks has the lease.
async fn guards(companion: &Companion, account: &str) -> bool {
    let trouble = look(companion, account).await.trouble;
    assert!(
        trouble.as_ref().is_none_or(|trouble| trouble.code == ErrorCode::GuardedElsewhere),
        "{trouble:?}"
    );
    trouble.is_none()
}

#[tokio::test]
async fn a_guard_that_is_switched_off_lets_another_computer_guard_at_once() {
    for way in ["off", "dry run", "archived", "removed"] {
        let two = Two::computers().await;
        let (first, account) = (&two.first, two.account.as_str());
        match way {
            "off" => {
                drop(first.set_guard(account, GuardRule { state: GuardState::Off, ..on() }).await.unwrap());
            }
            "dry run" => {
                drop(
                    first.set_guard(account, GuardRule { state: GuardState::DryRun, ..on() }).await.unwrap(),
                );
            }
            "archived" => drop(first.archive_account(account, true).await.unwrap()),
            _ => drop(first.remove_account(account).await.unwrap()),
        }
        until(way, || guards(&two.other, &two.twin)).await;
    }
}

#[tokio::test]
async fn switched_on_again_it_keeps_the_lease() {
    let two = Two::computers().await;
    two.first.set_guard(&two.account, GuardRule { state: GuardState::Off, ..on() }).await.unwrap();
    two.first.set_guard(&two.account, on()).await.unwrap();
    for _ in 0..2 {
        assert!(guards(&two.first, &two.account).await);
    }
    assert!(!guards(&two.other, &two.twin).await);
}

#[tokio::test]
async fn a_platform_that_cannot_be_reached_then_lets_the_lease_run_out() {
    for fault in [json!({ "kind": "reset" }), json!({ "kind": "delay", "millis": 600_000 })] {
        let Two { world, first, account, other, twin, _home } = Two::computers().await;
        world.fault(LEASE, fault.clone(), None).await;
        let calls = world.calls(LEASE).await;
        let off = GuardRule { state: GuardState::Off, ..on() };
        let set = tokio::time::timeout(PATIENCE, first.set_guard(&account, off)).await;
        let view = set.expect("nobody waits for the platform").unwrap();
        assert_eq!((view.rule.state, view.trouble), (GuardState::Off, None), "{fault}");
        until("it is asked", || async { world.calls(LEASE).await > calls }).await;
        tokio::time::timeout(PATIENCE, first.close()).await.expect("quitting does not wait for it");
        world.no_faults().await;
        assert!(!guards(&other, &twin).await, "nothing was given back");
        world.practice.advance(Duration::from_hours(1)).await.unwrap();
        until("the lease is over", || guards(&other, &twin)).await;
    }
}
