//! What a command needs beyond the application.

use std::path::PathBuf;

use crate::{
    Companion, Error, Paths,
    api::{
        Closing, ConsolePage, ConsoleView, CopiedView, HelpPage, LoginField, PracticePage, PracticeView,
        SavedPage,
    },
};

/// The surroundings a command runs in: the shell's windows and clipboard, or what the browser host has instead.
///
/// Errors, unless said otherwise: `window_failed`.
pub trait Desktop: Send + Sync + 'static {
    /// The running application; starts it, or waits while it starts. Errors: those of the start.
    fn app(&self) -> impl Future<Output = Result<&Companion, Error>> + Send;

    /// Every file and folder, also where the application cannot be started.
    fn paths(&self) -> Paths;

    /// Whether the application has started in this process.
    fn is_running(&self) -> bool;

    /// Ends this process and starts another.
    fn restart(&self) -> Result<(), Error>;

    /// The practice platform. Errors: why it does not run.
    fn practice(&self) -> impl Future<Output = Result<PracticeView, Error>> + Send;

    /// Whether the shop's own member-card platform has an address.
    fn has_live_member_card(&self) -> bool;

    /// Notes when the first page could be read, in milliseconds since 1970.
    fn content_shown(&self, at: u64);

    /// Saves the page on screen for the next start; a page that cannot be saved is left out.
    fn save_page(&self, page: SavedPage) -> impl Future<Output = ()> + Send;

    /// Deletes the saved page. Errors: those of the disk.
    fn forget_page(&self) -> Result<(), Error>;

    fn open_help_page(&self, page: HelpPage) -> Result<(), Error>;

    fn print(&self) -> Result<(), Error>;

    /// Copies a saved e-mail or password, and clears the clipboard after a while, at the latest when the application starts
    /// again. Errors: `clipboard_failed`, `login_missing`, those of the keyring.
    fn copy_login(
        &self,
        account: &str,
        field: LoginField,
    ) -> impl Future<Output = Result<CopiedView, Error>> + Send;

    /// Copies a text that is no secret. Errors: `clipboard_failed`.
    fn copy_text(&self, text: String) -> impl Future<Output = Result<(), Error>> + Send;

    /// Opens the folder of a file with the file selected.
    fn reveal_file(&self, file: PathBuf) -> Result<(), Error>;

    /// Opens the account's console window, or sends the open one to `page`.
    fn open_console(
        &self,
        account: &str,
        page: ConsolePage,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// The open console windows.
    fn consoles(&self) -> impl Future<Output = Result<Vec<ConsoleView>, Error>> + Send;

    /// Brings the account's console window to the front as it is.
    fn show_console(&self, account: &str) -> Result<(), Error>;

    /// Types a saved secret into the console's own field, only while the window shows the console.
    fn fill_console(
        &self,
        account: &str,
        field: LoginField,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Closes the account's console window, if it is open.
    fn close_console(&self, account: &str);

    /// Whether this desktop shows a tray.
    fn has_tray(&self) -> impl Future<Output = bool> + Send;

    /// Whether the system starts the app when the person logs in; `None` where it cannot be known.
    fn starts_at_log_in(&self) -> Option<bool>;

    /// Starts the app when the person logs in, or no longer. Errors: `autostart_failed`.
    fn start_at_log_in(&self, on: bool) -> Result<(), Error>;

    /// Closes the main window, which asked about it; `None`: it stays.
    fn close_main(&self, closing: Option<Closing>);

    /// Opens a page of the practice platform in a window of its own; of the account's mini-program, if one is given.
    fn open_practice(
        &self,
        page: PracticePage,
        account: Option<&str>,
    ) -> impl Future<Output = Result<(), Error>> + Send;

    /// Moves practice's clock forward, and tells every page to fetch everything again. Errors: `practice_failed`.
    fn advance_practice(&self, days: u32) -> impl Future<Output = Result<PracticeView, Error>> + Send;
}
