//! Many accounts from one list: what can be read is added, the rest says why not, and nothing of it is stored.

use companion::Companion;
use companion::api::{AddedState, AddingView, Environment, ErrorCode};
use serde_json::json;
use testkit::until;
use testkit::world::World;

const PRACTICE: Environment = Environment::Practice;

/// A world with so many mini-programs whose AppSecrets are known.
async fn world(programs: u32) -> World {
    let home = tempfile::tempdir().unwrap();
    let practice = practice::Practice::start_stand_alone(World::options(&home), programs).await.unwrap();
    World::of(practice, home)
}

fn line(world: &World, program: usize) -> String {
    let app_id = world.app_id(program);
    format!("第 {program} 家\t{app_id}\t{}\n", practice::known_app_secret(&app_id))
}

async fn added(companion: &Companion, list: &str) -> AddingView {
    companion.add_accounts(PRACTICE, "", list.as_bytes().to_vec()).await.unwrap()
}

fn states(view: &AddingView) -> Vec<AddedState> {
    view.lines.iter().map(|line| line.state).collect()
}

#[tokio::test]
async fn what_can_be_read_is_added_and_read_and_the_rest_leaves_nothing() {
    let world = world(8).await;
    let companion = world.open().await;
    let wrong = format!("写错了\t{}\t{}\n", world.app_id(4), "0".repeat(32));
    let list =
        ["名称\tAppID\tAppSecret\n", &line(&world, 0), &line(&world, 1), &wrong, &line(&world, 0)].concat();
    let view = added(&companion, &list).await;
    assert!(!view.running);
    let refused = AddedState::Refused { code: ErrorCode::AppSecretWrong };
    assert_eq!(states(&view), [AddedState::Added, AddedState::Added, refused, AddedState::Known]);
    assert_eq!(companion.get_adding(), view);

    let rows = companion.get_accounts().await.unwrap().accounts;
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert!(row.name.starts_with("第 ") && row.remaining.is_some() && row.wizard_at.is_none(), "{row:?}");
    }
    assert_eq!(world.secrets.names().len(), 2, "nothing of the refused one is in the keyring");
    let app = companion.get_app().await.unwrap();
    assert!(rows.iter().any(|row| Some(&row.id) == app.active.as_ref()), "the pages speak of one of them");
    // They are read again like any other.
    let read = companion.sync_all().await.unwrap();
    assert_eq!((read.total, read.failed), (2, 0));

    // The same list again adds nothing twice, and what was mended is added now.
    let mended = [line(&world, 0), line(&world, 1), line(&world, 4)].concat();
    let view = added(&companion, &mended).await;
    assert_eq!(states(&view), [AddedState::Known, AddedState::Known, AddedState::Added]);
    assert_eq!(companion.get_accounts().await.unwrap().accounts.len(), 3);
}

#[tokio::test]
async fn a_keyring_that_is_locked_adds_nothing() {
    let world = world(2).await;
    let companion = world.open().await;
    world.secrets.fail(Some(companion::secrets::Failure::Always(companion::secrets::SecretError::Locked)));
    let view = added(&companion, &line(&world, 0)).await;
    assert_eq!(states(&view), [AddedState::Refused { code: ErrorCode::KeyringLocked }]);
    assert_eq!(companion.get_accounts().await.unwrap().accounts, []);
}

#[tokio::test]
async fn stopping_takes_up_no_further_line() {
    let world = world(12).await;
    let companion = world.open().await;
    let list: String = (0..12).map(|program| line(&world, program)).collect();
    world.fault("/cgi-bin/stable_token", json!({ "kind": "delay", "millis": 300 }), None).await;
    let (adding, wanted) = (companion.clone(), list.clone());
    let work = tokio::spawn(async move { added(&adding, &wanted).await });
    until("lines are being asked about", || async {
        companion.get_adding().lines.iter().any(|line| line.state == AddedState::Asking)
    })
    .await;
    // A second list is not taken meanwhile.
    assert!(added(&companion, &line(&world, 0)).await.running);
    companion.stop_adding();
    let view = work.await.unwrap();
    let count = |state| view.lines.iter().filter(|line| line.state == state).count();
    let (added, left) = (count(AddedState::Added), count(AddedState::Left));
    assert_eq!(added + left, 12, "{view:?}");
    assert!(left > 0, "{view:?}");
    assert_eq!(companion.get_accounts().await.unwrap().accounts.len(), added);
}
