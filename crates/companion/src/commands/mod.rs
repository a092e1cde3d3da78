//! The commands: everything a page may ask of the application, declared once in [`table`].
//!
//! [`answer()`] is all that an adapter needs: Tauri's IPC in the app, HTTP on the loopback address in the browser host. The
//! permission file and the TypeScript client are generated from [`COMMANDS`] (`tests/bindings.rs`). What a command needs
//! beyond the application – windows, the clipboard, practice – it asks of the [`Desktop`] it runs on.

mod acts;
mod answer;
mod arguments;
mod command;
mod declare;
mod desktop;
mod shop_table;
mod table;

pub use answer::answer;
pub use arguments::Base64Bytes;
pub use command::{Argument, Command, Kind, camel_case};
pub use desktop::Desktop;

/// Every command.
pub const COMMANDS: &[Command] =
    &both::<{ table::COMMANDS.len() + shop_table::COMMANDS.len() }>(table::COMMANDS, shop_table::COMMANDS);

/// The rows of two tables as one.
const fn both<const ALL: usize>(first: &[Command], second: &[Command]) -> [Command; ALL] {
    let mut rows = [first[0]; ALL];
    let mut row = 0;
    while row < ALL {
        rows[row] = if row < first.len() { first[row] } else { second[row - first.len()] };
        row += 1;
    }
    rows
}
