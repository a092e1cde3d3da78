//! A desktop nobody sees: display, session bus and, if wanted, a Secret Service.

use std::{
    collections::BTreeMap,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use super::{
    home::Home,
    process::{Group, wait_for},
};

/// Watch the tests on a display of your own by naming it here.
const WATCHED_DISPLAY: &str = "COMPANION_E2E_DISPLAY";

const PATIENCE: Duration = Duration::from_secs(20);
/// Room for the app's window.
const SCREEN: (u16, u16) = (1400, 1000);

/// A bus that starts nothing by itself: no prompter pops up, and nothing outside the world is reached.
const BUS_CONFIGURATION: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=@RUN@</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// The state of the system's keyring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyring {
    Unlocked,
    /// It exists, and nobody gives its password.
    Locked,
    /// There is a session bus without a Secret Service.
    Absent,
}

/// Ends with everything on it when dropped; the fields go in this order.
pub(crate) struct Desktop {
    keyring: Option<Group>,
    _bus: Group,
    _display: Option<Group>,
    variables: BTreeMap<String, String>,
}

impl Desktop {
    pub(crate) async fn start(home: &Home, keyring: Keyring) -> Self {
        Self::start_on(home, keyring, SCREEN).await
    }

    /// A desktop with a screen of this size.
    pub(crate) async fn start_on(home: &Home, keyring: Keyring, screen: (u16, u16)) -> Self {
        let mut variables = home.variables();
        variables.extend(
            [
                ("GDK_BACKEND", "x11"),
                ("NO_AT_BRIDGE", "1"),
                ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), // twice as fast where there is no graphics card
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        let (display, number) = display(screen);
        variables.insert("DISPLAY".to_owned(), number);
        let (bus, address) = bus(home);
        variables.insert("DBUS_SESSION_BUS_ADDRESS".to_owned(), address);
        let mut desktop = Self { keyring: None, _bus: bus, _display: display, variables };
        desktop.set_keyring(keyring).await;
        desktop
    }

    pub(crate) fn display(&self) -> &str {
        &self.variables["DISPLAY"]
    }

    /// The session bus's address.
    pub(crate) fn bus(&self) -> &str {
        &self.variables["DBUS_SESSION_BUS_ADDRESS"]
    }

    /// A program on this desktop, with nothing of the environment that the tests run in.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.variables).stdin(Stdio::null());
        command
    }

    /// What happens when a person locks, unlocks or removes the keyring.
    pub(crate) async fn set_keyring(&mut self, wanted: Keyring) {
        if self.keyring.take().is_some() {
            self.wait_for_secret_service(false).await;
        }
        if wanted == Keyring::Absent {
            return;
        }
        self.keyring = Some(self.start_keyring());
        self.wait_for_secret_service(true).await;
        if wanted == Keyring::Locked {
            let login = "/org/freedesktop/secrets/collection/login";
            let path = ["/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock"];
            let answer = self.ask_bus("org.freedesktop.secrets", path, &format!("array:objpath:{login}"));
            assert!(answer.contains(login), "the keyring could not be locked: {answer}");
        }
    }

    fn start_keyring(&self) -> Group {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets", "--unlock"]);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut keyring = Group::start(&mut command);
        // The end of its input ends the password.
        keyring.stdin().write_all(b"a throw-away password").expect("the keyring takes its password");
        keyring
    }

    async fn wait_for_secret_service(&self, wanted: bool) {
        let what = if wanted { "a Secret Service" } else { "the Secret Service to end" };
        wait_for(what, PATIENCE, || (self.has_secret_service() == wanted).then_some(())).await;
    }

    fn has_secret_service(&self) -> bool {
        let path = ["/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner"];
        self.ask_bus("org.freedesktop.DBus", path, "string:org.freedesktop.secrets").contains("true")
    }

    fn ask_bus(&self, of: &str, path: [&str; 2], argument: &str) -> String {
        let mut ask = self.command("dbus-send");
        ask.args(["--session", "--print-reply=literal", &format!("--dest={of}")]).args(path).arg(argument);
        let answer = ask.output().expect("dbus-send");
        String::from_utf8_lossy(&[answer.stdout, answer.stderr].concat()).into_owned()
    }
}

/// A display of its own, or the watched one.
fn display((width, height): (u16, u16)) -> (Option<Group>, String) {
    if let Ok(watched) = std::env::var(WATCHED_DISPLAY) {
        return (None, watched);
    }
    let mut command = Command::new("Xvfb");
    let screen = format!("{width}x{height}x24");
    command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut display = Group::start(&mut command);
    let number = display.first_line();
    assert!(!number.is_empty(), "Xvfb found no free display");
    (Some(display), format!(":{number}"))
}

fn bus(home: &Home) -> (Group, String) {
    let file = home.root().join("bus.conf");
    let run = home.root().join("run");
    fs::write(&file, configured(&run)).expect("the bus's configuration");
    let mut command = Command::new("dbus-daemon");
    command.arg(format!("--config-file={}", file.display())).args(["--nofork", "--print-address=1"]);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut bus = Group::start(&mut command);
    let address = bus.first_line();
    assert!(address.starts_with("unix:"), "the bus has no address");
    (bus, address)
}

fn configured(run: &Path) -> String {
    BUS_CONFIGURATION.replace("@RUN@", &run.to_string_lossy())
}
