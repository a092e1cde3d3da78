//! Windows with foreign pages, and what every window has.
//!
//! Foreign pages (WeChat's console, the practice pages) get no capability, so no command of ours answers
//! them; each account's console has its own profile, so several mini-programs stay signed in side by side.

use std::net::IpAddr;

use companion::{Error, api::ErrorCode};
use tauri::{
    AppHandle, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{DownloadEvent, NewWindowResponse, PageLoadEvent, PageLoadPayload},
};

use crate::{frames, profiles::Profile, shell::Shell};

pub(crate) const MAIN: &str = "main";

/// Called for every page that finished loading, with its address.
pub(crate) type OnLoaded = Box<dyn Fn(&WebviewWindow, &Url) + Send + Sync>;
/// Called for every address a page was refused.
pub(crate) type OnBlocked = Box<dyn Fn(&Url) + Send + Sync>;

/// A window that shows somebody else's pages.
pub(crate) struct Foreign {
    pub(crate) label: String,
    pub(crate) title: String,
    pub(crate) url: Url,
    pub(crate) size: (f64, f64),
    /// Cookies are shared only within one profile.
    pub(crate) profile: Profile,
    pub(crate) on_loaded: OnLoaded,
    pub(crate) on_blocked: OnBlocked,
}

/// Opens a foreign window, or sends the open one to `url` and brings it to the front.
///
/// The page decides nothing about the window: its title is ours and never the page's, it opens no other window, saves
/// no file, and stays with its site.
pub(crate) fn open_foreign(app: &AppHandle, foreign: Foreign) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(&foreign.label) {
        window.navigate(foreign.url)?;
        return bring_to_front(&window);
    }
    let folder = foreign.profile.folder(&app.state::<Shell>().paths);
    let (start, on_loaded, on_blocked) = (foreign.url.clone(), foreign.on_loaded, foreign.on_blocked);
    let (opener, label, site) = (app.clone(), foreign.label.clone(), foreign.url.clone());
    let name = foreign.label.clone();
    let mut builder = WebviewWindowBuilder::new(app, foreign.label, WebviewUrl::External(foreign.url))
        .title(foreign.title)
        .data_directory(folder)
        // What is typed into a form of sign-in is not stored by the web view.
        .general_autofill_enabled(false)
        .on_navigation(move |url| {
            let allowed = may_navigate(&start, url);
            if !allowed {
                tracing::warn!(
                    host = url.host_str(),
                    scheme = url.scheme(),
                    "a foreign page tried to leave its site"
                );
                on_blocked(url);
            }
            allowed
        })
        .on_new_window(move |url, _| {
            // What would be a window of its own goes on in this one, if it may: WeChat's menus open new tabs.
            if may_navigate(&site, &url)
                && let Some(window) = opener.get_webview_window(&label)
                && let Err(error) = window.navigate(url)
            {
                tracing::warn!(%error, "a foreign page's new window could not be opened in its own");
            }
            NewWindowResponse::Deny
        })
        .on_download(|_, event| !matches!(event, DownloadEvent::Requested { .. }))
        .on_page_load(move |window: WebviewWindow, payload: PageLoadPayload<'_>| {
            if payload.event() == PageLoadEvent::Finished {
                on_loaded(&window, payload.url());
            }
        });
    if let Some(identifier) = foreign.profile.identifier() {
        builder = builder.data_store_identifier(identifier);
    }
    frames::fitted(app, builder, &name, foreign.size, None).build()?;
    Ok(())
}

/// Logs why a window failed, and says that one did.
pub(crate) fn failed(error: impl std::fmt::Display) -> Error {
    tracing::error!(%error, "a window failed");
    Error::refused(ErrorCode::WindowFailed)
}

/// Brings a window to the front, also one that was put away.
pub(crate) fn bring_to_front(window: &WebviewWindow) -> tauri::Result<()> {
    window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus())
}

/// A foreign window stays with the site it was opened for, and with Tencent's own hosts, where WeChat's
/// console sends people to sign in and to pay. No file, no other program, no page made of an address.
fn may_navigate(start: &Url, to: &Url) -> bool {
    if ["about:blank", "about:srcdoc"].contains(&to.as_str()) {
        return true;
    }
    if to.scheme() == start.scheme() && to.origin() == start.origin() {
        return true;
    }
    let tencent = start.host_str().is_some_and(is_tencent) && to.host_str().is_some_and(is_tencent);
    tencent && to.scheme() == "https"
}

