//! Home, desktop, app and practice of one test, and the app's life in it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
    time::Duration,
};

use browser_host::BrowserHost;
use rustix::process::Signal;

use super::{
    desktop::{Desktop, Keyring},
    driver::{Driver, Engine, Hand, Launch},
    home::{self, Home},
    notifications::Notifications,
    practice::Practice,
    process::{runs, signal, wait_for, with_variable},
    tray::Panel,
    window,
};

const PATIENCE: Duration = Duration::from_secs(20);
/// The app's window as it opens (tauri.conf.json).
const APP_WINDOW: (u32, u32) = (1280, 800);

/// How a running app ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Power cut: no line of the app's code runs any more.
    Killed,
    /// The window is closed.
    Quit,
}

/// Where the app runs.
enum Stage {
    /// In a window of its own, with everything that a desktop has.
    Window(Desktop),
    /// Behind the browser host, in this process; Chromium shows its pages.
    Browser(BrowserHost),
}

/// Everything of one test; nothing of it is left when it is dropped. Fields go in this order.
pub(crate) struct World {
    driver: Option<Driver>,
    hand: Hand,
    pub(crate) practice: Practice,
    pub(crate) practice_port: u16,
    admin_token: String,
    app_home: PathBuf,
    stage: Stage,
    pub(crate) home: Home,
}

impl World {
    /// A world in which the app has just been opened for the first time.
    pub(crate) async fn open() -> Self {
        Self::open_with(Keyring::Unlocked).await
    }

    /// The same in either engine.
    pub(crate) async fn open_in(engine: Engine) -> Self {
        let mut world = match engine {
            Engine::WebKit => Self::prepare(Keyring::Unlocked).await,
            Engine::Chromium => Self::prepare_browser().await,
        };
        world.start().await;
        world
    }

    /// The same, for somebody who has no pointer.
    pub(crate) async fn open_by_keyboard_in(engine: Engine) -> Self {
        let mut world = match engine {
            Engine::WebKit => Self::prepare(Keyring::Unlocked).await,
            Engine::Chromium => Self::prepare_browser().await,
        };
        let display = match &world.stage {
            Stage::Window(desktop) => Some(desktop.display().to_owned()),
            Stage::Browser(_) => None,
        };
        world.hand = Hand::Keyboard { display };
        world.start().await;
        world
    }

    pub(crate) async fn open_with(keyring: Keyring) -> Self {
        let mut world = Self::prepare(keyring).await;
        world.start().await;
        world
    }

    /// A world in which the app has not been started yet.
    pub(crate) async fn prepare(keyring: Keyring) -> Self {
        let home = Home::new();
        let desktop = Desktop::start(&home, keyring).await;
        let practice_port = home::free_port();
        let admin_token = format!("admin-{practice_port}");
        Self::of(home, Stage::Window(desktop), practice_port, admin_token)
    }

    /// A world in which the browser host has been started, and no browser yet.
    async fn prepare_browser() -> Self {
        let home = Home::new();
        let admin_token = "admin-of-the-browser-host";
        let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/dist-preview");
        assert!(ui.is_dir(), "ui/dist-preview is missing: `npm run build:preview` in ui builds it");
        let options = browser_host::Options {
            home: home.app(),
            ui,
            port: None,
            practice_token: Some(admin_token.to_owned()),
            practice_start: practice_start().map(|text| text.parse().expect("an instant")),
        };
        let host = BrowserHost::start(options).await.expect("the browser host");
        let practice_port = host.practice().base_url().port().expect("a port");
        Self::of(home, Stage::Browser(host), practice_port, admin_token.to_owned())
    }

    fn of(home: Home, stage: Stage, practice_port: u16, admin_token: String) -> Self {
        let practice = Practice::new(practice_port, &admin_token);
        let (driver, hand, app_home) = (None, Hand::Pointer, home.app());
        Self { driver, hand, practice, practice_port, admin_token, app_home, stage, home }
    }

    /// Which engine shows the pages.
    pub(crate) fn engine(&self) -> Engine {
        match self.stage {
            Stage::Window(_) => Engine::WebKit,
            Stage::Browser(_) => Engine::Chromium,
        }
    }

