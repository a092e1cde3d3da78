//! What the application asks of its surroundings, where there is neither window nor printer.

use std::path::PathBuf;

use companion::api::{
    Closing, ConsolePage, ConsoleView, CopiedView, HelpPage, LoginField, PracticePage, PracticeView,
    SavedPage,
};
use companion::commands::Desktop;
use companion::{Companion, Error, Paths};
use practice::{Practice, PracticeClock};

/// Windows that open at once, and a clipboard and a printer that take everything.
#[derive(Debug, Clone)]
pub struct Desk {
    companion: Companion,
    clock: PracticeClock,
    programs: Vec<String>,
    games: Vec<String>,
    printer_crashes: bool,
}

impl Desk {
    pub fn new(companion: Companion, practice: &Practice) -> Self {
        // As many as a shop reads in a list.
        let programs = practice.mini_programs().into_iter().take(3).map(|program| program.name).collect();
        let games = practice.mini_games().into_iter().map(|game| game.name).collect();
        Self { companion, clock: practice.clock(), programs, games, printer_crashes: false }
    }

    /// The printer's driver crashes.
    #[must_use]
    pub fn whose_printer_crashes(self) -> Self {
        Self { printer_crashes: true, ..self }
    }

    pub fn companion(&self) -> &Companion {
        &self.companion
    }
}

impl Desktop for Desk {
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
        Ok(())
    }
    async fn practice(&self) -> Result<PracticeView, Error> {
        Ok(PracticeView {
            mini_programs: self.programs.clone(),
            mini_games: self.games.clone(),
            now: self.clock.now().into(),
        })
    }
    fn has_live_member_card(&self) -> bool {
        true
    }
    fn content_shown(&self, _: u64) {}
    async fn save_page(&self, _: SavedPage) {}
    fn forget_page(&self) -> Result<(), Error> {
        Ok(())
    }
    fn open_help_page(&self, _: HelpPage) -> Result<(), Error> {
        Ok(())
    }
    fn print(&self) -> Result<(), Error> {
        assert!(!self.printer_crashes, "the printer's driver crashed");
        Ok(())
    }
    async fn copy_login(&self, _: &str, _: LoginField) -> Result<CopiedView, Error> {
        Ok(CopiedView { clears_in_seconds: 30 })
    }
    async fn copy_text(&self, _: String) -> Result<(), Error> {
        Ok(())
    }
    fn reveal_file(&self, _: PathBuf) -> Result<(), Error> {
        Ok(())
    }
    async fn open_console(&self, _: &str, _: ConsolePage) -> Result<(), Error> {
        Ok(())
    }
    async fn consoles(&self) -> Result<Vec<ConsoleView>, Error> {
        Ok(Vec::new())
    }
    fn show_console(&self, _: &str) -> Result<(), Error> {
        Ok(())
    }
    async fn fill_console(&self, _: &str, _: LoginField) -> Result<(), Error> {
        Ok(())
    }
    fn close_console(&self, _: &str) {}
    async fn has_tray(&self) -> bool {
        true
    }
    fn starts_at_log_in(&self) -> Option<bool> {
        Some(false)
    }
    fn start_at_log_in(&self, _: bool) -> Result<(), Error> {
        Ok(())
    }
    fn close_main(&self, _: Option<Closing>) {}
    async fn open_practice(&self, _: PracticePage, _: Option<&str>) -> Result<(), Error> {
        Ok(())
    }
    async fn advance_practice(&self, _: u32) -> Result<PracticeView, Error> {
        self.practice().await
    }
}
