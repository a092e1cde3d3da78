//! Tables that people hand over are read in a process of this program that does nothing else: it has so much memory and so
//! much time, and what is in a file of others ends nothing but it.

use std::{
    alloc::System,
    ffi::OsString,
    io,
    pin::Pin,
    process::{ExitCode, Stdio},
    time::Duration,
};

use cap::Cap;
use companion::tables::{self, Reading, Refused, TableReader};
use tokio::{io::AsyncWriteExt as _, process::Command};

const ARGUMENT: &str = "--read-table";
/// What the process may have in memory, the file and its table included.
const MEMORY_MAX: usize = 300 << 20;
/// The largest files of shops take a few seconds.
const PATIENCE: Duration = Duration::from_mins(1);

/// Without a limit in the app itself.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

pub(crate) fn is_asked(arguments: impl IntoIterator<Item = OsString>) -> bool {
    arguments.into_iter().nth(1).is_some_and(|first| first == ARGUMENT)
}

/// Reads the table from standard input, and writes what came of it to standard output.
pub(crate) fn answer() -> ExitCode {
    let limited = MEMORY.set_limit(MEMORY_MAX).is_ok();
    let answered = limited && tables::answer(io::stdin().lock(), io::stdout().lock()).is_ok();
    if answered { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Starts a process for each table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TableProcess;

impl TableReader for TableProcess {
    fn read(&self, file: Vec<u8>) -> Pin<Box<dyn Future<Output = io::Result<Reading>> + Send>> {
        Box::pin(async move {
            let mut command = Command::new(std::env::current_exe()?);
            command.arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            // Also when the page that asked is gone, or it takes too long.
            let mut process = command.kill_on_drop(true).spawn()?;
            let input = process.stdin.take();
            let hand_over = async move {
                if let Some(mut input) = input {
                    // One that has ended reads no more; how it ended is what counts.
                    let _handed = input.write_all(&file).await;
                }
            };
            let work = async { tokio::join!(hand_over, process.wait_with_output()).1 };
            let Ok(ended) = tokio::time::timeout(PATIENCE, work).await else {
                tracing::warn!("a table took too long to read");
                return Ok(Err(Refused::Unreadable));
            };
            let ended = ended?;
            if !ended.status.success() {
                tracing::warn!(status = %ended.status, "a table could not be read");
                return Ok(Err(Refused::Unreadable));
            }
            Ok(serde_json::from_slice(&ended.stdout).unwrap_or(Err(Refused::Unreadable)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_argument_asks_for_it() {
        let asked = |arguments: &[&str]| is_asked(arguments.iter().map(OsString::from));
        assert!(asked(&["merchant-companion", ARGUMENT]));
        assert!(!asked(&["merchant-companion"]) && !asked(&["merchant-companion", "status", ARGUMENT]));
    }
}
