//! What an adapter gets from the table of commands: answers, and a clear refusal of what is not a command's.

use companion::api::ErrorCode;
use companion::commands::{COMMANDS, answer};
use serde_json::{Value, json};
use testkit::desktop::Desk;
use testkit::world::World;

async fn ask(desk: &Desk, name: &str, arguments: Value) -> Result<Value, (ErrorCode, Value)> {
    match answer(desk.clone(), name, arguments).await {
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
    let desk = Desk::new(world.open().await, &world.practice);
    let before = ask(&desk, "get_app", json!({})).await.unwrap();
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
        assert_eq!(ask(&desk, name, arguments.clone()).await, Err((code, params)), "{name} {arguments}");
        assert_eq!(ask(&desk, "get_app", json!({})).await.unwrap(), before, "{name} {arguments}");
    }
    ask(&desk, "set_theme", json!({ "theme": "dark" })).await.unwrap();
    assert_eq!(ask(&desk, "get_app", json!({})).await.unwrap()["theme"], "dark");
}

#[tokio::test]
async fn a_command_that_panics_answers_internal_and_the_next_one_works() {
    let world = World::new().await;
    let desk = Desk::new(world.open().await, &world.practice).whose_printer_crashes();
    assert_eq!(ask(&desk, "print_summary", json!({})).await, Err((ErrorCode::Internal, json!({}))));
    assert!(ask(&desk, "get_accounts", json!({})).await.is_ok());
}

#[tokio::test]
async fn every_command_of_the_table_is_found_by_its_name() {
    let world = World::new().await;
    let desk = Desk::new(world.open().await, &world.practice);
    for command in COMMANDS {
        let surplus = ask(&desk, command.name, json!({ "noArgumentOfAny": 1 })).await;
        let expected = if command.arguments.is_empty() {
            ErrorCode::ArgumentUnknown
        } else {
            ErrorCode::ArgumentMissing
        };
        assert_eq!(surplus.map_err(|(code, _)| code), Err(expected), "{}", command.name);
    }
}
