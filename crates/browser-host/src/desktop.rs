//! What stands in for the shell in a browser: no system clipboard, and second windows are the browser's to open, so the page
//! is handed their address. Console windows are a list, so that the pages that speak of them can be looked at.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use companion::{
    Companion, Error, Paths,
    api::{
        Changed, Closing, ConsolePage, ConsoleView, CopiedView, ErrorCode, HelpPage, LoginField,
        PracticePage, PracticeView, SavedPage,
    },
    commands::Desktop,
};
use practice::Practice;
use tokio::sync::broadcast;

/// As in the shell; nothing is copied, so nothing needs clearing.
const CLEARS_AFTER_SECONDS: u32 = 30;

#[derive(Clone)]
pub(crate) struct BrowserDesktop {
    companion: Companion,
    practice: Arc<Practice>,
    /// Accounts whose console is open.
    consoles: Arc<Mutex<BTreeSet<String>>>,
    changes: broadcast::Sender<Changed>,
    /// The page that the command of this request opens, if it opens one.
    opened: Arc<Mutex<Option<String>>>,
}

impl BrowserDesktop {
    pub(crate) fn new(companion: Companion, practice: Arc<Practice>) -> Self {
        let (changes, _) = broadcast::channel(256);
        let (mut heard, pass_on) = (companion.subscribe(), changes.clone());
        tokio::spawn(async move {
            loop {
                let one = match heard.recv().await {
                    Ok(one) => one,
                    Err(broadcast::error::RecvError::Lagged(_)) => Changed::everything(),
                    Err(broadcast::error::RecvError::Closed) => return,
                };
                // Nobody listening is fine: a page that opens later reads everything.
                let _ = pass_on.send(one);
            }
        });
        Self { companion, practice, consoles: Arc::default(), changes, opened: Arc::default() }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    /// The same for one request.
    pub(crate) fn for_request(&self) -> Self {
        Self { opened: Arc::default(), ..self.clone() }
    }

    /// The address that the browser is to open in another window.
    pub(crate) fn opened(&self) -> Option<String> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn open(&self, address: impl Into<String>) {
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(address.into());
    }

    fn open_consoles(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.consoles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn practice_view(&self) -> PracticeView {
        PracticeView {
            mini_programs: self.practice.mini_programs().into_iter().map(|program| program.name).collect(),
            mini_games: self.practice.mini_games().into_iter().map(|game| game.name).collect(),
            now: self.practice.now().into(),
        }
    }
}

fn no_window<T>() -> Result<T, Error> {
    Err(Error::refused(ErrorCode::WindowFailed))
}

impl Desktop for BrowserDesktop {
    async fn app(&self) -> Result<&Companion, Error> {
        Ok(&self.companion)
    }

    fn paths(&self) -> Paths {
        self.companion.paths().clone()
    }

    fn is_running(&self) -> bool {
        true
    }

    fn restart(&self) -> Result<(), Error> {
        no_window()
    }

    async fn practice(&self) -> Result<PracticeView, Error> {
        Ok(self.practice_view())
    }

    fn has_live_member_card(&self) -> bool {
        false
    }

    fn content_shown(&self, _at: u64) {}

    async fn save_page(&self, _page: SavedPage) {}

    fn forget_page(&self) -> Result<(), Error> {
        Ok(())
    }

    fn open_help_page(&self, _page: HelpPage) -> Result<(), Error> {
        no_window()
    }

    fn print(&self) -> Result<(), Error> {
        no_window()
    }

    async fn copy_login(&self, _account: &str, _field: LoginField) -> Result<CopiedView, Error> {
        Ok(CopiedView { clears_in_seconds: CLEARS_AFTER_SECONDS })
    }

    async fn copy_text(&self, _text: String) -> Result<(), Error> {
        Ok(())
    }

    fn reveal_file(&self, _file: PathBuf) -> Result<(), Error> {
        no_window()
    }

    async fn open_console(&self, account: &str, page: ConsolePage) -> Result<(), Error> {
        self.open(self.companion.console_address(account, page).await?);
        self.open_consoles().insert(account.to_owned());
        Ok(())
    }

    async fn consoles(&self) -> Result<Vec<ConsoleView>, Error> {
        let accounts = self.companion.get_app().await?.accounts;
        let open = self.open_consoles().clone();
        let views =
            accounts.into_iter().filter(|account| open.contains(&account.id)).map(|account| ConsoleView {
                official: false,
                host: self.practice.base_url().host_str().map(ToOwned::to_owned),
                blocked: None,
                separate: true,
                account: account.id,
                name: account.name,
                environment: account.environment,
            });
        Ok(views.collect())
    }

    fn show_console(&self, account: &str) -> Result<(), Error> {
        if self.open_consoles().contains(account) { Ok(()) } else { no_window() }
    }

    async fn fill_console(&self, _account: &str, _field: LoginField) -> Result<(), Error> {
        no_window()
    }

    fn close_console(&self, account: &str) {
        self.open_consoles().remove(account);
    }

    async fn has_tray(&self) -> bool {
        false
    }

    fn starts_at_log_in(&self) -> Option<bool> {
        None
    }

    fn start_at_log_in(&self, _on: bool) -> Result<(), Error> {
        no_window()
    }

    fn close_main(&self, _closing: Option<Closing>) {}

    async fn open_practice(&self, page: PracticePage, account: Option<&str>) -> Result<(), Error> {
        let name = match page {
            PracticePage::Phone => "phone",
            PracticePage::CardOffice => "card-office",
            PracticePage::Claim => "claim",
            PracticePage::Provider => "provider",
        };
        let app_id = match account {
            Some(account) => {
                let wizard = self.companion.get_wizard(account).await?;
                let connected = wizard.connection.and_then(|connection| connection.app_id);
                self.practice.app_id_of(connected, &wizard.name)
            }
            None => None,
        };
        self.open(self.practice.page(name, app_id.as_deref()));
        Ok(())
    }

    async fn advance_practice(&self, days: u32) -> Result<PracticeView, Error> {
        self.practice.advance(Duration::from_secs(u64::from(days) * 86_400)).await.map_err(|error| {
            tracing::error!(%error, "practice time did not move");
            Error::refused(ErrorCode::PracticeFailed)
        })?;
        let _ = self.changes.send(Changed::everything());
        Ok(self.practice_view())
    }
}
