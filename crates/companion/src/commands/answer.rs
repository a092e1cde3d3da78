//! Runs a command by its name.

use super::{COMMANDS, arguments::Arguments, desktop::Desktop, shop_table, table};
use crate::{
    Error,
    api::{ErrorCode, ErrorView},
    ports::SystemRandomness,
};

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
    let arguments = Arguments::of(command, arguments)?;
    let is_of_shop = shop_table::COMMANDS.iter().any(|of_shop| of_shop.name == command.name);
    let running =
        if is_of_shop { shop_table::run(desktop, arguments) } else { table::run(desktop, arguments) };
    running.ok_or_else(unknown)??.await
}