    /// Puts a panel with a tray on the desktop.
    pub(crate) async fn show_tray(&self) -> Panel {
        Panel::start(self.desktop().bus()).await
    }

    /// Lets somebody show notifications.
    pub(crate) async fn show_notifications(&self) -> Notifications {
        Notifications::start(self.desktop().bus()).await
    }

    /// Closes the main window by its frame.
    pub(crate) fn close_main_window(&self) {
        window::close_main(self.desktop().display(), self.pid());
    }

    /// Waits until no process is left that shows pages.
    pub(crate) async fn see_no_web_process(&self) {
        let shows = || self.processes().iter().any(|(_, command)| command.contains("WebKitWebProcess"));
        wait_for("the web view to go", PATIENCE, || (!shows()).then_some(())).await;
    }

    /// Waits until the app, which was asked to quit, has ended.
    pub(crate) async fn see_end(&mut self) {
        wait_for("the app to end", PATIENCE, || {
            self.processes().iter().all(|(pid, _)| !Self::is_app(*pid)).then_some(())
        })
        .await;
        self.driver = None;
        wait_for("its helpers to end", PATIENCE, || self.processes().is_empty().then_some(())).await;
    }

    /// What the app's window stands on.
    pub(crate) fn desktop(&self) -> &Desktop {
        match &self.stage {
            Stage::Window(desktop) => desktop,
            Stage::Browser(_) => panic!("only the app's own window stands on a desktop"),
        }
    }

    /// Locks, unlocks or removes the system's keyring.
    pub(crate) async fn set_keyring(&mut self, wanted: Keyring) {
        match &mut self.stage {
            Stage::Window(desktop) => desktop.set_keyring(wanted).await,
            Stage::Browser(_) => panic!("the browser host has no keyring"),
        }
    }

    /// Opens the app and waits for its window.
    pub(crate) async fn start(&mut self) -> &Driver {
        assert!(self.driver.is_none(), "the app runs already");
        let driver = self.start_beside().await;
        self.driver.insert(driver)
    }

    /// Opens the app a second time, with the same files.
    pub(crate) async fn start_beside(&self) -> Driver {
        let driver = match &self.stage {
            Stage::Window(desktop) => self.start_app(desktop).await,
            Stage::Browser(host) => self.start_chromium(host).await,
        };
        driver.by(self.hand.clone())
    }

    async fn start_app(&self, desktop: &Desktop) -> Driver {
        let app = Path::new(env!("CARGO_BIN_EXE_merchant-companion"));
        let launch = Launch::WebKit { program: app, arguments: &[] };
        let mut command = desktop.command(launch.driver());
        command
            .env("COMPANION_HOME", &self.app_home)
            .env("COMPANION_PRACTICE_PORT", self.practice_port.to_string())
            .env("COMPANION_PRACTICE_ADMIN_TOKEN", &self.admin_token);
        if let Some(start) = practice_start() {
            command.env("COMPANION_PRACTICE_START", start);
        }
        Driver::start(command, &launch, "tauri://", &self.home.output()).await
    }

