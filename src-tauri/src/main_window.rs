//! The main window with our pages: opened, brought to the front, and built again when it was closed.

use companion::api::Language;
use tauri::{
    AppHandle, Manager as _, WebviewUrl, WebviewWindowBuilder,
    webview::{DownloadEvent, NewWindowResponse, PageLoadEvent},
};

use crate::{
    addresses, frames, saved_page, shell,
    windows::{MAIN, bring_to_front, is_own},
    words,
};

/// The title where a developer's environment has named other addresses than WeChat's.
const NAMED_ADDRESSES: &str = "验号管家 · 开发者：不是微信的地址 (developer: not WeChat’s addresses)";

const SIZE: (f64, f64) = (1280.0, 800.0);
const SMALLEST: (f64, f64) = (800.0, 600.0);

/// Pages that can be asked for from outside: those of the rail (`ui/src/layout/pages.ts`).
const PAGES: [&str; 11] = [
    "accounts",
    "overview",
    "usage",
    "packs",
    "orders",
    "member_card",
    "bulk",
    "bill",
    "inbox",
    "settings",
    "guide",
];

/// A page of ours by its name.
pub(crate) fn page(name: &str) -> Option<&'static str> {
    PAGES.into_iter().find(|page| *page == name)
}

/// The page that the arguments of a start ask for: `--page orders`.
pub(crate) fn asked_page(arguments: &[String]) -> Option<&'static str> {
    let at = arguments.iter().position(|argument| argument == "--page")?;
    page(arguments.get(at + 1)?)
}

/// Shows the main window, at `page` if one is asked for.
pub(crate) fn show(app: &AppHandle, page: Option<&'static str>) {
    let app = app.clone();
    // On Windows a window that is built while an event is handled waits for itself.
    tauri::async_runtime::spawn(async move {
        let shown = match app.get_webview_window(MAIN) {
            Some(window) => {
                let gone_to = page.map_or(Ok(()), |page| window.eval(format!("location.hash = '#/{page}'")));
                gone_to.and_then(|()| bring_to_front(&window))
            }
            None => open(&app, page),
        };
        if let Err(error) = shown {
            tracing::warn!(%error, "the main window could not be shown");
        }
    });
}

/// Shows the page of one account.
pub(crate) fn show_account(app: &AppHandle, account: String) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let select =
            async { shell::of(&app).inner().running(&app).await?.companion.select_account(&account).await };
        match select.await {
            Ok(_) => show(&app, page("overview")),
            // It was removed meanwhile: the window shows what there is.
            Err(error) => {
                tracing::warn!(code = ?error.code(), "an account could not be shown");
                show(&app, None);
            }
        }
    });
}

/// Opens the main window, and starts what its page will ask for: at once, or when the page of the last start is there to
/// be shown, after it, so that nothing keeps it waiting.
pub(crate) fn open(app: &AppHandle, page: Option<&'static str>) -> tauri::Result<()> {
    let shell = shell::of(app);
    shell.set_in_tray(false);
    let home = shell.paths.home().to_owned();
    let profile = home.join("webview");
    // Where nothing can be written the window opens nevertheless, with a profile elsewhere: it is what says so.
    let profile = match std::fs::create_dir_all(&profile) {
        Ok(()) => profile,
        Err(_) => app.path().app_cache_dir()?.join("webview"),
    };
    let address = page.map_or_else(|| "index.html".to_owned(), |page| format!("index.html?open={page}"));
    let mut window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App(address.into()));
    // The page of the last start would be another one than the page asked for, or of the ledger that is being replaced.
    let restores = shell.paths.restore_order().exists();
    if let Some(page) = saved_page::load(&home).filter(|_| page.is_none() && !restores) {
        window =
            window.initialization_script(saved_page::script(&page)).on_page_load(move |window, payload| {
                if payload.event() == PageLoadEvent::Finished {
                    shell::start_early(window.app_handle());
                }
            });
    } else {
        shell::start_early(app);
    }
    let window = window
        // A link that was dropped here, a file that was dropped outside a box: the window stays the app's.
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, event| !matches!(event, DownloadEvent::Requested { .. }))
        .general_autofill_enabled(false)
        .title(title(shell.language()))
        .data_directory(profile)
        // Ctrl (⌘ on a Mac) with + and -; 0 goes back.
        .zoom_hotkeys_enabled(true)
        // Files that are dropped are the page's to read.
        .disable_drag_drop_handler();
    frames::fitted(app, window, MAIN, SIZE, Some(SMALLEST)).build()?;
    Ok(())
}

/// Lets the window's title speak the language of its pages.
pub(crate) fn speak(app: &AppHandle, language: Language) {
    if shell::of(app).set_language(language)
        && let Some(window) = app.get_webview_window(MAIN)
        && let Err(error) = window.set_title(title(language))
    {
        tracing::warn!(%error, "the main window's title could not be set");
    }
}

fn title(language: Language) -> &'static str {
    if addresses::are_named() { NAMED_ADDRESSES } else { &words::of(language).app }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_are_those_of_the_rail() {
        let rail = include_str!("../../ui/src/layout/pages.ts");
        let named: Vec<&str> = rail
            .lines()
            .filter_map(|line| line.trim_start().split_once(": { icon:").map(|(name, _)| name))
            .collect();
        assert_eq!(named, PAGES);
    }

    #[test]
    fn a_start_may_ask_for_a_page_of_ours_and_for_nothing_else() {
        let asked = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
            asked_page(&arguments)
        };
        assert_eq!(asked(&["merchant-companion", "--page", "orders"]), Some("orders"));
        assert_eq!(asked(&["merchant-companion", "--page", "'+alert(1)+'"]), None);
        assert_eq!(asked(&["merchant-companion", "--page"]), None);
        assert_eq!(asked(&["merchant-companion", "orders"]), None);
    }
}
