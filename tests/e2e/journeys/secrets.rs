//! Secrets live in the keyring and nowhere else, whatever was done with them.

use crate::support::{
    walk::Shop,
    world::{End, World},
};

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
