//! Secrets live in the keyring and nowhere else, whatever was done with them.

use std::time::Duration;

use crate::support::{
    clipboard,
    process::wait_for,
    walk::Shop,
    world::{End, World},
};

/// Longer than any start takes, and not so long that the half minute has passed in any case.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn are_in_no_file_log_database_or_argument() {
    let mut world = World::open().await;
    let mut shop = Shop::new();
    let wrong = "0123456789abcdef0123456789abcdef";
    shop.walk_to(&world, "login").await;
    shop.first_half(&world, "login").await;
    // Everything a person can do with the password: look at it, copy it, fill it in, mistype it.
    let app = world.main().await;
    app.click("login.show").await;
    app.see_text("login.shown.password", &shop.password).await;
    app.click("login.copy.password").await;
    shop.second_half(&world, "login").await;
    shop.walk_to(&world, "connect").await;
    let app = world.main().await;
    app.click("connect.way.app_secret").await;
    app.fill("connect.app_id", &world.practice.first().await.app_id).await;
    app.fill("connect.app_secret", wrong).await;
    app.click("connect.save").await;
    app.see_error("app_secret_wrong").await;
    shop.walk_to(&world, "done").await;

    // The search finds what is meant to be there, so that finding nothing means something.
    let name = world.practice.first().await.name;
    let ledger = world.home.app().join("ledger.db").display().to_string();
    assert!(
        world.leaks(&[&name]).iter().any(|leak| leak.starts_with(&ledger)),
        "the account's name is not found in {ledger}"
    );

    let secrets = [shop.secrets(), vec![wrong]].concat();
    assert_eq!(secrets.len(), 4);
    world.assert_unleaked(&secrets, "while the app runs");
    world.end(End::Quit).await;
    world.assert_unleaked(&secrets, "after it was closed");
}

/// Windows and macOS keep a copied text when the program that copied it has gone; another program keeps it here.
#[tokio::test]
async fn a_copied_password_is_cleared_at_the_next_start_after_a_crash() {
    let mut world = World::open().await;
    let mut shop = Shop::new();
    shop.walk_to(&world, "login").await;
    shop.first_half(&world, "login").await;
    for (left, kept) in [
        (shop.password.clone(), ""),
        ("what the person copied since".to_owned(), "what the person copied since"),
    ] {
        world.main().await.click("login.copy.password").await;
        let copied = || (clipboard::text(world.desktop()) == shop.password).then_some(());
        wait_for("the password in the clipboard", PATIENCE, copied).await;
        let note = world.home.app().join("clipboard.json");
        assert!(note.exists());
        world.end(End::Killed).await;
        let holder = clipboard::fill(world.desktop(), &left);
        wait_for("it to be left over", PATIENCE, || (clipboard::text(world.desktop()) == left).then_some(()))
            .await;
        world.start().await;
        wait_for("the note to go", PATIENCE, || (!note.exists()).then_some(())).await;
        assert_eq!(clipboard::text(world.desktop()), kept);
        world.main().await.see("step.login").await;
        drop(holder);
    }
    world.assert_unleaked(&shop.secrets(), "a note says which secret, not what it is");
}

#[tokio::test]
async fn foreign_pages_may_ask_the_app_nothing() {
    let world = World::open().await;
    Shop::frugal().walk_to(&world, "console").await;
    let app = world.main().await;
    for command in ["get_app", "suggest_password"] {
        let answer = app.execute_async(&ask(command)).await.to_string();
        assert!(!answer.contains("refused"), "the app's own page asks {command}: {answer}");
    }
    app.click("console.open").await;
    let console = app.console_window().await;
    for command in ["get_app", "suggest_password", "reveal_login", "no_such_command"] {
        let answer = console.execute_async(&ask(command)).await.to_string();
        assert!(answer.contains("refused"), "a foreign page asks {command}: {answer}");
    }
}

/// A page's attempt to run a command.
fn ask(command: &str) -> String {
    format!(
        "const answer = arguments[0]; const tauri = window.__TAURI_INTERNALS__; \
         if (!tauri) answer('refused: no Tauri'); \
         else tauri.invoke('{command}').then(answer, (error) => answer('refused: ' + JSON.stringify(error)));"
    )
}
