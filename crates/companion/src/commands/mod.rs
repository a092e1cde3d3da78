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
mod table;

pub use answer::answer;
pub use arguments::Base64Bytes;
pub use command::{Argument, Command, Kind, camel_case};
pub use desktop::Desktop;
pub use table::COMMANDS;
