//! Programs that a test starts: each in a process group of its own, each ended with exactly that group.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// Between two looks at a condition that is waited for.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A started program with everything it started in turn.
pub(crate) struct Group(Child);

impl Group {
    pub(crate) fn start(command: &mut Command) -> Self {
        use std::os::unix::process::CommandExt as _;
        match command.process_group(0).spawn() {
            Ok(child) => Self(child),
            Err(error) => panic!("could not start {command:?}: {error}"),
        }
    }

    /// The first line of its standard output, which has to be piped.
    pub(crate) fn first_line(&mut self) -> String {
        let mut line = String::new();
        let output = self.0.stdout.take().expect("standard output is piped");
        BufReader::new(output).read_line(&mut line).expect("a line of standard output");
        line.trim().to_owned()
    }

    pub(crate) fn pid(&self) -> i32 {
        i32::try_from(self.0.id()).expect("a process id")
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().is_ok_and(|status| status.is_some())
    }

    pub(crate) fn stdin(&mut self) -> std::process::ChildStdin {
        self.0.stdin.take().expect("standard input is piped")
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL); // it may be gone already
        }
        drop(self.0.wait());
    }
}

/// Sends `signal` to one process.
pub(crate) fn signal(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        let _ = kill_process(pid, signal); // it may be gone already
    }
}

/// Processes whose environment holds the line `variable`, with their command lines.
pub(crate) fn with_variable(variable: &str) -> Vec<(i32, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("/proc").flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        if environment.split(|byte| *byte == 0).any(|line| line == variable.as_bytes()) {
            let words = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let words = words.split(|byte| *byte == 0).map(String::from_utf8_lossy);
            found.push((pid, words.collect::<Vec<_>>().join(" ")));
        }
    }
    found
}

/// Whether `pid` still runs (a process that ended but was not yet waited for does not).
pub(crate) fn runs(pid: i32) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat"));
    stat.is_ok_and(|stat| !stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
}

/// Waits until `condition` gives something; for conditions outside the app's window.
pub(crate) async fn wait_for<T>(
    what: &str,
    patience: Duration,
    mut condition: impl FnMut() -> Option<T>,
) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited {patience:?} in vain for {what}");
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
