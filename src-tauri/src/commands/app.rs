use std::time::SystemTime;

use companion::views::{AppView, Language, Theme};
use serde::Deserialize;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt as _;

use super::practice;
use crate::{
    addresses,
    failure::Answer,
    kept_page::KeptPage,
    shell::{Running, Shell},
};

#[tauri::command]
pub(crate) async fn get_app(app: AppHandle, shell: State<'_, Shell>) -> Answer<AppView> {
    let running = shell.running(&app).await?;
    Ok(completed(running, running.companion.get_app().await?))
}

#[tauri::command]
pub(crate) async fn set_language(
    app: AppHandle,
    shell: State<'_, Shell>,
    language: Language,
) -> Answer<AppView> {
    let running = shell.running(&app).await?;
    Ok(completed(running, running.companion.set_language(language).await?))
}

#[tauri::command]
pub(crate) async fn set_theme(app: AppHandle, shell: State<'_, Shell>, theme: Theme) -> Answer<AppView> {
    let running = shell.running(&app).await?;
    Ok(completed(running, running.companion.set_theme(theme).await?))
}

#[tauri::command]
pub(crate) async fn select_account(
    app: AppHandle,
    shell: State<'_, Shell>,
    account: String,
) -> Answer<AppView> {
    let running = shell.running(&app).await?;
    Ok(completed(running, running.companion.select_account(&account).await?))
}

/// The way out of a start-up error: try again.
#[tauri::command]
pub(crate) async fn restart_app(app: AppHandle, shell: State<'_, Shell>) -> Answer<()> {
    shell.running(&app).await.map(|_| ())
}

/// The first page stands; `at` is when anything could be read first, in milliseconds since 1970. It goes to the log, and
/// to a file when a benchmark asks.
#[tauri::command]
pub(crate) async fn content_shown(shell: State<'_, Shell>, at: u64) -> Answer<()> {
    let stands = shell.started.elapsed().as_millis();
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis());
    let first = stands.saturating_sub(now.saturating_sub(at.into()));
    tracing::info!(first, stands, "milliseconds until content, and until the app stood");
    if let Some(file) = std::env::var_os("COMPANION_REPORT_FIRST_CONTENT")
        && let Err(error) = std::fs::write(file, at.to_string())
    {
        tracing::warn!(%error, "the start-up time could not be written");
    }
    Ok(())
}

/// Keeps the page on screen for the next start.
#[tauri::command]
pub(crate) async fn keep_page(shell: State<'_, Shell>, page: KeptPage) -> Answer<()> {
    let home = shell.paths.home().to_owned();
    let kept = tauri::async_runtime::spawn_blocking(move || page.keep(&home)).await;
    // Nobody waits for it, and the next start works without.
    if let Ok(Err(error)) = kept {
        tracing::warn!(%error, "the page could not be kept for the next start");
    }
    Ok(())
}

/// Official pages that may be opened in the system browser.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HelpPage {
    OfficialChargeGuide,
    OfficialComponentGuide,
}

impl HelpPage {
    const fn address(self) -> &'static str {
        match self {
            Self::OfficialChargeGuide => {
                "https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/charge/"
            }
            Self::OfficialComponentGuide => {
                "https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html"
            }
        }
    }
}

#[tauri::command]
pub(crate) async fn open_help_page(app: AppHandle, page: HelpPage) -> Answer<()> {
    app.opener().open_url(page.address(), None::<&str>).map_err(|error| {
        tracing::error!(%error, "the system browser could not be opened");
        companion::Error::refused(companion::views::ErrorCode::WindowFailed).into()
    })
}

/// Adds what only the shell knows.
fn completed(running: &Running, mut view: AppView) -> AppView {
    view.practice = running.practice().ok().map(practice::view);
    view.live_member_card = addresses::has_live_member_card();
    view
}
