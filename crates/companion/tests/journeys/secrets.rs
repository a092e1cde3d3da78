//! What the keyring holds goes with its owner: a service provider is removed, a start was interrupted, the app is uninstalled.

use std::time::Duration;

use companion::Companion;
use companion::api::{AccountKind, AllocationState, ChannelKind, Environment, ErrorCode, PickedShare};
use companion::secrets::{Failure, Secret, SecretError, SecretKind, SecretName, SecretStore as _};
use serde_json::json;
use testkit::world::World;
use testkit::{code, until};

use crate::bulk::{ASSIGN, PROVIDER, all_are, all_are_with_wechat, with_provider};
use crate::removal::with_every_secret;
use crate::scripted::sent;

const PRACTICE: Environment = Environment::Practice;

fn app_secret_of(owner: &str) -> SecretName {
    SecretName::new(PRACTICE, owner, SecretKind::AppSecret)
}

/// The ledger of a world whose application is closed.
fn ledger(world: &World) -> rusqlite::Connection {
    rusqlite::Connection::open(world.setup().paths.ledger()).unwrap()
}

#[tokio::test]
async fn a_removed_provider_leaves_no_secret_and_its_allocations_stay_on_record() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (provider, order, app_id) = with_provider(&mut world, &companion).await;
    let account = companion.get_app().await.unwrap().accounts[0].id.clone();
    let sku = companion.get_convertible_packs(&provider, &order).await.unwrap().remove(0).sku;
    world.fault(ASSIGN, json!({ "kind": "status", "status": 502 }), None).await;
    let pick = PickedShare { app_id, sku, count: 1 };
    let allocation = sent(&companion, &provider, &order, vec![pick]).await.unwrap().remove(0).id;
    let refused = companion.remove_provider(&provider).await;
    assert_eq!(code(refused), ErrorCode::AllocationsOpen, "not known to be with WeChat");
    world.no_faults().await;
    companion.retry_allocations(&provider).await.unwrap();
    all_are_with_wechat(&companion, &provider).await;
    let refused = companion.remove_provider(&provider).await;
    assert_eq!(code(refused), ErrorCode::AllocationsOpen, "WeChat carries it out");
    world.practice.advance(Duration::from_hours(1)).await.unwrap();
    all_are(&companion, &provider, AllocationState::Done).await;

    world.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    assert_eq!(code(companion.remove_provider(&provider).await), ErrorCode::KeyringLocked);
    world.secrets.fail(None);
    assert_eq!(companion.get_providers().await.unwrap().len(), 1, "it is still there");
    companion.get_bulk_orders(&provider).await.unwrap();
    assert_eq!(companion.remove_provider(&provider).await.unwrap(), []);
    assert_eq!(world.secrets.names(), [app_secret_of(&account)]);
    for asked in [
        code(companion.get_bulk_orders(&provider).await),
        code(companion.get_allocations(&provider).await),
        code(companion.cancel_allocation(&allocation).await),
        code(companion.remove_provider(&provider).await),
    ] {
        assert_eq!(asked, ErrorCode::NotFound);
    }

    // Connected once more it is another one, which has handed on nothing.
    let secret = Secret::from(world.provider_secret(PROVIDER).await);
    let again = companion.connect_provider(PRACTICE, "晋业微", PROVIDER, secret).await.unwrap();
    assert_ne!(again.id, provider);
    assert!(companion.get_allocations(&again.id).await.unwrap().is_empty());
    companion.close().await;
    let companion = world.open().await;
    assert_eq!(companion.get_providers().await.unwrap(), [again]);
    companion.close().await;
    let state = "SELECT state FROM allocations WHERE id = ?1 AND provider = ?2";
    let state: String = ledger(&world).query_row(state, [&allocation, &provider], |row| row.get(0)).unwrap();
    assert_eq!(state, "done");
}

