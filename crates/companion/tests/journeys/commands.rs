//! What an adapter gets from the table of commands: answers, and a clear refusal of what is not a command's.

use std::path::PathBuf;

use companion::api::{
    Closing, ConsolePage, ConsoleView, CopiedView, ErrorCode, HelpPage, LoginField, PracticePage,
    PracticeView, SavedPage,
};
use companion::commands::{COMMANDS, Desktop, answer};
use companion::secrets::Secret;
use companion::{Companion, Error};
use serde_json::{Value, json};

use crate::world::World;

/// No windows; and a printer whose driver crashes.
#[derive(Clone)]
struct Bare(Companion);

fn no_window<T>() -> Result<T, Error> {
    Err(Error::refused(ErrorCode::WindowFailed))
}

impl Desktop for Bare {
    async fn app(&self) -> Result<&Companion, Error> {
        Ok(&self.0)
    }
    async fn practice(&self) -> Result<PracticeView, Error> {
        Err(Error::refused(ErrorCode::PracticeFailed))
    }
    fn has_live_member_card(&self) -> bool {
        true
    }
    fn content_shown(&self, _: u64) {}
    async fn save_page(&self, _: SavedPage) {}
    fn forget_page(&self) -> Result<(), Error> {
        Ok(())
    }
    fn open_help_page(&self, _: HelpPage) -> Result<(), Error> {
        no_window()
    }
    #[allow(clippy::panic, reason = "what a panicking command answers is what is tested")]
    fn print(&self) -> Result<(), Error> {
        panic!("the printer's driver crashed")
    }
    async fn copy_secret(&self, _: Secret<String>) -> Result<CopiedView, Error> {
        no_window()
    }
    async fn copy_text(&self, _: String) -> Result<(), Error> {
        no_window()
    }
    fn reveal_file(&self, _: PathBuf) -> Result<(), Error> {
        no_window()
    }
    async fn open_console(&self, _: &str, _: ConsolePage) -> Result<(), Error> {
        no_window()
    }
    async fn consoles(&self) -> Result<Vec<ConsoleView>, Error> {
        Ok(Vec::new())
    }
    fn show_console(&self, _: &str) -> Result<(), Error> {
        no_window()
    }
    async fn fill_console(&self, _: &str, _: LoginField) -> Result<(), Error> {
        no_window()
    }
    fn close_console(&self, _: &str) {}
    async fn has_tray(&self) -> bool {
        false
    }
    fn starts_at_log_in(&self) -> Option<bool> {
        None
    }
    fn start_at_log_in(&self, _: bool) -> Result<(), Error> {
        no_window()
    }
    fn close_main(&self, _: Option<Closing>) {}
    async fn open_practice(&self, _: PracticePage, _: Option<&str>) -> Result<(), Error> {
        no_window()
    }
    async fn advance_practice(&self, _: u32) -> Result<PracticeView, Error> {
        no_window()
    }
}

async fn ask(bare: &Bare, name: &str, arguments: Value) -> Result<Value, (ErrorCode, Value)> {
    match answer(bare.clone(), name, arguments).await {
        Ok(json) => Ok(serde_json::from_str(&json).unwrap()),
        Err(error) => {
            assert!(!error.reference.is_empty(), "{error:?} has a reference");
            Err((error.code, json!(error.params)))
        }
    }
}

#[tokio::test]
async fn a_missing_surplus_or_wrong_argument_has_its_own_error_and_changes_nothing() {
    let world = World::new().await;
    let bare = Bare(world.open().await);
    let before = ask(&bare, "get_app", json!({})).await.unwrap();
    let refusals = [
        ("no_such_command", json!({}), ErrorCode::CommandUnknown, json!({ "command": "no_such_command" })),
        (
            "set_theme",
            json!({}),
            ErrorCode::ArgumentMissing,
            json!({ "command": "set_theme", "argument": "theme" }),
        ),
        (
            "set_theme",
            Value::Null,
            ErrorCode::ArgumentMissing,
            json!({ "command": "set_theme", "argument": "theme" }),
        ),
        (
            "set_theme",
            json!({ "theme": "dark", "secret": "hunter2" }),
            ErrorCode::ArgumentUnknown,
            json!({ "command": "set_theme" }),
        ),
        (
            "set_theme",
            json!({ "theme": "hunter2" }),
            ErrorCode::ArgumentInvalid,
            json!({ "command": "set_theme", "argument": "theme" }),
        ),
        // What may be nothing is sent as nothing, never left out: a name mistyped would mean "not any more".
        (
            "set_reminder",
            json!({ "account": "a", "date": "2026-12-01" }),
            ErrorCode::ArgumentMissing,
            json!({ "command": "set_reminder", "argument": "day" }),
        ),
        (
            "set_price_row",
            json!({ "draft": { "calls": "many" } }),
            ErrorCode::ArgumentInvalid,
            json!({ "command": "set_price_row", "argument": "draft.calls" }),
        ),
    ];
    for (name, arguments, code, params) in refusals {
        assert_eq!(ask(&bare, name, arguments.clone()).await, Err((code, params)), "{name} {arguments}");
        assert_eq!(ask(&bare, "get_app", json!({})).await.unwrap(), before, "{name} {arguments}");
    }
    ask(&bare, "set_theme", json!({ "theme": "dark" })).await.unwrap();
    assert_eq!(ask(&bare, "get_app", json!({})).await.unwrap()["theme"], "dark");
}

#[tokio::test]
async fn a_command_that_panics_answers_internal_and_the_next_one_works() {
    let world = World::new().await;
    let bare = Bare(world.open().await);
    assert_eq!(ask(&bare, "print_summary", json!({})).await, Err((ErrorCode::Internal, json!({}))));
    assert!(ask(&bare, "get_accounts", json!({})).await.is_ok());
}

#[tokio::test]
async fn every_command_of_the_table_is_found_by_its_name() {
    let world = World::new().await;
    let bare = Bare(world.open().await);
    for command in COMMANDS {
        let surplus = ask(&bare, command.name, json!({ "noArgumentOfAny": 1 })).await;
        let expected = if command.arguments.is_empty() {
            ErrorCode::ArgumentUnknown
        } else {
            ErrorCode::ArgumentMissing
        };
        assert_eq!(surplus.map_err(|(code, _)| code), Err(expected), "{}", command.name);
    }
}
