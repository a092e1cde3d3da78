//! The web engine that draws the pages. It is a part of the system; on Windows it may be missing or too old, and then not
//! even a window that says so can open.

use companion::Paths;

use crate::command_line::OwnProblem;

/// The oldest web engine of Windows that shows the pages: `oklch` colours and container queries.
const OLDEST_WEBVIEW2: u32 = 111;

/// The engine's version, and why it cannot show the pages.
pub(crate) fn look() -> (Option<String>, Option<OwnProblem>) {
    let version = tauri::webview_version().ok();
    let problem = match &version {
        None => Some(OwnProblem::WebViewMissing),
        Some(version) if cfg!(windows) && is_too_old(version) => Some(OwnProblem::WebViewOld),
        Some(_) => None,
    };
    (version, problem)
}

fn is_too_old(version: &str) -> bool {
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    major.is_some_and(|major| major < OLDEST_WEBVIEW2)
}

/// Writes to the log why no page can be shown, and on Windows says it in a box of the system, in both languages.
pub(crate) fn report(problem: OwnProblem, paths: Option<&Paths>) {
    if let Some(paths) = paths {
        crate::logs::start(&paths.logs());
    }
    tracing::error!(?problem, "the web engine cannot show the pages");
    #[cfg(windows)]
    if let Err(error) = show_box(problem) {
        tracing::error!(%error, "the box could not be shown");
    }
}

#[cfg(windows)]
fn show_box(problem: OwnProblem) -> winsafe::SysResult<winsafe::co::DLGID> {
    use companion::api::Language;
    use winsafe::{HWND, co::MB, prelude::*};

    let [zh, en] = [Language::Zh, Language::En].map(crate::words::of);
    let text = [zh, en].map(|words| words.self_check.problem(problem)).join("\n\n");
    HWND::NULL.MessageBox(&text, &format!("{} · {}", zh.app, en.app), MB::ICONERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_web_engine_is_known_by_its_version() {
        for (version, old) in
            [("110.0.1587.69", true), ("111.0.1661.41", false), ("2.50.6", true), ("", false)]
        {
            assert_eq!(is_too_old(version), old, "{version}");
        }
    }
}
