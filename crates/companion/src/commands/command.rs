//! What a command is, for the adapters, the generators and the tests.

use ts_rs::Config;

use crate::api::Tag;

/// A row of the table.
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
