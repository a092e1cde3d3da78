//! Other programs: what is run, where, and what went wrong.

use std::{
    ffi::OsStr,
    fmt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// One program to run, shown to the person exactly as it could be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    program: String,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    folder: Option<PathBuf>,
}

/// Why a task stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The program could not be started at all.
    NotStarted { command: String, error: std::io::Error },
    /// The program ran and said no.
    Failed { command: String, status: String },
    /// Something is missing that this tool does not install on this system; each entry says what to do.
    Missing(Vec<crate::needs::Missing>),
    /// A file or folder of the repository could not be used.
    File { path: PathBuf, error: std::io::Error },
    /// Nothing else fits; a whole sentence.
    Said(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { command, error } => write!(f, "could not start `{command}`: {error}"),
            Self::Failed { command, status } => write!(f, "`{command}` failed ({status})"),
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Said(sentence) => f.write_str(sentence),
            Self::Missing(missing) => {
                write!(f, "this machine lacks something that has to be installed by hand:")?;
                for one in missing {
                    write!(f, "\n  {}\n    {}", one.what, one.remedy)?;
                }
                Ok(())
            }
        }
    }
}

/// A child that never outlives this value.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            drop(self.0.wait());
        }
    }
}

impl Run {
    pub(crate) fn new<A: AsRef<str>>(program: &str, arguments: impl IntoIterator<Item = A>) -> Self {
        Self {
            program: program.to_owned(),
            arguments: arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect(),
            variables: Vec::new(),
            folder: None,
        }
    }

    /// Cargo with the dependencies that the lock file names, and no others.
    pub(crate) fn cargo<A: AsRef<str>>(subcommand: &str, arguments: impl IntoIterator<Item = A>) -> Self {
        let mut run = Self::new("cargo", [subcommand, "--locked"]);
        run.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        run
    }

    /// npm is a script on Windows, and scripts are only found by their full name there.
    pub(crate) fn npm<A: AsRef<str>>(arguments: impl IntoIterator<Item = A>) -> Self {
        Self::new(if cfg!(windows) { "npm.cmd" } else { "npm" }, arguments)
    }

    pub(crate) fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.arguments.extend(arguments.into_iter().map(str::to_owned));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn at(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).envs(self.variables.iter().map(|(name, value)| (name, value)));
        // `cargo run` tells xtask which package it is. Cargo subcommands take that for their own surroundings: with it
        // cargo-machete reads its first argument as a folder.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("CARGO_PKG_") {
                command.env_remove(name);
            }
        }
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    /// The program and its arguments, for another program to run.
    pub(crate) fn words(&self) -> Vec<String> {
        [&self.program].into_iter().chain(&self.arguments).cloned().collect()
    }

    /// Runs it with its output on the screen as it comes; anything but success is a failure.
    pub(crate) fn passed_through(&self) -> Result<(), Failure> {
        println!("$ {self}");
        let status = self.command().stdin(Stdio::null()).status().map_err(|error| self.not_started(error))?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::Failed { command: self.to_string(), status: status.to_string() })
    }

    /// Runs it silently; its standard output and error together, and whether it succeeded.
    pub(crate) fn asked(&self) -> Result<(bool, String), Failure> {
        let output = self.command().stdin(Stdio::null()).output().map_err(|error| self.not_started(error))?;
        let said = [output.stdout, output.stderr].concat();
        Ok((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
    }

    fn not_started(&self, error: std::io::Error) -> Failure {
        Failure::NotStarted { command: self.to_string(), error }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.variables {
            write!(f, "{name}={} ", quoted(value))?;
        }
        write!(f, "{}", self.program)?;
        self.arguments.iter().try_for_each(|argument| write!(f, " {}", quoted(argument)))
    }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+./:,@".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

/// The standard output of a program that only answers a question; `None` when it is absent or says no.
pub(crate) fn answer(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_could_be_typed() {
        let run = Run::new("cargo", ["test", "--", "two words"]).env("A", "1 2");
        assert_eq!(run.to_string(), "A='1 2' cargo test -- 'two words'");
    }

    #[test]
    fn a_program_that_says_no_is_named() {
        let failed = Run::new("cargo", ["no-such-subcommand"]).asked().unwrap();
        assert!(!failed.0);
        let missing = Run::new("no-such-program-here", ["x"]).asked().unwrap_err();
        assert!(missing.to_string().starts_with("could not start `no-such-program-here x`"), "{missing}");
    }
}