/// Pages of our own: the bundle's, or the development server's.
pub(crate) fn is_own(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bundled =
        url.scheme() == "tauri" || (matches!(url.scheme(), "http" | "https") && host == "tauri.localhost");
    let developed =
        cfg!(debug_assertions) && url.scheme() == "http" && host == "127.0.0.1" && url.port() == Some(5199);
    bundled || developed || url.as_str() == "about:blank"
}

/// Where a page comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// WeChat's own host, over TLS.
    Official,
    /// Tencent's, but not WeChat's: some carry pages that anybody wrote.
    Tencent,
    /// This computer: practice.
    ThisComputer,
    Elsewhere,
}

/// Decided by the address alone, which no page can change without going there.
pub(crate) fn site_of(url: &Url) -> Site {
    let host = url.host_str().unwrap_or_default();
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    match address {
        Some(address) if address.is_loopback() => Site::ThisComputer,
        None if url.scheme() == "https" && is_below(host, &WECHAT) => Site::Official,
        None if url.scheme() == "https" && is_tencent(host) => Site::Tencent,
        _ => Site::Elsewhere,
    }
}

/// WeChat itself, and where it is paid.
const WECHAT: [&str; 3] = ["weixin.qq.com", "wechat.com", "tenpay.com"];
/// Where WeChat's console sends people.
const TENCENT: [&str; 3] = ["qq.com", "wechat.com", "tenpay.com"];

fn is_tencent(host: &str) -> bool {
    is_below(host, &TENCENT)
}

fn is_below(host: &str, sites: &[&str]) -> bool {
    sites.iter().any(|site| host == *site || host.strip_suffix(site).is_some_and(|rest| rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_window_shows_our_own_pages_alone() {
        let own = |url: &str| is_own(&url.parse().unwrap());
        for url in
            ["tauri://localhost/index.html", "http://tauri.localhost/#/packs", "https://tauri.localhost/"]
        {
            assert!(own(url), "{url}");
        }
        for url in [
            "file:///sign-ups.csv",
            "https://mp.weixin.qq.com/",
            "http://127.0.0.1:4000/practice/phone",
            "http://tauri.localhost.example.org/",
            "data:text/html,<h1>app</h1>",
        ] {
            assert!(!own(url), "{url}");
        }
    }

    #[test]
    fn only_wechat_is_called_wechat() {
        let cases = [
            ("https://mp.weixin.qq.com/", Site::Official),
            ("https://pay.weixin.qq.com/", Site::Official),
            ("https://wx.tenpay.com/", Site::Official),
            ("https://docs.qq.com/form", Site::Tencent),
            ("https://wj.qq.com/s2", Site::Tencent),
            ("https://user.qzone.qq.com/", Site::Tencent),
            ("http://mp.weixin.qq.com/", Site::Elsewhere),
            ("https://notweixin.qq.com.example.org/", Site::Elsewhere),
            ("http://127.0.0.1:4000/", Site::ThisComputer),
        ];
        for (url, site) in cases {
            assert_eq!(site_of(&url.parse().unwrap()), site, "{url}");
        }
    }

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
            ("https://mp.weixin.qq.com/", "https://mp.weixin.qq.com:8443/", true),
            ("https://mp.weixin.qq.com/", "http://mp.weixin.qq.com/", false),
            ("https://mp.weixin.qq.com/", "about:blank", true),
            ("https://mp.weixin.qq.com/", "about:srcdoc", true),
            ("https://mp.weixin.qq.com/", "about:config", false),
            ("https://mp.weixin.qq.com/", "file:///etc/passwd", false),
            ("https://mp.weixin.qq.com/", "file://mp.weixin.qq.com/etc/passwd", false),
            ("https://mp.weixin.qq.com/", "weixin://dl/business", false),
            ("https://mp.weixin.qq.com/", "mailto:shop@qq.com", false),
            ("https://mp.weixin.qq.com/", "tauri://localhost/index.html", false),
            ("https://mp.weixin.qq.com/", "data:text/html,<h1>mp.weixin.qq.com</h1>", false),
            ("https://mp.weixin.qq.com/", "javascript:alert(1)", false),
            ("https://mp.weixin.qq.com/", "blob:https://mp.weixin.qq.com/0191d3a0", false),
            ("https://mp.weixin.qq.com/", "https://mp.weixin.qq.com@example.org/", false),
            ("http://127.0.0.1:4000/", "http://localhost:4000/", false),
            ("http://127.0.0.1:4000/", "file:///etc/passwd", false),
        ];
        for (start, to, expected) in cases {
            let found = may_navigate(&start.parse().unwrap(), &to.parse().unwrap());
            assert_eq!(found, expected, "{start} -> {to}");
        }
    }
}
