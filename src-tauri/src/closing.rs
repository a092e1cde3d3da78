//! Closing the main window: the app goes on in the tray, or it ends. In the tray no web view is left: hidden ones were
//! measured at hundreds of megabytes, and the window is built again from what is stored.

use companion::api::Closing;
use tauri::{AppHandle, CloseRequestApi, Manager as _};

use crate::{main_window, shell, tray, windows::MAIN};

/// Asks the page, which shows the question (`ui/src/ipc/closing.ts`).
const ASK: &str = "window.dispatchEvent(new Event('closing'))";

/// The person closes the main window.
pub(crate) fn requested(app: &AppHandle, api: &CloseRequestApi) {
    api.prevent_close();
    // A page that does not answer does not hold the window: the second time it goes.
    if shell::of(app).set_asking(true) {
        app.exit(0);
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match chosen(&app).await {
            Some(closing) => close(&app, closing),
            None => ask(&app),
        }
    });
}

/// Does what the shop answered; `None`: the window stays.
pub(crate) fn answered(app: &AppHandle, closing: Option<Closing>) {
    match closing {
        Some(closing) => close(app, closing),
        None => drop(shell::of(app).set_asking(false)),
    }
}

/// The main window has gone. Unless the app goes on in the tray it ends, whatever other windows are open: nothing would
/// lead back to it.
pub(crate) fn gone(app: &AppHandle) {
    if !shell::of(app).is_in_tray() {
        app.exit(0);
    }
}

/// What the shop chose. Without a tray, or where the app does not run, there is no choice.
async fn chosen(app: &AppHandle) -> Option<Closing> {
    let shell = shell::of(app);
    let Some(running) = shell.started() else { return Some(Closing::Quit) };
    if !tray::is_shown(app).await {
        return Some(Closing::Quit);
    }
    running.companion.get_closing().await.unwrap_or_else(|error| {
        tracing::warn!(code = ?error.code(), "what closing does could not be read");
        Some(Closing::Quit)
    })
}

fn close(app: &AppHandle, closing: Closing) {
    if closing == Closing::Quit {
        app.exit(0);
        return;
    }
    let shell = shell::of(app);
    let _was_asking = shell.set_asking(false);
    shell.set_in_tray(true);
    if let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window.destroy()
    {
        tracing::warn!(%error, "the main window could not be closed");
    }
}

fn ask(app: &AppHandle) {
    main_window::show(app, None);
    let asked = app.get_webview_window(MAIN).map(|window| window.eval(ASK));
    if !matches!(asked, Some(Ok(()))) {
        app.exit(0);
    }
}
