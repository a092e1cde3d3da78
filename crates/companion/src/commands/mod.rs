//! The commands: everything a page may ask of the application, declared once in [`table`].
//!
//! [`answer`] is all that an adapter needs: Tauri's IPC in the app, HTTP on the loopback address in the browser host. The
//! permission file and the TypeScript client are generated from [`COMMANDS`] (`tests/bindings.rs`). What a command needs
//! beyond the application – windows, the clipboard, practice – it asks of the [`Desktop`] it runs on.

mod acts;
mod arguments;
mod declare;
mod desktop;
mod table;

use ts_rs::Config;

use crate::{
    Error,
    ports::SystemRandomness,
    views::{ErrorCode, ErrorView, Tag},
};

pub use arguments::Base64Bytes;
pub use desktop::Desktop;
pub use table::COMMANDS;

/// What a command is, for the generators and for tests.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// The name in `snake_case`: Tauri's command, and the path in the browser host.
    pub name: &'static str,
    /// The feature it belongs to, which is also its permission.
    pub feature: &'static str,
    pub kind: Kind,
    /// Of a read: the tags whose change makes its answer out of date. Of any other command: the tags that it changes, also
    /// when it is refused, since a refusal may leave a trace.
    pub tags: &'static [Tag],
    pub arguments: &'static [Argument],
    /// The answer's TypeScript type.
    pub answer: fn(&Config) -> String,
    /// The documentation, line by line.
    pub docs: &'static [&'static str],
}

/// Whether a command asks or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Asks; a page may keep the answer until one of its tags changes.
    Read,
    /// Does something, or answers with something that nobody may keep.
    Act,
    /// Does something that may take longer than a client waits for an answer.
    LongAct,
}

/// One argument of a command.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// The name in `snake_case`.
    pub name: &'static str,
    /// The TypeScript type.
    pub kind: fn(&Config) -> String,
}

/// `app_secret` → `appSecret`.
pub fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(word.len().min(1));
        name + &initial.to_ascii_uppercase() + rest
    })
}

/// Runs a command and returns its answer as JSON.
///
/// The command runs to its end even when the caller stops waiting. A command that panics answers `internal`.
///
/// # Errors
/// The command's own; `command_unknown`, `argument_missing`, `argument_unknown`, `argument_invalid` before it has begun.
pub async fn answer<D: Desktop>(
    desktop: D,
    name: &str,
    arguments: serde_json::Value,
) -> Result<String, ErrorView> {
    let command = name.to_owned();
    let running = tokio::spawn(async move { run(&desktop, &command, arguments).await });
    let ended = running.await.unwrap_or_else(|stopped| {
        // The panic's own message may quote an argument.
        tracing::error!(command = name, panicked = stopped.is_panic(), "a command stopped half-way");
        Err(Error::refused(ErrorCode::Internal))
    });
    ended.map_err(|error| error.report(&SystemRandomness))
}

async fn run<D: Desktop>(desktop: &D, name: &str, arguments: serde_json::Value) -> Result<String, Error> {
    let unknown = || Error::refused(ErrorCode::CommandUnknown).with("command", name);
    let command = COMMANDS.iter().find(|command| command.name == name).ok_or_else(unknown)?;
    let arguments = arguments::Arguments::of(command, arguments)?;
    table::run(desktop, arguments).ok_or_else(unknown)??.await
}
