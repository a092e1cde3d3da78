//! What an interruption left in the keyring goes with its owner.

use companion::api::Environment;
use companion::secrets::{Secret, SecretKind, SecretName, SecretStore as _};
use testkit::until;
use testkit::world::World;

use crate::bulk::with_provider;

const PRACTICE: Environment = Environment::Practice;

fn app_secret_of(owner: &str) -> SecretName {
    SecretName::new(PRACTICE, owner, SecretKind::AppSecret)
}

/// The ledger of a world whose application is closed.
fn ledger(world: &World) -> rusqlite::Connection {
    rusqlite::Connection::open(world.setup().paths.ledger()).unwrap()
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
