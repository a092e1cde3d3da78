//! Looking at this machine: every answer comes from asking, none from assuming.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    needs::{self, Facts, Purpose, System, Version},
    process::{Failure, answer},
};

/// Installs what `purpose` lacks where this tool may, and names the rest.
pub(crate) fn make_ready(purpose: Purpose) -> Result<(), Failure> {
    let plan = needs::plan(&facts(), purpose);
    if !plan.by_hand.is_empty() {
        return Err(Failure::Missing(plan.by_hand));
    }
    for install in &plan.installs {
        install.passed_through()?;
    }
    let still = needs::plan(&facts(), purpose);
    if still == needs::Plan::default() {
        return Ok(());
    }
    let wanted = still.installs.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    Err(Failure::Said(format!("something is still missing after installing; try: {wanted}")))
}

/// Whether a window could be seen here.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Whether a Debian package may be installed and removed here without asking anybody.
pub(crate) fn may_install_packages() -> bool {
    is_root() && answer("dpkg", &["--version"]).is_some()
}

fn is_root() -> bool {
    answer("id", &["-u"]).as_deref() == Some("0")
}

fn facts() -> Facts {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Facts {
        system: system(),
        root: is_root(),
        sudo: answer("sudo", &["--version"]).is_some(),
        node: answer("node", &["--version"]).as_deref().and_then(Version::parse),
        npm: answer(npm, &["--version"]).is_some(),
        rustfmt: answer("cargo", &["fmt", "--version"]).is_some(),
        clippy: answer("cargo", &["clippy", "--version"]).is_some(),
    }
}

fn system() -> System {
    if cfg!(target_os = "macos") {
        System::MacOs { command_line_tools: answer("xcode-select", &["--print-path"]).is_some() }
    } else if cfg!(windows) {
        System::Windows { webview2: has_webview2() }
    } else if Path::new("/usr/bin/apt-get").exists() {
        System::Apt { installed: installed_packages(), node_candidate: node_candidate() }
    } else {
        let drivers = ["Xvfb", "WebKitWebDriver", "dbus-daemon", "gnome-keyring-daemon"];
        let second_engine = ["chromium", "chromedriver"];
        System::OtherLinux {
            ids: os_release_ids(&fs::read_to_string("/etc/os-release").unwrap_or_default()),
            webkit: answer("pkg-config", &["--exists", "webkit2gtk-4.1"]).is_some(),
            driver: drivers.iter().all(|program| on_path(program)),
            chromium: second_engine.iter().all(|program| on_path(program)),
        }
    }
}

fn installed_packages() -> BTreeSet<String> {
    // dpkg-query answers for the known names and complains about the others, so its status says nothing.
    let mut query = std::process::Command::new("dpkg-query");
    query.args(["--show", "--showformat", "${Package} ${db:Status-Status}\n"]).args(needs::apt_names());
    let output = query.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output)
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .map(String::from)
        .collect()
}

fn node_candidate() -> Option<Version> {
    let policy = answer("apt-cache", &["policy", "nodejs"])?;
    let line = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate:"))?;
    Version::parse(line.trim())
}

fn os_release_ids(text: &str) -> Vec<String> {
    let value = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.unwrap_or_default().trim_matches('"').to_owned()
    };
    format!("{} {}", value("ID"), value("ID_LIKE")).split_whitespace().map(String::from).collect()
}

/// The documented place where the Evergreen runtime writes its version (machine-wide, then per user).
fn has_webview2() -> bool {
    const CLIENT: &str = r"Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
    [r"HKLM\SOFTWARE\WOW6432Node", r"HKLM\SOFTWARE", r"HKCU\Software"]
        .iter()
        .any(|root| answer("reg", &["query", &format!(r"{root}\{CLIENT}"), "/v", "pv"]).is_some())
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn os_release_names_the_family() {
        let rocky = "NAME=\"Rocky Linux\"\nID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=9\n";
        assert_eq!(os_release_ids(rocky), ["rocky", "rhel", "centos", "fedora"]);
        assert_eq!(os_release_ids("ID=arch\n"), ["arch"]);
        assert!(os_release_ids("").is_empty());
    }
}
