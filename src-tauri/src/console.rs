//! The console windows, one an account, and what is typed into them.

use companion::{
    Companion, Error,
    api::{Changed, ConsolePage, ConsoleView, ErrorCode, Language, LoginField, Tag},
    secrets::Secret,
};
use tauri::{AppHandle, Emitter as _, Manager as _, Url, WebviewWindow, WindowEvent};

use crate::{
    profiles::{self, Profile},
    shell::{self, Running, Shell},
    windows::{self, Foreign, Site, failed},
};

/// The console windows that are open, for the strip in our own window: what a page cannot fake.
pub(crate) async fn all(
    app: &AppHandle,
    shell: &Shell,
    companion: &Companion,
) -> Result<Vec<ConsoleView>, Error> {
    let accounts = companion.get_app().await?.accounts;
    let open = accounts.into_iter().filter_map(|account| {
        let url = window(app, &account.id).ok()?.url().ok()?;
        Some(ConsoleView {
            official: windows::site_of(&url) == Site::Official,
            host: url.host_str().map(ToOwned::to_owned),
            blocked: shell.blocked_host(&account.id),
            separate: profiles::are_separate(),
            account: account.id,
            name: account.name,
            environment: account.environment,
        })
    });
    Ok(open.collect())
}

/// Brings an account's console window to the front as it is.
pub(crate) fn show(app: &AppHandle, account: &str) -> Result<(), Error> {
    windows::bring_to_front(&window(app, account)?).map_err(failed)
}

/// Types a saved secret into the console's own field: only on request, only while the window shows the console.
pub(crate) async fn fill(
    app: &AppHandle,
    companion: &Companion,
    account: &str,
    field: LoginField,
) -> Result<(), Error> {
    let console = companion.console_address(account, ConsolePage::Charge).await?;
    let window = window(app, account)?;
    if !shows(&window.url().map_err(failed)?, &console) {
        return Err(Error::refused(ErrorCode::WindowFailed));
    }
    let secret = companion.login_secret(account, field).await?;
    window.eval(typing(field, &secret, &console).expose()).map_err(failed)
}

/// Opens the account's console window, which has a profile of its own, and watches for the sign-in.
pub(crate) async fn open(
    app: &AppHandle,
    running: &Running,
    account: &str,
    page: ConsolePage,
) -> Result<(), Error> {
    let companion = &running.companion;
    let url = running.opening(companion.console_address(account, page).await?);
    let name = companion.get_wizard(account).await?.name;
    let language = companion.get_app().await?.language;
    let (blocker, of_account, blocked_account) = (app.clone(), account.to_owned(), account.to_owned());
    shell::of(app).note_blocked(account, None);
    windows::open_foreign(
        app,
        Foreign {
            label: label(account),
            title: title(language, &url, &name),
            url,
            size: (1100.0, 760.0),
            profile: Profile::Account(account.to_owned()),
            on_loaded: Box::new(move |window, url| {
                // Ours, after every page: where the window really is.
                if let Err(error) = window.set_title(&title(language, url, &name)) {
                    tracing::warn!(%error, "a console window's title could not be set");
                }
                reached(window.app_handle().clone(), of_account.clone(), url.clone());
            }),
            on_blocked: Box::new(move |url| {
                shell::of(&blocker).note_blocked(&blocked_account, Some(url));
                announce(&blocker);
            }),
        },
    )
    .map_err(failed)?;
    announce(app);
    if let Some(window) = app.get_webview_window(&label(account)) {
        let app = app.clone();
        window.on_window_event(move |event| {
            if matches!(event, WindowEvent::Destroyed) {
                announce(&app);
            }
        });
    }
    Ok(())
}

/// Closes the account's console window, if it is open.
pub(crate) fn close(app: &AppHandle, account: &str) {
    let window = app.get_webview_window(&label(account));
    if let Some(Err(error)) = window.map(|window| window.destroy()) {
        tracing::warn!(%error, "the console window could not be closed");
    }
}

/// Errors: `window_failed` where none is open.
fn window(app: &AppHandle, account: &str) -> Result<WebviewWindow, Error> {
    app.get_webview_window(&label(account)).ok_or_else(|| Error::refused(ErrorCode::WindowFailed))
}

fn label(account: &str) -> String {
    format!("console-{account}")
}

/// Tells the main window to look at the console windows again.
fn announce(app: &AppHandle) {
    let changed = Changed { account: None, tags: vec![Tag::Console] };
    if let Err(error) = app.emit_to(windows::MAIN, shell::CHANGED, changed) {
        tracing::warn!(%error, "a change of the console windows could not be passed on");
    }
}