    /// What the app answers on the command line, with the same files.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Output {
        let Stage::Window(desktop) = &self.stage else { panic!("the browser host has no command line") };
        let mut command = desktop.command(env!("CARGO_BIN_EXE_merchant-companion"));
        // Nothing of it needs a screen.
        command.env_remove("DISPLAY").env("COMPANION_HOME", &self.app_home).args(arguments);
        command.output().expect("the app answers")
    }

    async fn start_chromium(&self, host: &BrowserHost) -> Driver {
        let profile = self.home.root().join("chromium");
        let launch = Launch::Chromium { profile: &profile };
        let own = format!("http://127.0.0.1:{}/", host.port());
        let command = self.home.command(launch.driver());
        let driver = Driver::start(command, &launch, &own, &self.home.output()).await;
        driver.go_to(&host.address()).await;
        driver.show_room(APP_WINDOW).await;
        driver
    }

    /// Gives the app another folder than this world's own.
    pub(crate) fn set_app_home(&mut self, folder: &Path) {
        folder.clone_into(&mut self.app_home);
    }

    /// The app's windows.
    pub(crate) fn app(&self) -> &Driver {
        self.driver.as_ref().expect("the app runs")
    }

    /// The main window, in front.
    pub(crate) async fn main(&self) -> &Driver {
        self.app().main_window().await
    }

    /// Closes the foreign windows, by their frames as a person would, and goes back to the main one.
    pub(crate) async fn close_foreign_windows(&self) -> &Driver {
        let app = self.main().await;
        match &self.stage {
            Stage::Window(desktop) => window::close_foreign(desktop.display(), self.pid()),
            Stage::Browser(_) => app.close_foreign_windows().await,
        }
        app.see_windows(1).await;
        app.main_window().await
    }

    /// Reads the usage again, until the page shows what the platform says.
    pub(crate) async fn read_again(&self) {
        let app = self.main().await;
        app.click("rail.overview").await;
        app.click("overview.sync").await;
        let remaining = self.practice.first().await.remaining.to_string();
        app.see_attribute("overview.remaining", "data-value", &remaining).await;
    }

    /// Ends the app and waits until no process of it is left.
    pub(crate) async fn end(&mut self, how: End) {
        let pid = self.pid();
        match how {
            End::Killed => signal(pid, Signal::KILL),
            End::Quit => window::close_all(self.desktop().display(), pid),
        }
        wait_for("the app to end", PATIENCE, || (!runs(pid)).then_some(())).await;
        self.driver = None;
        wait_for("its helpers to end", PATIENCE, || self.processes().is_empty().then_some(())).await;
    }

    /// Ends the app and opens it again.
    pub(crate) async fn restart(&mut self, how: End) {
        self.end(how).await;
        self.start().await;
    }

    /// The app's process.
    pub(crate) fn pid(&self) -> i32 {
        let found = self.processes().into_iter().map(|(pid, _)| pid).find(|pid| Self::is_app(*pid));
        found.expect("a running app")
    }

    fn is_app(pid: i32) -> bool {
        let app = Path::new(env!("CARGO_BIN_EXE_merchant-companion"));
        fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|program| program.file_name() == app.file_name())
    }

    /// The app's processes with their command lines: itself, its web view, its network; also the driver.
    pub(crate) fn processes(&self) -> Vec<(i32, String)> {
        with_variable(&format!("COMPANION_HOME={}", self.app_home.display()))
    }

    /// Fails if any of the secrets can be found where it must not be.
    pub(crate) fn assert_unleaked(&self, secrets: &[&str], when: &str) {
        let leaks = self.leaks(secrets);
        assert!(leaks.is_empty(), "{when}: {leaks:#?}");
    }

    /// Where any of `values` can be found outside the keyring: files, arguments and environments. What Chromium keeps of a
    /// page is not the app's.
    pub(crate) fn leaks(&self, values: &[&str]) -> Vec<String> {
        let mut leaks = match self.stage {
            Stage::Window(_) => Home::files_with(self.home.root(), values),
            Stage::Browser(_) => Home::files_with(&self.home.app(), values),
        };
        for (pid, arguments) in self.processes() {
            let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            for value in values {
                for needle in home::encodings(value) {
                    if home::contains(arguments.as_bytes(), &needle) {
                        leaks.push(format!("arguments of process {pid}: {value}"));
                    }
                    if home::contains(&environment, &needle) {
                        leaks.push(format!("environment of process {pid}: {value}"));
                    }
                }
            }
        }
        leaks.sort();
        leaks.dedup();
        leaks
    }
}

/// When practice time begins (`PRACTICE_START`, an instant like `2026-12-31T23:59:30+08:00`), else now.
fn practice_start() -> Option<String> {
    std::env::var("PRACTICE_START").ok()
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let logs = fs::read_dir(self.home.app().join("logs")).into_iter().flatten().flatten();
        for file in logs.map(|entry| entry.path()).chain([self.home.output()]) {
            let said = fs::read_to_string(&file).unwrap_or_default();
            let lines: Vec<&str> = said.lines().collect();
            eprintln!("  end of {}: {:#?}", file.display(), &lines[lines.len().saturating_sub(20)..]);
        }
    }
}
