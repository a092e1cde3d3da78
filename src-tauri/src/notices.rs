//! What the app says outside its window: system notifications, and a click on one leads to the account.

use companion::{
    Error,
    api::{AppView, Changed, NoticeView, SyncAllView, Tag},
};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_notification::NotificationExt as _;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{
    main_window, shell,
    windows::MAIN,
    words::{self, Words},
};

/// What a click on a notification is called, as against one on its buttons.
const CLICK: &str = "tap";
/// Which account a notification is about.
const ACCOUNT: &str = "account";

/// One thing to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Whose page a click opens; without one, that of all alerts.
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
            None => main_window::show(&to, main_window::page("inbox")),
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

/// Shows each alert once from now on, also those of an earlier run that nobody saw.
pub(crate) fn show_alerts(app: AppHandle, mut heard: Receiver<Changed>) {
    tauri::async_runtime::spawn(async move {
        loop {
            if let Err(error) = show_new(&app).await {
                tracing::warn!(code = ?error.code(), "alerts wait in the inbox");
            }
            loop {
                match heard.recv().await {
                    Ok(changed) if !changed.tags.contains(&Tag::Inbox) => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return,
                }
            }
        }
    });
}

async fn show_new(app: &AppHandle) -> Result<(), Error> {
    let companion = &shell::of(app).inner().running(app).await?.companion;
    let AppView { language, figures_hidden, .. } = companion.get_app().await?;
    for new in companion.take_notices().await? {
        show(app, alert(&new, words::of(language), figures_hidden));
    }
    Ok(())
}

fn alert(new: &NoticeView, words: &Words, figures_hidden: bool) -> Notice {
    match new {
        NoticeView::Alert(item) => Notice {
            account: Some(item.account.clone()),
            title: words.alerted(item),
            text: words.alert(&item.alert, figures_hidden),
        },
        NoticeView::Digest { count } => {
            Notice { account: None, title: words.digest(*count), text: String::new() }
        }
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
    use companion::api::{Environment, InboxAlert, InboxItemView, Instant, Language};

    use super::*;

    #[test]
    fn an_alert_names_its_account_and_practice_as_such() {
        let words = words::of(Language::Zh);
        let item = |environment, alert| {
            NoticeView::Alert(InboxItemView {
                id: "1".to_owned(),
                account: "id".to_owned(),
                account_name: "晋味".to_owned(),
                environment,
                alert,
                raised_at: Instant("2026-03-10T04:00:00Z".parse().unwrap()),
                read: false,
            })
        };
        let low = InboxAlert::QuotaLow { percent: 20, remaining: 196 };
        let said = alert(&item(Environment::Live, low.clone()), words, false);
        assert_eq!((said.title.as_str(), said.text.as_str()), ("晋味", "额度只剩 196 次"));
        assert_eq!(said.account.as_deref(), Some("id"));
        assert_eq!(alert(&item(Environment::Live, low.clone()), words, true).text, "额度只剩 ••• 次");
        assert_eq!(alert(&item(Environment::Practice, low), words, false).title, "晋味（体验环境）");
        let gone = InboxAlert::QuotaLow { percent: 0, remaining: 0 };
        assert_eq!(alert(&item(Environment::Live, gone), words, true).text, "额度用完了");
        let said = alert(&NoticeView::Digest { count: 12 }, words, true);
        assert_eq!((said.title.as_str(), said.account), ("12 条新提醒", None));
    }

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
