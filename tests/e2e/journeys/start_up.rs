//! What can stand in the way of starting at all: the window opens nevertheless and says it.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use crate::support::{
    desktop::Keyring,
    driver::Driver,
    world::{End, World},
};

async fn see_failure(app: &Driver, code: &str) {
    app.see_attribute("app.failed", "data-code", code).await;
    let words = app.text("app.failed").await;
    assert!(words.chars().count() > code.len() + 40, "{code} says only {words:?}");
}

#[tokio::test]
async fn a_second_instance_leaves_the_first_alone() {
    let mut world = World::open().await;
    world.main().await.see("step.welcome").await;
    let first = world.pid();
    let second = world.start_beside().await;
    see_failure(second.main_window().await, "already_running").await;
    drop(second);
    world.main().await.click("wizard.next").await;
    world.app().see("step.eligibility").await;
    assert_eq!(world.pid(), first);
    world.restart(End::Killed).await;
    world.main().await.see("step.eligibility").await;
}

#[tokio::test]
async fn a_database_from_a_newer_version_is_not_touched() {
    let mut world = World::open().await;
    world.main().await.see("step.welcome").await;
    world.end(End::Quit).await;
    let file = world.home.app().join("ledger.db");
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 9999).unwrap();
    let before = fs::read(&file).unwrap();
    world.start().await;
    see_failure(world.main().await, "database_newer").await;
    world.end(End::Quit).await;
    assert!(fs::read(&file).unwrap() == before, "the file was changed");
}

#[tokio::test]
async fn a_damaged_database_is_said_and_kept() {
    let mut world = World::prepare(Keyring::Unlocked).await;
    fs::create_dir_all(world.home.app()).unwrap();
    let file = world.home.app().join("ledger.db");
    let damaged = b"this was a database before the disk failed".repeat(300);
    fs::write(&file, &damaged).unwrap();
    world.start().await;
    see_failure(world.main().await, "database_damaged").await;
    world.end(End::Quit).await;
    assert!(fs::read(&file).unwrap() == damaged, "what could still be rescued was changed");
}

#[tokio::test]
async fn a_lost_ledger_is_not_taken_for_a_first_start_and_restored_on_the_page_that_says_so() {
    let mut world = World::prepare(Keyring::Unlocked).await;
    world.start().await;
    world.main().await.see("step.welcome").await;
    world.end(End::Quit).await;
    let file = world.home.app().join("ledger.db");
    fs::write(&file, b"").unwrap();
    world.start().await;
    see_failure(world.main().await, "database_missing").await;
    assert!(fs::read(&file).unwrap().is_empty(), "something was made over it");
    let copies = fs::read_dir(world.home.app().join("backups")).unwrap();
    let copy = copies.map(|copy| copy.unwrap().file_name()).next().expect("a copy of the day");
    world.app().click(&format!("backups.restore.{}", copy.to_str().unwrap())).await;
    world.app().click("backups.ask.do").await;
    world.app().see("step.welcome").await;
}

#[tokio::test]
async fn a_read_only_home_is_said() {
    let mut world = World::prepare(Keyring::Unlocked).await;
    let (place, _restored) = read_only_place(&world);
    world.set_app_home(&place);
    world.start().await;
    see_failure(world.main().await, "disk_read_only").await;
}

/// A folder that even root cannot write into where the tests run as root.
fn read_only_place(world: &World) -> (PathBuf, Option<Restored>) {
    if rustix::process::geteuid().is_root() {
        return (Path::new("/sys").join("companion"), None);
    }
    let place = world.home.app();
    fs::create_dir_all(&place).unwrap();
    fs::set_permissions(&place, fs::Permissions::from_mode(0o555)).unwrap();
    (place.clone(), Some(Restored(place)))
}

/// Lets the folder be deleted again.
struct Restored(PathBuf);

impl Drop for Restored {
    fn drop(&mut self) {
        drop(fs::set_permissions(&self.0, fs::Permissions::from_mode(0o755)));
    }
}

#[tokio::test]
async fn a_taken_practice_port_is_said_and_tried_again() {
    let mut world = World::prepare(Keyring::Unlocked).await;
    let taken = TcpListener::bind(("127.0.0.1", world.practice_port)).unwrap();
    world.start().await;
    see_failure(world.main().await, "practice_port_taken").await;
    world.app().click("app.retry").await;
    see_failure(world.app(), "practice_port_taken").await;
    drop(taken);
    world.app().click("app.retry").await;
    world.app().see("step.welcome").await;
}
