//! The app as the system starts it: by nobody's driver, with its files where they usually are.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    desktop::{Desktop, Keyring},
    home::{self, Home},
    process::{Group, wait_for, with_variable},
    tray::Panel,
    window,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// A desktop on which the app is started as on a shop's. Ends with everything on it when dropped.
pub(crate) struct Unattended {
    app: Option<Group>,
    practice_port: u16,
    desktop: Desktop,
    home: Home,
}

impl Unattended {
    pub(crate) async fn prepare() -> Self {
        Self::prepare_on((1400, 1000)).await
    }

    /// On a screen of this size.
    pub(crate) async fn prepare_on(screen: (u16, u16)) -> Self {
        let home = Home::new();
        let desktop = Desktop::start_on(&home, Keyring::Unlocked, screen).await;
        Self { app: None, practice_port: home::free_port(), desktop, home }
    }

    /// Puts a panel with a tray on the desktop.
    pub(crate) async fn show_tray(&self) -> Panel {
        Panel::start(self.desktop.bus()).await
    }

    /// Starts the app.
    pub(crate) fn start(&mut self, arguments: &[&str]) {
        self.app = Some(Group::start(&mut self.command(arguments)));
    }

    /// Starts it where there is no session bus.
    pub(crate) fn start_without_bus(&mut self, arguments: &[&str]) {
        let mut command = self.command(arguments);
        command.env_remove("DBUS_SESSION_BUS_ADDRESS");
        self.app = Some(Group::start(&mut command));
    }

    /// Starts it a second time and waits until that start has ended by itself.
    pub(crate) async fn start_again(&self, arguments: &[&str]) {
        let mut second = Group::start(&mut self.command(arguments));
        wait_for("the second start to end", PATIENCE, || second.has_ended().then_some(())).await;
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.desktop.command(Path::new(env!("CARGO_BIN_EXE_merchant-companion")));
        command.args(arguments).env("COMPANION_PRACTICE_PORT", self.practice_port.to_string());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn pid(&self) -> i32 {
        self.app.as_ref().expect("the app runs").pid()
    }

    pub(crate) fn titles(&self) -> Vec<String> {
        window::titles(self.desktop.display(), self.pid())
    }

    pub(crate) async fn see_windows(&self, number: usize) -> Vec<(i16, i16, u16, u16)> {
        wait_for(&format!("{number} window(s)"), PATIENCE, || {
            let frames = window::frames(self.desktop.display(), self.pid());
            (frames.len() == number).then_some(frames)
        })
        .await
    }

    pub(crate) fn close_windows(&self) {
        window::close_all(self.desktop.display(), self.pid());
    }

    /// Waits until the app has this many processes that show pages.
    pub(crate) async fn see_web_processes(&self, number: usize) {
        wait_for(&format!("{number} web process(es)"), PATIENCE, || {
            (self.web_processes() == number).then_some(())
        })
        .await;
    }

    pub(crate) fn web_processes(&self) -> usize {
        let home = format!("HOME={}", self.home.root().join("user").display());
        with_variable(&home).iter().filter(|(_, command)| command.contains("WebKitWebProcess")).count()
    }

    /// Waits until the app has ended.
    pub(crate) async fn see_end(&mut self) {
        let app = self.app.as_mut().expect("the app runs");
        wait_for("the app to end", PATIENCE, || app.has_ended().then_some(())).await;
    }
}
