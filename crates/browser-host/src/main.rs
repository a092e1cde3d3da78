//! `browser-host <folder of the built UI>`: prints the address and serves until Ctrl-C. `COMPANION_HOME` names the home;
//! without it, one that is thrown away.

use std::{path::PathBuf, process::ExitCode};

use browser_host::{BrowserHost, Options};

#[tokio::main]
#[allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]
async fn main() -> ExitCode {
    let Some(ui) = std::env::args_os().nth(1) else {
        eprintln!("browser-host <folder of the built UI>");
        return ExitCode::from(2);
    };
    match serve(PathBuf::from(ui)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stdout, reason = "the address is what the program is asked for")]
async fn serve(ui: PathBuf) -> Result<(), browser_host::StartError> {
    let thrown_away = tempfile::tempdir()?;
    let home =
        std::env::var_os("COMPANION_HOME").map_or_else(|| thrown_away.path().to_owned(), PathBuf::from);
    let host = BrowserHost::start(Options { home, ui, ..Options::default() }).await?;
    println!("{}", host.address());
    tokio::signal::ctrl_c().await?;
    Ok(())
}
