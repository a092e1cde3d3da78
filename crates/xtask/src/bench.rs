//! `cargo xtask bench startup`: how long until the app shows something, next to an empty Tauri window.
//!
//! Both are started in turn in the same run, so that whatever else the machine does hits both alike. Each
//! writes the instant of its first painted content, in milliseconds since 1970, to a file we name. The app is measured
//! twice: as on every day, when it has kept its last page, and as on its first, when it has none.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::{
    machine,
    needs::Purpose,
    process::{Failure, Run, Running},
    start,
};

/// The page an app has kept for its next start, below its home.
const SAVED_PAGE: &str = "first-page.json";

/// The homes of the app's two starts.
pub(crate) const EVERY_DAY: &str = "app";
pub(crate) const FIRST_DAY: &str = "first-day";

/// A window that has shown nothing by now never will.
const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// Starts of each program that count.
    pub(crate) runs: usize,
    /// Measure what is shipped instead of what is developed with.
    pub(crate) release: bool,
}

/// What is started.
struct Subject {
    name: &'static str,
    binary: PathBuf,
    home: PathBuf,
    start_page: StartPage,
    times: Vec<Duration>,
}

/// What a start finds of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StartPage {
    Shown,
    Removed,
    /// The program keeps none.
    Never,
}

impl Options {
    pub(crate) fn parse(words: &[&str]) -> Result<Self, String> {
        match words {
            [] => Ok(Self { runs: 9, release: false }),
            ["--release", rest @ ..] => Ok(Self { release: true, ..Self::parse(rest)? }),
            ["--runs", number, rest @ ..] => match number.parse() {
                Ok(runs) if runs > 0 => Ok(Self { runs, ..Self::parse(rest)? }),
                _ => Err(format!("--runs takes a number from 1 on, not {number:?}.")),
            },
            [other, ..] => Err(format!("This benchmark knows no {other:?}.")),
        }
    }
}

pub(crate) fn startup(repository: &Path, options: &Options) -> Result<(), Failure> {
    machine::make_ready(if machine::has_display() { Purpose::Open } else { Purpose::Drive })?;
    start::ui_packages(repository)?;
    start::ui_build(repository)?;
    let built = build(repository, options, &["empty_window"])?;
    let (_display, display) = display()?;
    compare(&built, &repository.join("target").join("bench-startup"), display.as_deref(), options.runs)
}

/// Times the app with the homes below a folder, with and without a saved page, next to the empty window.
pub(crate) fn compare(
    built: &Built,
    homes: &Path,
    display: Option<&str>,
    runs: usize,
) -> Result<(), Failure> {
    let subject = |name, binary: &Path, start_page| Subject {
        name,
        binary: binary.to_owned(),
        home: homes.join(name),
        start_page,
        times: Vec::new(),
    };
    let mut subjects = [
        subject(EVERY_DAY, &built.app, StartPage::Shown),
        subject(FIRST_DAY, &built.app, StartPage::Removed),
        subject("empty-window", &built.example("empty_window"), StartPage::Never),
    ];
    // The first start of each makes its profile and its files, as on the first day; it is not counted.
    for round in 0..=runs {
        for subject in &mut subjects {
            let time = first_content(subject, display, round == 0)?;
            println!("{:>2} {:<13} {:>5} ms", round, subject.name, time.as_millis());
            if round > 0 {
                subject.times.push(time);
            }
        }
    }
    let [app, first_day, empty] = subjects.map(|subject| median(subject.times));
    let ratio = |time: Duration| time.as_secs_f64() / empty.as_secs_f64();
    println!(
        "\nMedian of {}: app {} ms, on its first day {} ms, empty Tauri window {} ms; ratios {:.2} and {:.2}",
        runs,
        app.as_millis(),
        first_day.as_millis(),
        empty.as_millis(),
        ratio(app),
        ratio(first_day),
    );
    Ok(())
}

/// Where the programs are.
pub(crate) struct Built {
    pub(crate) app: PathBuf,
    examples: PathBuf,
}

