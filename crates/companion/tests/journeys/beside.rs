//! A home is read beside the application that holds it: the same answers, and nothing is changed.

use std::collections::BTreeMap;
use std::path::Path;

use companion::api::{AccountKind, Environment, ErrorCode, WhatIf};
use companion::{Companion, Error};
use testkit::world::World;

/// The pages of every file of the home that hold something.
fn files(world: &World) -> BTreeMap<String, Vec<u8>> {
    let found = std::fs::read_dir(world.home.path().join("app")).unwrap().map(|entry| entry.unwrap());
    let databases = found.filter(|entry| {
        let name = entry.file_name();
        // The index of a log is memory that readers share; it holds nothing of its own.
        Path::new(&name).extension().is_some_and(|suffix| suffix != "db-shm") && entry.path().is_file()
    });
    databases
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect()
}

async fn beside(world: &World) -> Companion {
    Companion::open_to_read(world.setup()).await.unwrap()
}

#[tokio::test]
async fn the_answers_are_those_of_the_open_application_and_no_file_changes() {
    let mut world = World::from("2026-11-21T10:32:00+08:00").await;
    let companion = world.open().await;
    let (account, _) = world.connected(&companion).await;
    companion.get_accounts().await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    let before = files(&world);

    let reader = beside(&world).await;
    assert_eq!(reader.get_accounts().await.unwrap(), companion.get_accounts().await.unwrap());
    assert_eq!(reader.get_orders(&account).await.unwrap(), companion.get_orders(&account).await.unwrap());
    assert_eq!(reader.get_guard(&account).await.unwrap(), companion.get_guard(&account).await.unwrap());
    let plans = |companion: Companion| {
        let account = account.clone();
        async move { companion.compare_plans(&account, WhatIf::default()).await.unwrap() }
    };
    assert_eq!(plans(reader.clone()).await, plans(companion.clone()).await);
    assert!(files(&world) == before, "a file changed");
    // The application goes on meanwhile, and what it writes is read the next time.
    companion.start_account(Environment::Practice, AccountKind::MiniProgram, "第二家").await.unwrap();
    assert_eq!(reader.get_accounts().await.unwrap().accounts.len(), 2);
}

#[tokio::test]
async fn dates_that_are_not_worked_out_yet_are_worked_out_in_memory() {
    let mut world = World::from("2026-11-21T10:32:00+08:00").await;
    let companion = world.open().await;
    world.connected(&companion).await;
    companion.get_accounts().await.unwrap();
    companion.wait_for_forecasts_and_alerts().await;
    let shown = companion.get_accounts().await.unwrap();
    companion.close().await;
    let home = world.home.path().join("app");
    rusqlite::Connection::open(home.join("cache.db")).unwrap().execute("DELETE FROM outlooks", ()).unwrap();
    let before = files(&world);

    let reader = beside(&world).await;
    assert_eq!(reader.get_accounts().await.unwrap().working_out, 1);
    reader.wait_for_forecasts_and_alerts().await;
    assert_eq!(reader.get_accounts().await.unwrap(), shown);
    assert!(files(&world) == before, "a file changed");
}

#[tokio::test]
async fn what_would_write_is_refused() {
    let world = World::new().await;
    let companion = world.open().await;
    let reader = beside(&world).await;
    let refused =
        reader.start_account(Environment::Practice, AccountKind::MiniProgram, "晋味").await.unwrap_err();
    assert_eq!(code(&refused), ErrorCode::DiskReadOnly);
    assert_eq!(companion.get_accounts().await.unwrap().accounts, []);
}

#[tokio::test]
async fn where_there_is_no_home_none_is_made() {
    let world = World::new().await;
    let refused = Companion::open_to_read(world.setup()).await.unwrap_err();
    assert_eq!(code(&refused), ErrorCode::DatabaseMissing);
    assert!(!world.home.path().join("app").exists());
}

fn code(error: &Error) -> ErrorCode {
    error.report(&companion::ports::SystemRandomness).code
}
