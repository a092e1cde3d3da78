//! What the app says while its window is closed: a system notification, and a click on it leads to the account.

use companion::api::SyncAllView;
use tauri::{AppHandle, Manager as _};
use tauri_plugin_notification::NotificationExt as _;

use crate::{main_window, windows::MAIN, words::Words};

/// What a click on a notification is called, as against one on its buttons.
const CLICK: &str = "tap";
/// Which account a notification is about.
const ACCOUNT: &str = "account";

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Whose page a click opens; without one, that of all.
    pub(crate) account: Option<String>,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// Hears of clicks from now on.
pub(crate) fn listen(app: &AppHandle) {
    let to = app.clone();
    let heard = app.notification().on_action(move |action| {
        if action.action_id() != CLICK {
            return;
        }
        let account =
            action.notification().and_then(|notification| notification.extra().get(ACCOUNT)?.as_str());
        match account {
            Some(account) => main_window::show_account(&to, account.to_owned()),
            None => main_window::show(&to, main_window::page("accounts")),
        }
    });
    if let Err(error) = heard {
        tracing::warn!(%error, "clicks on notifications lead nowhere");
    }
}

/// Shows a notification. Where nobody shows any, it is left out: the pages have the same.
pub(crate) fn show(app: &AppHandle, notice: Notice) {
    let mut notification = app.notification().builder().title(notice.title).body(notice.text);
    if let Some(account) = notice.account {
        notification = notification.extra(ACCOUNT, account);
    }
    if let Err(error) = notification.show() {
        tracing::info!(%error, "a notification could not be shown");
    }
}

/// Says how a reading went that was asked for where no page shows it.
pub(crate) fn say_read(app: &AppHandle, went: &SyncAllView, worst: Option<(String, String)>, words: &Words) {
    if app.get_webview_window(MAIN).is_none() {
        show(app, read(went, worst, words));
    }
}

fn read(went: &SyncAllView, worst: Option<(String, String)>, words: &Words) -> Notice {
    let title = if went.failed == 0 { words.read.done.clone() } else { words.not_read(went.failed) };
    let (account, text) = worst.map_or((None, String::new()), |(account, line)| (Some(account), line));
    Notice { account, title, text }
}

#[cfg(test)]
mod tests {
    use companion::api::Language;

    use super::*;
    use crate::words;

    #[test]
    fn a_reading_that_failed_is_not_called_done() {
        let words = words::of(Language::Zh);
        let went = SyncAllView { total: 3, done: 3, ..SyncAllView::default() };
        let worst = Some(("id".to_owned(), "晋味：用完了".to_owned()));
        let said = read(&went, worst.clone(), words);
        assert_eq!((said.title.as_str(), said.text.as_str()), ("用量已读取", "晋味：用完了"));
        assert_eq!(said.account.as_deref(), Some("id"));
        let said = read(&SyncAllView { failed: 2, ..went }, worst, words);
        assert_eq!(said.title, "2 个小程序没读到");
        assert_eq!(read(&SyncAllView::default(), None, words).account, None);
    }
}