impl Built {
    pub(crate) fn example(&self, name: &str) -> PathBuf {
        self.examples.join(program(name))
    }
}

fn program(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// Builds the app and the examples it is measured with.
pub(crate) fn build(repository: &Path, options: &Options, examples: &[&str]) -> Result<Built, Failure> {
    let mut arguments = vec!["--workspace", "--bin", "merchant-companion"];
    arguments.extend(examples.iter().flat_map(|name| ["--example", name]));
    let profile = if options.release {
        arguments.push("--release");
        "release"
    } else {
        "debug"
    };
    Run::cargo("build", arguments).at(repository).passed_through()?;
    let folder = start::target(repository).join(profile);
    Ok(Built { app: folder.join(program("merchant-companion")), examples: folder.join("examples") })
}

/// An invisible display where there is none, alive as long as the first value.
pub(crate) fn display() -> Result<(Option<Running>, Option<String>), Failure> {
    if machine::has_display() {
        return Ok((None, None));
    }
    let xvfb = Run::new("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
    let mut command = xvfb.command();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let not_started = |error| Failure::NotStarted { command: xvfb.to_string(), error };
    let mut running = Running(command.spawn().map_err(not_started)?);
    let mut number = String::new();
    if let Some(output) = running.0.stdout.take() {
        use std::io::BufRead as _;
        std::io::BufReader::new(output).read_line(&mut number).map_err(not_started)?;
    }
    Ok((Some(running), Some(format!(":{}", number.trim()))))
}

/// Starts the program once and waits until it reports its first content, and on the first round until it has kept its
/// page.
fn first_content(subject: &Subject, display: Option<&str>, first_round: bool) -> Result<Duration, Failure> {
    let (file, kept) = (subject.home.join("first-content"), subject.home.join(SAVED_PAGE));
    fs::create_dir_all(&subject.home).map_err(|error| Failure::File { path: subject.home.clone(), error })?;
    remove(&file)?;
    if subject.start_page == StartPage::Removed || first_round {
        remove(&kept)?;
    }
    let wait_for_page = first_round && subject.start_page == StartPage::Shown;

    let run = Run::new(&subject.binary.to_string_lossy(), ["--developer"]);
    let mut command = run.command();
    command
        .env("COMPANION_HOME", &subject.home)
        .env("COMPANION_REPORT_FIRST_CONTENT", &file)
        .env("XDG_DATA_HOME", subject.home.join("data"))
        .env("XDG_CACHE_HOME", subject.home.join("cache"))
        .stdin(Stdio::null());
    if let Some(display) = display {
        command.env("DISPLAY", display).env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
    let started = SystemTime::now();
    let mut running =
        Running(command.spawn().map_err(|error| Failure::NotStarted { command: run.to_string(), error })?);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let shown = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok());
        if let Some(shown) = shown.map(Duration::from_millis)
            && (!wait_for_page || kept.exists())
        {
            let since = SystemTime::UNIX_EPOCH + shown;
            return since.duration_since(started).map_err(|error| Failure::Said(error.to_string()));
        }
        let ended = running.0.try_wait().is_ok_and(|status| status.is_some());
        if (ended && !file.exists()) || Instant::now() > deadline {
            return Err(Failure::Said(format!("`{run}` never showed anything")));
        }
        thread::sleep(Duration::from_millis(5)); // between two looks at the file
    }
}

fn remove(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::File { path: file.to_owned(), error })
        }
        _ => Ok(()),
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let middle = times.len() / 2;
    match times.as_slice() {
        [] => Duration::ZERO,
        times if times.len() % 2 == 1 => times[middle],
        times => (times[middle - 1] + times[middle]) / 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let of = |millis: &[u64]| median(millis.iter().copied().map(Duration::from_millis).collect());
        assert_eq!(of(&[30, 10, 20]), Duration::from_millis(20));
        assert_eq!(of(&[40, 10, 20, 30]), Duration::from_millis(25));
        assert_eq!(of(&[]), Duration::ZERO);
    }
}
