//! A start that nobody looks at, such as at log-in: no window and no web view, if a tray leads to one.

use std::time::Duration;

use tauri::AppHandle;

use crate::{main_window, shell, tray};

/// What the system has to start the app with at log-in.
pub(crate) const ARGUMENT: &str = "--hidden";

/// At log-in the panel may come after the app.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn is_asked(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| argument == ARGUMENT)
}

/// Runs without a window. Where the app cannot run or no tray comes, the window opens: it says why.
pub(crate) fn start(app: &AppHandle) {
    shell::of(app).set_in_tray(true);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let shell = shell::of(&app);
        let runs = shell.inner().running(&app).await.is_ok();
        let has_tray = runs
            && tokio::time::timeout(PATIENCE, shell.inner().tray())
                .await
                .is_ok_and(|tray| tray == tray::State::Shown);
        // Somebody may have opened it meanwhile.
        if !has_tray && shell.is_in_tray() {
            main_window::show(&app, None);
        }
    });
}
