//! The real keyring: a Secret Service on a private bus, with a throw-away keyring. Linux only; the other systems' keyrings
//! belong to the person who runs the tests.
//!
//! Needs `dbus-daemon` and `gnome-keyring-daemon`. The steps run in a child process, whose environment names the bus.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper that fails is a test that fails")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use companion::api::Environment;
use companion::secrets::{KeyringSecrets, Secret, SecretError, SecretKind, SecretName, SecretStore};

const HOME: &str = "COMPANION_TEST_KEYRING_HOME";

#[test]
fn the_real_keyring_is_used_and_found_again() {
    let home = tempfile::tempdir().unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "steps_in_the_child", "--ignored", "--nocapture"])
        .env(HOME, home.path())
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}/bus", home.path().display()))
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let told =
        [child.stdout, child.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(child.status.success() && told.contains("1 passed"), "{told}");
}

/// Ended when dropped.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// A bus that starts nothing by itself: otherwise it would bring back a keyring that this test has ended.
fn bus(home: &Path) -> Daemon {
    let config = home.join("bus.conf");
    let address = home.join("bus");
    let text = format!(
        r#"<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
        <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
        </busconfig>"#,
        address.display()
    );
    std::fs::write(&config, text).unwrap();
    let daemon = Command::new("dbus-daemon")
        .arg(format!("--config-file={}", config.display()))
        .args(["--nofork", "--nopidfile"])
        .stderr(Stdio::null())
        .spawn()
        .expect("dbus-daemon is needed");
    wait_for("the bus", || address.exists());
    Daemon(daemon)
}

/// The keyring's service; with the password it is unlocked, without it stays locked.
fn keyring(password: Option<&str>) -> Daemon {
    let mut command = Command::new("gnome-keyring-daemon");
    command.args(["--foreground", "--components=secrets"]).stdin(Stdio::piped());
    if password.is_some() {
        command.arg("--unlock");
    }
    let mut daemon =
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("gnome-keyring-daemon is needed");
    daemon.stdin.take().unwrap().write_all(password.unwrap_or_default().as_bytes()).unwrap();
    Daemon(daemon)
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < until, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
#[ignore = "run by `the_real_keyring_is_used_and_found_again`, with an environment of its own"]
fn steps_in_the_child() {
    let home = std::env::var_os(HOME).expect("run through the other test");
    let home = Path::new(&home);
    let name = SecretName::new(Environment::Practice, "0198", SecretKind::Login);
    let other = SecretName::new(Environment::Live, "0198", SecretKind::Login);
    let secrets = KeyringSecrets::new();
    let secret = Secret::from("店铺@example.com\nKf7mQ-x2Wd9-h4Tz");

    // No bus yet.
    assert_eq!(secrets.set(&name, &secret), Err(SecretError::Absent));
    assert_eq!(secrets.get(&name).unwrap_err(), SecretError::Absent);

    // The bus and the keyring appear later: no restart is needed.
    let _bus = bus(home);
    let unlocked = keyring(Some("test"));
    wait_for("the keyring serves", || secrets.set(&name, &secret) == Ok(()));
    assert_eq!(secrets.get(&name).unwrap().unwrap().expose(), secret.expose());
    assert!(secrets.get(&other).unwrap().is_none());

    // Replaced, not doubled.
    secrets.set(&name, &Secret::from("second")).unwrap();
    assert_eq!(secrets.get(&name).unwrap().unwrap().expose(), "second");

    // The service goes, comes back locked, and is unlocked at last.
    drop(unlocked);
    assert_eq!(secrets.get(&name).unwrap_err(), SecretError::Absent);
    let locked = keyring(None);
    wait_for("the keyring is locked", || secrets.set(&other, &secret) == Err(SecretError::Locked));
    drop(locked);
    let _unlocked = keyring(Some("test"));
    wait_for("the keyring serves again", || {
        let found = secrets.get(&name);
        matches!(found, Ok(Some(secret)) if secret.expose() == "second")
    });

    secrets.remove(&name).unwrap();
    assert!(secrets.get(&name).unwrap().is_none());
    secrets.remove(&name).unwrap();
}
