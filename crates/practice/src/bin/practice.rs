//! The practice platform as a program of its own.
//!
//! ```text
//! practice serve [--port N] [--home DIR] [--accounts N]
//! ```
//!
//! `--accounts` adds mini-programs with a past of their own until there are so many. The administration token is taken from `COMPANION_PRACTICE_ADMIN_TOKEN`; without it nobody can administer.

use practice::{Options, Practice, StartError};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "usage: practice serve [--port N] [--home DIR] [--accounts N]";

/// What was asked for on the command line.
struct Asked {
    port: Option<u16>,
    home: PathBuf,
    accounts: u32,
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    match arguments.next().as_deref() {
        Some("serve") => {}
        Some(other) => return Err(format!("unknown command {other:?}\n{USAGE}")),
        None => return Err(USAGE.to_owned()),
    }
    let mut asked = Asked { port: None, home: PathBuf::from("."), accounts: 3 };
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
