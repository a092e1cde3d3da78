//! What the commands find around them: our windows, the clipboard, the system's browser and folders, practice.

use std::{path::PathBuf, time::SystemTime};

use companion::{
    Companion, Error, Paths, StoreError,
    api::{
        Changed, Closing, ConsolePage, ConsoleView, CopiedView, ErrorCode, HelpPage, LoginField,
        PracticePage, PracticeView, SavedPage,
    },
    commands::Desktop,
};
use tauri::{AppHandle, Emitter as _, Manager as _, State, Webview};
use tauri_plugin_autostart::ManagerExt as _;
use tauri_plugin_opener::OpenerExt as _;

use crate::{
    addresses, clipboard, closing, console, practice_windows, saved_page,
    shell::{self, CHANGED, Running, Shell},
    tray,
    windows::{MAIN, failed},
};

/// The shell around a command.
pub(crate) struct ShellDesktop {
    app: AppHandle,
    /// The page that asked.
    page: Webview,
}

impl ShellDesktop {
    pub(crate) fn new(page: &Webview) -> Self {
        Self { app: page.app_handle().clone(), page: page.clone() }
    }

    fn shell(&self) -> State<'_, Shell> {
        shell::of(&self.app)
    }

    async fn running(&self) -> Result<&Running, Error> {
        self.shell().inner().running(&self.app).await
    }
}

impl Desktop for ShellDesktop {
    async fn app(&self) -> Result<&Companion, Error> {
        Ok(&self.running().await?.companion)
    }

    fn paths(&self) -> Paths {
        self.shell().paths.clone()
    }

    fn is_running(&self) -> bool {
        self.shell().started().is_some()
    }

    fn restart(&self) -> Result<(), Error> {
        self.app.request_restart();
        Ok(())
    }

    async fn practice(&self) -> Result<PracticeView, Error> {
        self.running().await?.practice().map(practice_windows::view)
    }

    fn has_live_member_card(&self) -> bool {
        addresses::has_live_member_card()
    }

    /// It goes to the log, and to a file when a benchmark asks.
    fn content_shown(&self, at: u64) {
        let stands = self.shell().started.elapsed().as_millis();
        let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis());
        let first = stands.saturating_sub(now.saturating_sub(at.into()));
        tracing::info!(first, stands, "milliseconds until content, and until the app stood");
        if addresses::is_for_developers()
            && let Some(file) = std::env::var_os("COMPANION_REPORT_FIRST_CONTENT")
            && let Err(error) = std::fs::write(file, at.to_string())
        {
            tracing::warn!(%error, "the start-up time could not be written");
        }
    }

    async fn save_page(&self, page: SavedPage) {
        let home = self.shell().paths.home().to_owned();
        let saved = tauri::async_runtime::spawn_blocking(move || saved_page::save(&page, &home)).await;
        // Nobody waits for it, and the next start works without.
        if let Ok(Err(error)) = saved {
            tracing::warn!(%error, "the page could not be saved for the next start");
        }
    }

    fn forget_page(&self) -> Result<(), Error> {
        saved_page::forget(self.shell().paths.home()).map_err(|error| StoreError::from(error).into())
    }

    fn open_help_page(&self, page: HelpPage) -> Result<(), Error> {
        let address = match page {
            HelpPage::OfficialChargeGuide => {
                "https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/charge/"
            }
            HelpPage::OfficialComponentGuide => {
                "https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/getPhoneNumber.html"
            }
        };
        self.app.opener().open_url(address, None::<&str>).map_err(failed)
    }

    fn print(&self) -> Result<(), Error> {
        self.page.print().map_err(failed)
    }

    async fn copy_login(&self, account: &str, field: LoginField) -> Result<CopiedView, Error> {
        let secret = self.app().await?.login_secret(account, field).await?;
        let origin = clipboard::Origin { account: account.to_owned(), field };
        self.shell().clipboard.copy(secret, origin).await.map_err(not_copied)?;
        Ok(CopiedView { clears_in_seconds: clipboard::CLEARS_AFTER_SECONDS })
    }

    async fn copy_text(&self, text: String) -> Result<(), Error> {
        self.shell().clipboard.copy_text(text).await.map_err(not_copied)
    }

    fn reveal_file(&self, file: PathBuf) -> Result<(), Error> {
        self.app.opener().reveal_item_in_dir(file).map_err(failed)
    }

    async fn open_console(&self, account: &str, page: ConsolePage) -> Result<(), Error> {
        console::open(&self.app, self.running().await?, account, page).await
    }

    async fn consoles(&self) -> Result<Vec<ConsoleView>, Error> {
        console::all(&self.app, self.shell().inner(), self.app().await?).await
    }

    fn show_console(&self, account: &str) -> Result<(), Error> {
        console::show(&self.app, account)
    }

    async fn fill_console(&self, account: &str, field: LoginField) -> Result<(), Error> {
        console::fill(&self.app, self.app().await?, account, field).await
    }

    fn close_console(&self, account: &str) {
        console::close(&self.app, account);
    }

    async fn has_tray(&self) -> bool {
        tray::is_shown(&self.app).await
    }

    fn starts_at_log_in(&self) -> Option<bool> {
        self.app.autolaunch().is_enabled().ok()
    }

    fn start_at_log_in(&self, on: bool) -> Result<(), Error> {
        let autostart = self.app.autolaunch();
        let noted = if on { autostart.enable() } else { autostart.disable() };
        noted.map_err(|error| {
            tracing::error!(%error, "the system did not note whether to start the app");
            Error::refused(ErrorCode::AutostartFailed)
        })
    }

    fn close_main(&self, choice: Option<Closing>) {
        closing::answered(&self.app, choice);
    }

    async fn open_practice(&self, page: PracticePage, account: Option<&str>) -> Result<(), Error> {
        practice_windows::open(&self.app, self.running().await?, page, account).await
    }

    async fn advance_practice(&self, days: u32) -> Result<PracticeView, Error> {
        let view = practice_windows::advance(self.running().await?.practice()?, days).await?;
        self.app.emit_to(MAIN, CHANGED, Changed::everything()).map_err(failed)?;
        Ok(view)
    }
}

fn not_copied(error: arboard::Error) -> Error {
    tracing::error!(%error, "the clipboard failed");
    Error::refused(ErrorCode::ClipboardFailed)
}
