//! The practice platform against the document of the member-card interface, by a client that nobody here wrote.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::Stdio,
};

use crate::{
    process::{Failure, Run, Running},
    report::Ending,
    start,
    tools::SCHEMATHESIS,
};

/// The document is valid, and the stand-alone platform answers as it says.
pub(crate) fn check(repository: &Path) -> Result<Ending, Failure> {
    if let Err(why) = SCHEMATHESIS.make_ready(repository) {
        return Ok(Ending::Skipped(why));
    }
    let folder = repository.join("crates").join("practice").join("openapi");
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (document, configuration) = (file("member-card.yaml"), file("schemathesis.toml"));
    let validate = ["-m", "openapi_spec_validator", &document];
    SCHEMATHESIS.run(repository, "python", validate).passed_through()?;

    Run::new("cargo", ["build", "--workspace", "--bin", "practice"]).at(repository).passed_through()?;
    let home = repository.join("target").join("contract");
    start::empty_folder(&home)?;
    let (_platform, address) = serve(&program(repository), &home)?;
    let run = ["--config-file", &configuration, "run", &document, "--url", &address];
    // It keeps notes of its own where it runs.
    SCHEMATHESIS.run(repository, "schemathesis", run).at(&home).passed_through().map(|()| Ending::Done)
}

fn program(repository: &Path) -> PathBuf {
    let name = format!("practice{}", std::env::consts::EXE_SUFFIX);
    start::target(repository).join("debug").join(name)
}

/// The platform on a free port, alive as long as the first value, and its address.
fn serve(program: &Path, home: &Path) -> Result<(Running, String), Failure> {
    let run = Run::new(&program.to_string_lossy(), ["serve", "--home", &home.to_string_lossy()]);
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
