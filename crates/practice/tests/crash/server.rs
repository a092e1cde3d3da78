//! The stand-alone program as a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub(crate) const ADMIN: &str = "crash-administration";

/// Dies with its value, without warning.
pub(crate) struct Server {
    child: Child,
    pub(crate) base: String,
}

impl Server {
    pub(crate) fn start(home: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_practice"))
            .args(["serve", "--home"])
            .arg(home)
            .env("COMPANION_PRACTICE_ADMIN_TOKEN", ADMIN)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let base = line.trim().rsplit(' ').next().unwrap().trim_end_matches('/').to_owned();
        assert!(base.starts_with("http://127.0.0.1:"), "it did not start: {line:?}");
        Self { child, base }
    }

    /// SIGKILL.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
