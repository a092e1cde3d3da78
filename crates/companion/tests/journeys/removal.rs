//! What is left of an account that was removed: nothing in the keyring, in a file or on a page.

use companion::Companion;
use companion::api::TypedFigures;
use companion::secrets::Secret;
use testkit::world::{EMAIL, PASSWORD, World, arrival, paying};
use testkit::{files_with, until};

const USAGE: &str = "/wxa/charge/usage/get";
const PACK: &str = "q-365-1000";

/// An account that has every kind of secret; and their texts.
pub(crate) async fn with_every_secret(world: &mut World, companion: &Companion) -> (String, Vec<String>) {
    let (account, app_id, app_secret) = world.ready_to_connect(companion).await;
    companion.connect_app_secret(&account, &app_id, Secret::from(app_secret.as_str())).await.unwrap();
    let (authorisation, _) = world.authorisation(&app_id, &[18]).await;
    let refresh_token = authorisation.refresh_token.expose().to_owned();
    companion.connect_authorisation(&account, authorisation).await.unwrap();
    let key = world.access_key(&app_id).await;
    companion.connect_member_card(&account, Secret::from(key.as_str())).await.unwrap();
    companion.save_login(&account, Secret::from(EMAIL), Secret::from(PASSWORD)).await.unwrap();
    (account, vec![app_secret, refresh_token, key, EMAIL.to_owned(), PASSWORD.to_owned()])
}

#[tokio::test]
async fn a_removed_account_leaves_no_secret_of_any_kind() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, secrets) = with_every_secret(&mut world, &companion).await;
    assert!(world.secrets.names().len() >= 4, "{:?}", world.secrets.names());
    companion.remove_account(&account).await.unwrap();
    companion.finish_removal(&account).await.unwrap();
    assert!(world.secrets.names().is_empty(), "{:?}", world.secrets.names());
    companion.close().await;
    let secrets: Vec<&str> = secrets.iter().map(String::as_str).collect();
    assert_eq!(files_with(&world.home.path().join("app"), &secrets), Vec::<String>::new());
}

/// Rows about an account in the cache.
fn cached_rows(world: &World, account: &str) -> Vec<String> {
    let db = rusqlite::Connection::open(world.setup().paths.cache()).unwrap();
    let mut tables = db
        .prepare(
            "SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE c.name = 'account'",
        )
        .unwrap();
    let tables: Vec<String> = tables.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(tables.len() >= 3, "{tables:?}");
    let holds = |table: &String| {
        let count = format!("SELECT count(*) FROM \"{table}\" WHERE account = ?1");
        db.query_row(&count, [account], |row| row.get::<_, u32>(0)).unwrap() > 0
    };
    tables.into_iter().filter(holds).collect()
}

/// A reading that was under way comes in when its account is gone already.
#[tokio::test]
async fn readings_of_an_account_that_is_gone_go_at_the_next_start() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    let calls = world.calls(USAGE).await;
    world.fault(USAGE, serde_json::json!({ "kind": "delay", "millis": 1_000 }), Some(1)).await;
    let reading = tokio::spawn({
        let (companion, account) = (companion.clone(), account.clone());
        async move { companion.sync_usage(&account).await.map(drop) }
    });
    until("the reading is under way", || async { world.calls(USAGE).await > calls }).await;
    companion.remove_account(&account).await.unwrap();
    companion.finish_removal(&account).await.unwrap();
    reading.await.unwrap().unwrap_err();
    companion.close().await;
    let companion = world.open().await;
    companion.close().await;
    assert_eq!(cached_rows(&world, &account), Vec::<String>::new());
}

#[tokio::test]
async fn typed_figures_are_not_mixed_with_what_was_read_before() {
    let mut world = World::new().await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.pick_pack(&account, PACK).await.unwrap();
    companion.begin_purchase(&account).await.unwrap();
    world.buy(PACK).await;
    arrival(&companion, &account).await;
    assert!(companion.get_overview(&account).await.unwrap().next_expiry.is_some());
    let typed = TypedFigures { used: 100, remaining: 900, total: 1_000 };
    companion.connect_typed_in(&account, typed).await.unwrap();
    let overview = companion.get_overview(&account).await.unwrap();
    assert_eq!(overview.next_expiry, None, "nobody typed an end in");
    let usage = overview.usage.unwrap();
    assert_eq!((usage.used.value, usage.remaining.value, usage.lots.len()), (100, 900, 0));
    assert_eq!((usage.average, usage.sync.error), (None, None));
    // Another account's are its own.
    let other = paying(&companion).await;
    assert_eq!(companion.get_usage(&other).await.unwrap(), None);
}
