//! The practice platform as a program of its own.
//!
//! ```text
//! practice serve [--port N] [--home DIR] [--accounts N] [--start INSTANT]
//! ```
//!
//! `--accounts` adds mini-programs with a past of their own up to that number. `--start` sets practice time when the
//! database is new. The administration token is taken from `COMPANION_PRACTICE_ADMIN_TOKEN`; without it the
//! interface is closed.

use chrono::{DateTime, Utc};
use practice::{Options, Practice, StartError};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage: practice serve [--port N] [--home DIR] [--accounts N] [--start INSTANT]";

/// What was asked for on the command line.
struct Asked {
    port: Option<u16>,
    home: PathBuf,
    accounts: u32,
    start: Option<DateTime<Utc>>,
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    match arguments.next().as_deref() {
        Some("serve") => {}
        Some(other) => return Err(format!("unknown command {other:?}\n{USAGE}")),
        None => return Err(USAGE.to_owned()),
    }
    let mut asked = Asked { port: None, home: PathBuf::from("."), accounts: 3, start: None };
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value\n{USAGE}"))?;
        match name.as_str() {
            "--port" => {
                let port = value.parse().map_err(|_| format!("{value:?} is no port (0 to 65535)"))?;
                asked.port = Some(port);
            }
            "--home" => asked.home = PathBuf::from(value),
            "--accounts" => {
                let number = value.parse().ok().filter(|number| (3..=10_000).contains(number));
                asked.accounts = number.ok_or_else(|| format!("{value:?} is no number from 3 to 10000"))?;
            }
            "--start" => {
                let start = DateTime::parse_from_rfc3339(&value);
                let start =
                    start.map_err(|_| format!("{value:?} is no instant like 2026-12-31T23:59:30+08:00"))?;
                asked.start = Some(start.to_utc());
            }
            _ => return Err(format!("unknown option {name:?}\n{USAGE}")),
        }
    }
    Ok(asked)
}

async fn serve(asked: Asked) -> Result<(), String> {
    let options = Options {
        database: asked.home.join("practice.db"),
        port: asked.port,
        admin_token: std::env::var("COMPANION_PRACTICE_ADMIN_TOKEN").ok(),
        first_start: asked.start,
        reproducible: false,
        own_windows_only: false,
    };
    let practice = Practice::start_stand_alone(options, asked.accounts).await.map_err(explain)?;
    let mut out = io::stdout();
    writeln!(out, "体验环境 · practice platform: {}", practice.base_url())
        .map_err(|error| error.to_string())?;
    out.flush().map_err(|error| error.to_string())?;
    tokio::signal::ctrl_c().await.map_err(|error| error.to_string())?;
    practice.shutdown().await;
    Ok(())
}

fn explain(error: StartError) -> String {
    match error {
        StartError::PortTaken { port } => format!("port {port} is taken: choose another with --port"),
        other => other.to_string(),
    }
}

fn main() -> ExitCode {
    let done = parse(std::env::args().skip(1)).and_then(|asked| {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        runtime.block_on(serve(asked))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nowhere else to say it when standard error is closed.
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::from(2)
        }
    }
}
