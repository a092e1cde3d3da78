//! `--self-check`: whether the app could work on this computer, for those who install it and for those who help.

use std::{path::PathBuf, time::SystemTime};

use chrono::{DateTime, Utc};
use companion::{
    Paths,
    api::{ErrorCode, Language},
    ports::{Clock as _, SystemClock, SystemRandomness},
    secrets::KeyringSecrets,
    self_check::{Part, self_check},
};
use hyper_util::client::proxy::matcher::Matcher;
use serde::Serialize;

use super::Exit;
use crate::{addresses::WECHAT_API, web_engine, words};

/// A file changed later than this from now was changed by another clock.
const AHEAD_MAX: chrono::TimeDelta = chrono::TimeDelta::hours(12);

/// One line of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Line {
    check: Check,
    ok: bool,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
    /// What was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// What was looked at; the exit code is that of the first that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Check {
    Home = 10,
    Lock = 11,
    Ledger = 12,
    Migrations = 13,
    Secrets = 14,
    Exports = 15,
    WebView = 16,
    Clock = 17,
    /// Never fails: what the system says is for those who help.
    Proxy = 18,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Problem {
    Code(ErrorCode),
    Own(OwnProblem),
}

/// What the pages have no code for, since they would not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OwnProblem {
    WebViewMissing,
    WebViewOld,
    ClockWrong,
}

/// The whole answer.
#[derive(Debug, Serialize)]
struct Answer {
    version: &'static str,
    system: &'static str,
    processor: &'static str,
    checks: Vec<Line>,
}

/// Looks at everything, and prints a line each. Asks the keyring, and nothing outside this computer.
pub(super) fn answer(paths: &Paths, json: bool) -> (String, Exit) {
    let mut checks: Vec<Line> = self_check(paths, &KeyringSecrets::new(), &SystemRandomness)
        .into_iter()
        .map(|found| of_part(paths, found))
        .collect();
    checks.extend([web_view(), clock(paths, SystemClock.now()), proxy()]);
    let exit = checks.iter().find(|line| !line.ok).map_or(Exit::Fine, |line| Exit::Failed(line.check));
    let answer = Answer {
        version: env!("CARGO_PKG_VERSION"),
        system: std::env::consts::OS,
        processor: std::env::consts::ARCH,
        checks,
    };
    let text = if json {
        // Fails only for what is no JSON.
        serde_json::to_string_pretty(&answer).unwrap_or_default() + "\n"
    } else {
        answer.checks.iter().flat_map(in_both_languages).collect()
    };
    (text, exit)
}

fn in_both_languages(line: &Line) -> [String; 2] {
    [Language::Zh, Language::En].map(|language| {
        let words = words::of(language);
        let said = match line.problem {
            None => words.self_check.fine.clone(),
            Some(Problem::Code(code)) => words::error(language, code),
            Some(Problem::Own(own)) => words.self_check.problem(own).to_owned(),
        };
        let detail = line.detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        let mark = if line.ok { "✓" } else { "✗" };
        let mark = if language == Language::Zh { mark } else { " " };
        format!("{mark} {}{detail}: {said}\n", words.self_check.name(line.check))
    })
}

fn of_part(paths: &Paths, (part, found): (Part, Result<(), companion::Error>)) -> Line {
    let shown = |path: PathBuf| Some(path.display().to_string());
    let (check, detail) = match part {
        Part::Home => (Check::Home, shown(paths.home().to_owned())),
        Part::Lock => (Check::Lock, None),
        Part::Ledger => (Check::Ledger, None),
        Part::Migrations => (Check::Migrations, None),
        Part::Secrets => (Check::Secrets, None),
        Part::Exports => (Check::Exports, shown(paths.exports())),
    };
    let problem = found.err().map(|error| Problem::Code(error.code()));
    Line { check, ok: problem.is_none(), problem, detail }
}

fn web_view() -> Line {
    let (version, problem) = web_engine::look();
    line(Check::WebView, problem, version)
}

/// A wrong clock is seen by the files of the home, which it or another one has dated.
fn clock(paths: &Paths, now: DateTime<Utc>) -> Line {
    let changed = |path: PathBuf| std::fs::metadata(path).and_then(|found| found.modified()).ok();
    let last = [paths.ledger(), paths.cache(), paths.home().to_owned()].into_iter().filter_map(changed).max();
    let ahead = last.map(|last: SystemTime| DateTime::<Utc>::from(last) - now);
    let problem = ahead.filter(|ahead| *ahead > AHEAD_MAX).map(|_| OwnProblem::ClockWrong);
    let here = now.with_timezone(&chrono::Local);
    line(Check::Clock, problem, Some(format!("{} UTC, {}", now.format("%F %T"), here.format("%F %T %:z"))))
}

/// As the HTTP client sees it.
fn proxy() -> Line {
    line(Check::Proxy, None, Some(way_to_wechat(&Matcher::from_system())))
}

/// The proxy without user name and password, or `direct`.
fn way_to_wechat(system: &Matcher) -> String {
    let proxy = WECHAT_API.parse().ok().and_then(|address| system.intercept(&address));
    proxy.map_or_else(
        || "direct".to_owned(),
        |proxy| {
            let address = proxy.uri();
            let server =
                address.authority().map(|server| server.as_str().rsplit('@').next().unwrap_or_default());
            format!("{}://{}", address.scheme_str().unwrap_or("http"), server.unwrap_or_default())
        },
    )
}

fn line(check: Check, problem: Option<OwnProblem>, detail: Option<String>) -> Line {
    Line { check, ok: problem.is_none(), problem: problem.map(Problem::Own), detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_day_after_tomorrow_tell_of_a_wrong_clock() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::new(folder.path());
        let now = Utc::now();
        assert!(clock(&paths, now).ok);
        let before = clock(&paths, now - chrono::TimeDelta::days(2));
        assert_eq!(before.problem, Some(Problem::Own(OwnProblem::ClockWrong)));
        assert!(clock(&Paths::new(folder.path().join("none yet")), now - chrono::TimeDelta::days(2)).ok);
    }

    #[test]
    fn a_proxy_is_shown_without_its_password() {
        let through = |address: &str| way_to_wechat(&Matcher::builder().all(address).build());
        assert_eq!(through("http://owner:lantern@192.168.1.2:8080"), "http://192.168.1.2:8080");
        assert_eq!(through("socks5://192.168.1.2:1080"), "socks5://192.168.1.2:1080");
        assert_eq!(through(""), "direct");
    }
}
