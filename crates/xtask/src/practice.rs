//! The stand-alone practice platform, served to a check.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::Stdio,
};

use crate::{
    process::{Failure, Run, Running},
    start,
};

/// A practice platform with an empty home, alive as long as the first value, and its address, without a slash at the
/// end. Nobody administers it unless there is a token for that.
pub(crate) fn serve(
    repository: &Path,
    home: &Path,
    admin_token: Option<&str>,
) -> Result<(Running, String), Failure> {
    let program = start::program(repository, "practice", "http")?;
    start::empty_folder(home)?;
    let mut run = Run::new(&program.to_string_lossy(), ["serve", "--home", &home.to_string_lossy()]);
    if let Some(token) = admin_token {
        run = run.env("COMPANION_PRACTICE_ADMIN_TOKEN", token);
    }
    let mut command = run.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let not_started = |error| Failure::NotStarted { command: run.to_string(), error };
    let mut running = Running(command.spawn().map_err(not_started)?);
    let mut line = String::new();
    if let Some(output) = running.0.stdout.take() {
        BufReader::new(output).read_line(&mut line).map_err(not_started)?;
    }
    // Its first line ends with where it listens.
    let address = line.split_whitespace().last().filter(|word| word.starts_with("http://"));
    match address {
        Some(address) => Ok((running, address.trim_end_matches('/').to_owned())),
        None => Err(Failure::Said(format!("`{run}` did not say where it listens, but {line:?}"))),
    }
}
