//! Tauri's way into the commands: the window's permission was checked before, by the command's name.

use companion::commands;
use tauri::{
    Wry,
    ipc::{Invoke, InvokeBody, InvokeError, InvokeResponseBody},
};

use crate::desktop::ShellDesktop;

/// Answers one call of the main window.
pub(crate) fn answer(invoke: Invoke<Wry>) -> bool {
    let Invoke { message, resolver, .. } = invoke;
    let desktop = ShellDesktop::new(message.webview_ref());
    let command = message.command().to_owned();
    let arguments = match message.payload() {
        InvokeBody::Json(arguments) => arguments.clone(),
        InvokeBody::Raw(_) => serde_json::Value::Null,
    };
    resolver.respond_async_serialized(async move {
        let answer = commands::answer(desktop, &command, arguments).await;
        answer.map(InvokeResponseBody::Json).map_err(|error| InvokeError(serde_json::json!(error)))
    });
    true
}
