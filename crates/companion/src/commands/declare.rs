//! The macro of the table of commands.

use std::pin::Pin;

use crate::{Error, api::ErrorCode};

/// A command at work.
pub(super) type Running<'d> = Pin<Box<dyn Future<Output = Result<String, Error>> + Send + 'd>>;

pub(super) fn json<T: serde::Serialize>(answer: &T) -> Result<String, Error> {
    serde_json::to_string(answer).map_err(|_| Error::refused(ErrorCode::Internal))
}

/// Makes `COMMANDS`, and `run`, which finds a command by its name and hands it its arguments.
///
/// `|app|` is the running [`crate::Companion`], `|desktop|` the [`super::Desktop`]; the expression after it answers
/// `Result<_, Error>`.
macro_rules! commands {
    ($($feature:ident {$(
        $(#[doc = $doc:literal])*
        $kind:ident $name:ident($($argument:ident: $type:ty),*) -> $answer:ty $(, [$($tag:ident),+])? = |$on:ident| $call:expr;
    )+})+) => {
        /// Every command of this table.
        pub(super) const COMMANDS: &[Command] = &[$($(Command {
            name: stringify!($name),
            feature: stringify!($feature),
            kind: commands!(@kind $kind),
            tags: &[$($(Tag::$tag),+)?],
            arguments: &[$(Argument { name: stringify!($argument), kind: <$type as TS>::name }),*],
            answer: <$answer as TS>::name,
            docs: &[$($doc),*],
        }),+),+];

        /// The running command, unless no command has this name. Errors: `argument_invalid`, before anything has begun.
        pub(super) fn run<D: Desktop>(desktop: &D, mut arguments: Arguments) -> Option<Result<Running<'_>, Error>> {
            Some(match arguments.command() {
                $($(stringify!($name) => {
                    #[allow(unused_variables, reason = "some commands have no argument")]
                    fn begin<'d, D: Desktop>(desktop: &'d D, arguments: &mut Arguments) -> Result<Running<'d>, Error> {
                        $(let $argument: $type = arguments.take(stringify!($argument))?;)*
                        Ok(Box::pin(async move {
                            let $on = commands!(@on $on desktop);
                            let answer: Result<$answer, Error> = $call;
                            json(&answer?)
                        }))
                    }
                    begin(desktop, &mut arguments)
                })+)+
                _ => return None,
            })
        }
    };
    (@on app $desktop:ident) => { $desktop.app().await? };
    (@on desktop $desktop:ident) => { $desktop };
    (@kind read) => { Kind::Read };
    (@kind act) => { Kind::Act };
    (@kind long_act) => { Kind::LongAct };
}

pub(super) use commands;