#[tokio::test]
async fn what_an_interruption_left_in_the_keyring_goes_at_the_next_start() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (provider, ..) = with_provider(&mut world, &companion).await;
    let account = companion.get_app().await.unwrap().accounts[0].id.clone();
    companion.close().await;
    // Killed while a provider was removed, and while an account of a list was added.
    let db = ledger(&world);
    db.execute("UPDATE providers SET removed_at = 1 WHERE id = ?1", [&provider]).unwrap();
    for owner in [&provider, "never-recorded", &account] {
        let note =
            "INSERT INTO secret_intents (owner, kind, environment) VALUES (?1, 'app-secret', 'practice')";
        db.execute(note, [owner]).unwrap();
    }
    drop(db);
    world.secrets.set(&app_secret_of("never-recorded"), &Secret::from("secret")).unwrap();
    assert_eq!(world.secrets.names().len(), 3);
    let companion = world.open().await;
    until("the keyring is tidy", || async { world.secrets.names() == [app_secret_of(&account)] }).await;
    companion.sync_usage(&account).await.unwrap();
}

/// Accounts that are archived, on their way out, or in a backup alone; a removed provider; a channel; an interruption.
#[tokio::test]
async fn an_uninstalled_application_leaves_nothing_in_the_keyring() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (archived, _) = with_every_secret(&mut world, &companion).await;
    companion.archive_account(&archived, true).await.unwrap();
    let secret = Secret::from(world.provider_secret(PROVIDER).await);
    let provider = companion.connect_provider(PRACTICE, "晋业微", PROVIDER, secret).await.unwrap().id;
    let address = Secret::from("https://hooks.example.com/a");
    companion.add_channel(ChannelKind::Webhook, "", address, None).await.unwrap();
    let leaving =
        companion.start_account(PRACTICE, AccountKind::MiniProgram, "晋味二店").await.unwrap().account;
    companion.remove_account(&leaving).await.unwrap();
    companion.close().await;
    let db = ledger(&world);
    db.execute("UPDATE providers SET removed_at = 1", ()).unwrap();
    db.execute("INSERT INTO secret_intents VALUES ('never-recorded', 'login', 'live')", ()).unwrap();
    // A ledger that was restored does not know who came after it.
    let backups = world.setup().paths.backups();
    std::fs::create_dir_all(&backups).unwrap();
    let replaced = backups.join("ledger-replaced-20260301T040000Z.db");
    db.execute("VACUUM INTO ?1", [replaced.to_str().unwrap()]).unwrap();
    drop(db);
    let copy = rusqlite::Connection::open(&replaced).unwrap();
    copy.pragma_update(None, "foreign_keys", false).unwrap();
    copy.execute("UPDATE accounts SET id = 'in-a-backup' WHERE id = ?1", [&leaving]).unwrap();
    drop(copy);
    let never_recorded = SecretName::new(Environment::Live, "never-recorded", SecretKind::Login);
    for name in [app_secret_of(&leaving), app_secret_of("in-a-backup"), never_recorded] {
        world.secrets.set(&name, &Secret::from("secret")).unwrap();
    }
    assert!(world.secrets.names().contains(&app_secret_of(&provider)));
    let held = world.secrets.names().len();
    assert_eq!(held, 4 + 1 + 1 + 3, "{:?}", world.secrets.names());

    let before = std::fs::read(world.setup().paths.ledger()).unwrap();
    let companion = Companion::open_to_read(world.setup()).await.unwrap();
    world.secrets.fail(Some(Failure::Always(SecretError::Locked)));
    assert_eq!(code(companion.forget_secrets().await), ErrorCode::KeyringLocked);
    assert_eq!(world.secrets.names().len(), held);
    world.secrets.fail(None);
    assert_eq!(companion.forget_secrets().await.unwrap(), 6);
    assert_eq!(world.secrets.names(), []);
    companion.close().await;
    assert_eq!(std::fs::read(world.setup().paths.ledger()).unwrap(), before, "no file is changed");
}
