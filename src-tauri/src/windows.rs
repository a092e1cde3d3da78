//! The windows: the main one with our pages, and windows with foreign pages.
//!
//! Foreign pages (WeChat's console, the practice pages) get no capability, so no command of ours answers
//! them; each account's console has its own profile, so several mini-programs stay signed in side by side.

use std::path::PathBuf;

use tauri::{
    AppHandle, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{PageLoadEvent, PageLoadPayload},
};

use crate::{kept_page::KeptPage, shell::Shell};

pub(crate) const MAIN: &str = "main";

/// Called for every page that finished loading.
pub(crate) type OnLoaded = Box<dyn Fn(&AppHandle, Url) + Send + Sync>;

/// A window that shows somebody else's pages.
pub(crate) struct Foreign {
    pub(crate) label: String,
    pub(crate) title: String,
    pub(crate) url: Url,
    pub(crate) size: (f64, f64),
    /// Folder name of the profile; cookies are shared only within one profile.
    pub(crate) profile: String,
    pub(crate) on_loaded: OnLoaded,
}

/// Opens the main window.
pub(crate) fn open_main(app: &AppHandle) -> tauri::Result<()> {
    let home = &app.state::<Shell>().home;
    let profile = home.join("webview");
    // Where nothing can be written the window opens nevertheless, with a profile elsewhere: it is what says so.
    let profile = match std::fs::create_dir_all(&profile) {
        Ok(()) => profile,
        Err(_) => app.path().app_cache_dir()?.join("webview"),
    };
    let mut window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()));
    if let Some(page) = KeptPage::of(home) {
        window = window.initialization_script(page.script());
    }
    window
        .title("验号管家")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 600.0)
        .data_directory(profile)
        .build()?;
    Ok(())
}

/// Brings the main window to the front.
pub(crate) fn show_main(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the main window could not be brought to the front");
        }
    }
}

/// Opens a foreign window, or sends the open one to `url` and brings it to the front.
pub(crate) fn open_foreign(app: &AppHandle, foreign: Foreign) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(&foreign.label) {
        window.navigate(foreign.url)?;
        return window.set_focus();
    }
    let profile = profile_folder(app, &foreign.profile);
    let (start, on_loaded) = (foreign.url.clone(), foreign.on_loaded);
    let (width, height) = foreign.size;
    WebviewWindowBuilder::new(app, foreign.label, WebviewUrl::External(foreign.url))
        .title(foreign.title)
        .inner_size(width, height)
        .data_directory(profile)
        .on_navigation(move |url| may_navigate(&start, url))
        .on_page_load(move |window: WebviewWindow, payload: PageLoadPayload<'_>| {
            if payload.event() == PageLoadEvent::Finished {
                on_loaded(window.app_handle(), payload.url().clone());
            }
        })
        .build()?;
    Ok(())
}

/// Under WebDriver every window shares the first profile: WebKitGTK lets only one context be automated.
fn profile_folder(app: &AppHandle, profile: &str) -> PathBuf {
    let home = &app.state::<Shell>().home;
    let automated = std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|value| value == "true");
    if automated { home.join("webview") } else { home.join("profiles").join(profile) }
}

/// A foreign window stays with the site it was opened for, and with Tencent's own hosts, where WeChat's
/// console sends people to sign in and to pay.
fn may_navigate(start: &Url, to: &Url) -> bool {
    if to.scheme() == "about" || to.origin() == start.origin() {
        return true;
    }
    let tencent = start.host_str().is_some_and(is_tencent) && to.host_str().is_some_and(is_tencent);
    let allowed = tencent && to.scheme() == "https";
    if !allowed {
        tracing::warn!(host = to.host_str(), "a foreign page tried to leave its site");
    }
    allowed
}

fn is_tencent(host: &str) -> bool {
    ["qq.com", "wechat.com", "tenpay.com"]
        .iter()
        .any(|site| host == *site || host.strip_suffix(site).is_some_and(|rest| rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_windows_stay_with_their_site() {
        let cases = [
            ("https://mp.weixin.qq.com/cgi-bin/loginpage", "https://mp.weixin.qq.com/wxamp/wxacharge", true),
            ("https://mp.weixin.qq.com/", "https://pay.weixin.qq.com/", true),
            ("https://mp.weixin.qq.com/", "http://pay.weixin.qq.com/", false),
            ("https://mp.weixin.qq.com/", "https://mp.weixin.qq.com.example.org/", false),
            ("https://mp.weixin.qq.com/", "https://notqq.com/", false),
            ("http://127.0.0.1:4000/practice/phone", "http://127.0.0.1:4000/wxamp/wxacharge", true),
            ("http://127.0.0.1:4000/practice/phone", "http://127.0.0.1:4001/", false),
            ("http://127.0.0.1:4000/practice/phone", "https://mp.weixin.qq.com/", false),
        ];
        for (start, to, expected) in cases {
            let found = may_navigate(&start.parse().unwrap(), &to.parse().unwrap());
            assert_eq!(found, expected, "{start} -> {to}");
        }
    }
}