/// The window's title is the system's to show and ours to write; no page reaches it. It begins with where the window
/// is: WeChat's real site, practice, or somewhere that is neither.
fn title(language: Language, url: &Url, name: &str) -> String {
    let host = url.host_str().unwrap_or_default();
    let site = match (windows::site_of(url), language) {
        (Site::Official, Language::Zh) => format!("微信官方网站 {host}"),
        (Site::Official, Language::En) => format!("WeChat’s own site {host}"),
        (Site::Tencent, Language::Zh) => format!("腾讯的网站，不是微信 {host}"),
        (Site::Tencent, Language::En) => format!("Tencent’s site, not WeChat’s {host}"),
        (Site::ThisComputer, Language::Zh) => "体验环境，不是微信".to_owned(),
        (Site::ThisComputer, Language::En) => "Practice, not WeChat (体验环境)".to_owned(),
        (Site::Elsewhere, Language::Zh) => format!("不是微信的网站 {host}"),
        (Site::Elsewhere, Language::En) => format!("Not WeChat’s site {host}"),
    };
    format!("{site} · {name}")
}

fn reached(app: AppHandle, account: String, url: Url) {
    tauri::async_runtime::spawn(async move {
        announce(&app);
        let Ok(running) = shell::of(&app).inner().running(&app).await else { return };
        if let Err(error) = running.companion.console_reached(&account, &url).await {
            tracing::warn!(code = ?error.code(), "the sign-in could not be recorded");
        }
    });
}

/// Whether a window at `url` shows the console, and nobody else.
fn shows(url: &Url, console: &Url) -> bool {
    url.scheme() == console.scheme() && url.origin() == console.origin()
}

/// A script that fills one field and tells the page so, as typing would. It looks where it is once more: between our
/// look and its run the window may have gone on.
fn typing(field: LoginField, secret: &Secret<String>, console: &Url) -> Secret<String> {
    let name = match field {
        LoginField::Email => "account",
        LoginField::Password => "password",
    };
    let origin = serde_json::Value::String(console.origin().ascii_serialization()).to_string();
    let value = serde_json::Value::String(secret.expose().to_owned()).to_string();
    Secret::new(format!(
        "(() => {{ if (location.origin !== {origin}) return; \
         const field = document.querySelector('input[name={name}]'); if (!field) return; \
         field.focus(); field.value = {value}; \
         field.dispatchEvent(new Event('input', {{ bubbles: true }})); \
         field.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn a_secret_goes_to_the_console_and_to_nobody_else() {
        let console = url("https://mp.weixin.qq.com/cgi-bin/loginpage");
        for (at, filled) in [
            ("https://mp.weixin.qq.com/", true),
            ("https://mp.weixin.qq.com/wxamp/wxacharge?token=1", true),
            ("http://mp.weixin.qq.com/", false),
            ("https://mp.weixin.qq.com:8443/", false),
            ("https://pay.weixin.qq.com/", false),
            ("https://mp.weixin.qq.com.example.org/", false),
            ("http://127.0.0.1:4000/cgi-bin/loginpage", false),
            ("blob:https://mp.weixin.qq.com/1", false),
            ("about:blank", false),
            ("data:text/html,mp.weixin.qq.com", false),
        ] {
            assert_eq!(shows(&url(at), &console), filled, "{at}");
        }
        assert!(!shows(&url("about:blank"), &url("about:blank")), "a page without an origin is nobody");
    }

    #[test]
    fn the_script_looks_where_it_is_and_quotes_what_it_types() {
        let secret = Secret::new("a'\"\\b</script>".to_owned());
        let script = typing(LoginField::Password, &secret, &url("https://mp.weixin.qq.com/x"));
        let script = script.expose();
        assert!(script.contains(r#"location.origin !== "https://mp.weixin.qq.com""#), "{script}");
        assert!(
            script.contains("input[name=password]") && script.contains(r#""a'\"\\b</script>""#),
            "{script}"
        );
    }

    #[test]
    fn the_title_says_first_where_the_window_is() {
        for (at, language, starts) in [
            ("https://mp.weixin.qq.com/", Language::Zh, "微信官方网站 mp.weixin.qq.com · "),
            ("https://pay.weixin.qq.com/x", Language::En, "WeChat’s own site pay.weixin.qq.com · "),
            ("http://127.0.0.1:4000/", Language::Zh, "体验环境，不是微信 · "),
            ("http://127.0.0.1:4000/", Language::En, "Practice, not WeChat (体验环境) · "),
            (
                "https://mp.weixin.qq.com.example.org/",
                Language::Zh,
                "不是微信的网站 mp.weixin.qq.com.example.org · ",
            ),
            ("http://mp.weixin.qq.com/", Language::Zh, "不是微信的网站 mp.weixin.qq.com · "),
        ] {
            let title = title(language, &url(at), "微信官方网站");
            assert!(title.starts_with(starts) && title.ends_with("微信官方网站"), "{title}");
        }
    }
}
