//! The command line for those who look after many: what stands in the application's files, without a window. It reads
//! and changes nothing, so it runs while the application is open; `--forget-secrets` alone empties the keyring.

mod answer;
mod arguments;
mod guard;
mod self_check;
pub(crate) mod words;

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Utc};
use companion::{
    Companion, Error, Paths, Platforms, Setup,
    api::{Environment, Language},
    ports::{Clock, SystemClock, SystemRandomness, SystemTimer},
    secrets::KeyringSecrets,
};

use crate::words::{of, of_messages};
use crate::{addresses, table_process::TableProcess};
use arguments::{Ask, Asked};
pub(crate) use self_check::{Check, OwnProblem};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Fine,
    /// The shop has to do something.
    ActionNeeded,
    /// The app would not work here.
    Failed(Check),
    Usage,
    /// The files cannot be read, or the keyring cannot be used.
    Unavailable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::ActionNeeded => 1,
            Exit::Failed(check) => check as u8,
            // As in `sysexits.h`.
            Exit::Usage => 64,
            Exit::Unavailable => 69,
        })
    }
}

/// Answers the arguments of a start that asks for no window; `None` where a window is asked for.
pub(crate) fn answered(paths: impl FnOnce() -> Option<Paths>) -> Option<ExitCode> {
    let asked = arguments::asked(std::env::args_os());
    if asked == Asked::Window {
        return None;
    }
    speak_where_it_was_typed();
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    let exit = match asked {
        Asked::Window => return None,
        // A reader that has gone away wants no more of it.
        Asked::Text(text) => write!(out, "{text}").map_or(Exit::Fine, |()| Exit::Fine),
        Asked::Wrong(text) => write!(err, "{text}").map_or(Exit::Usage, |()| Exit::Usage),
        Asked::SelfCheck { json } => {
            let (text, exit) = self_check::answer(&paths()?, json);
            write!(out, "{text}").map_or(exit, |()| exit)
        }
        Asked::ForgetSecrets => run(paths(), &mut out, &mut err, forgotten),
        Asked::Ask(ask) => run(paths(), &mut out, &mut err, async |paths| found(&ask, paths).await),
    };
    Some(exit.into())
}

/// A program with windows has no console on Windows; the answer goes to that of the shell which started it, if there is
/// one and the answer does not go to a file.
#[cfg(windows)]
fn speak_where_it_was_typed() {
    let _attached = winsafe::AttachConsole(winsafe::PidParent::Parent);
}

#[cfg(not(windows))]
fn speak_where_it_was_typed() {}

fn run(
    paths: Option<Paths>,
    out: &mut impl Write,
    err: &mut impl Write,
    answer: impl AsyncFnOnce(&Paths) -> Result<Found, Failure>,
) -> Exit {
    let Some(paths) = paths else { return Exit::Unavailable };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return writeln!(err, "{error}").map_or(Exit::Unavailable, |()| Exit::Unavailable),
    };
    match runtime.block_on(answer(&paths)) {
        Ok(Found { text, exit }) => write!(out, "{text}").map_or(exit, |()| exit),
        Err(Failure::Unknown(name)) => {
            let [zh, en] =
                [Language::Zh, Language::En].map(|language| of(language).command_line.no_such_account(&name));
            writeln!(err, "{zh}\n{en}").map_or(Exit::Usage, |()| Exit::Usage)
        }
        Err(Failure::Error(error)) => {
            let view = error.report(&SystemRandomness);
            // The code is what a script goes by; what it means stands in the guide.
            let text = serde_json::to_string(&view).unwrap_or_default();
            writeln!(err, "{text}").map_or(Exit::Unavailable, |()| Exit::Unavailable)
        }
    }
}

/// What is printed, and what it means.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    text: String,
    exit: Exit,
}

#[derive(Debug)]
enum Failure {
    /// No account has this name, AppID or id.
    Unknown(String),
    Error(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

async fn found(ask: &Ask, paths: &Paths) -> Result<Found, Failure> {
    let clock = Arc::new(StillFrom::default());
    let companion = open(paths, Arc::clone(&clock) as Arc<dyn Clock>).await?;
    let mut read = companion.get_accounts().await?;
    // Practice has a time of its own, which only the running platform knows: it is asked about at its last reading.
    let practice = read.accounts.iter().filter(|account| account.environment == Environment::Practice);
    let last = practice.filter_map(|account| account.read_at).max().filter(|_| ask.practice);
    if let Some(last) = last {
        clock.stop_at(last.0);
    }
    if last.is_some() || read.working_out > 0 {
        // Dates that rest on older figures are computed again, in memory.
        companion.wait_for_forecasts_and_alerts().await;
        read = companion.get_accounts().await?;
    }
    let shown = ask.of(read.accounts).map_err(Failure::Unknown)?;
    let language = companion.get_app().await?.language;
    Ok(answer::answer(&companion, ask, shown, language).await?)
}

/// Empties the keyring of what this home has there; the files stay as they are.
async fn forgotten(paths: &Paths) -> Result<Found, Failure> {
    let companion = open(paths, Arc::new(SystemClock)).await?;
    let words = &of(companion.get_app().await?.language).command_line;
    let owners = companion.forget_secrets().await?;
    Ok(Found { text: words.forgotten(owners) + "\n", exit: Exit::Fine })
}

async fn open(paths: &Paths, practice: Arc<dyn Clock>) -> Result<Companion, Error> {
    let live = addresses::live(Arc::new(SystemClock))?;
    let setup = Setup {
        paths: paths.clone(),
        // No platform is asked; a missing one has this clock.
        platforms: Platforms { practice: None, live: Some(live) },
        secrets: Arc::new(KeyringSecrets::new()),
        clock: practice,
        timer: Arc::new(SystemTimer),
        randomness: Arc::new(SystemRandomness),
        tables: Arc::new(TableProcess),
        language: Language::Zh,
        words: of_messages(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    Companion::open_to_read(setup).await
}

/// This computer's clock, which stands still from when on it is asked to.
#[derive(Debug, Default)]
struct StillFrom(OnceLock<DateTime<Utc>>);

impl StillFrom {
    fn stop_at(&self, at: DateTime<Utc>) {
        // Asked once: one that stands already goes on standing.
        let _ = self.0.set(at);
    }
}

impl Clock for StillFrom {
    fn now(&self) -> DateTime<Utc> {
        self.0.get().copied().unwrap_or_else(|| SystemClock.now())
    }
}
