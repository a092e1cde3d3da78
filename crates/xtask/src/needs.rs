//! What is missing on a machine, and the command that installs it. Pure: facts in, plan out.

use std::collections::BTreeSet;

use crate::process::Run;

/// The oldest Node.js that the UI's tools accept.
pub(crate) const OLDEST_NODE: Version = Version { major: 20, minor: 19 };

/// Debian packages without which the app cannot be compiled, linked or shown.
const TO_BUILD: [&str; 10] = [
    "build-essential",
    "file",
    "fonts-noto-cjk", // without a Chinese font every screen is boxes
    "libayatana-appindicator3-dev",
    "libdbus-1-dev",
    "librsvg2-dev",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "pkg-config",
];

/// Debian packages for driving the real app where nobody watches: a display, a driver, a Secret Service.
const TO_DRIVE: [&str; 5] = ["dbus", "gnome-keyring", "webkit2gtk-driver", "xclip", "xvfb"];

/// Debian packages for looking at the same pages in a second engine.
const TO_COMPARE_ENGINES: [&str; 2] = ["chromium", "chromium-driver"];

/// Debian packages for checks by programs that come from Python's registry.
const TO_CHECK: [&str; 1] = ["python3-venv"];

/// Debian packages that link and run programs of Windows; on this processor only.
const TO_CROSS: &[&str] =
    if cfg!(target_arch = "x86_64") { &["gcc-mingw-w64-x86-64-win32", "wine64"] } else { &[] };

/// A version as far as a minimum needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
}

/// What is going to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Build the app and open its window.
    Open,
    /// Drive the app without a display.
    Drive,
    /// Drive the app, and look at its pages in Chromium too.
    DriveBothEngines,
    /// Everything CI does: driving, formatting, linting.
    Check,
}

impl Purpose {
    fn drives(self) -> bool {
        self != Self::Open
    }

    fn needs_chromium(self) -> bool {
        matches!(self, Self::DriveBothEngines | Self::Check)
    }
}

/// The operating system, as far as installing differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum System {
    /// Debian, Ubuntu and what derives from them: packages come by apt.
    Apt {
        installed: BTreeSet<String>,
        node_candidate: Option<Version>,
    },
    /// Another Linux, by the `ID` and `ID_LIKE` words of its os-release file.
    OtherLinux {
        ids: Vec<String>,
        webkit: bool,
        driver: bool,
        chromium: bool,
    },
    MacOs {
        command_line_tools: bool,
    },
    Windows {
        webview2: bool,
    },
}

/// Everything a plan depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) system: System,
    pub(crate) root: bool,
    pub(crate) sudo: bool,
    pub(crate) node: Option<Version>,
    pub(crate) npm: bool,
    pub(crate) rustfmt: bool,
    pub(crate) clippy: bool,
}

/// Something to be installed by hand, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) what: String,
    /// One command, or one sentence where no command is known.
    pub(crate) remedy: String,
}

/// What has to happen before the work can start.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// To be run by this tool, in order.
    pub(crate) installs: Vec<Run>,
    /// To be done by the person.
    pub(crate) by_hand: Vec<Missing>,
}

impl Version {
    /// The leading `major.minor` of texts such as `v20.20.2`, `18.20.4+dfsg-1~deb12u1` or `1:20.19.2`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.rsplit(':').next()?.trim_start_matches('v');
        let mut parts = text.split('.').map(|part| part.parse().ok());
        Some(Self { major: parts.next()??, minor: parts.next().flatten().unwrap_or(0) })
    }
}

/// What `facts` lack for `purpose`.
pub(crate) fn plan(facts: &Facts, purpose: Purpose) -> Plan {
    let mut plan = Plan::default();
    let node_ok = facts.npm && facts.node.is_some_and(|found| found >= OLDEST_NODE);
    match &facts.system {
        System::Apt { installed, node_candidate } => {
            let mut packages = apt_packages(installed, purpose);
            if !node_ok {
                match node_candidate {
                    Some(candidate) if *candidate >= OLDEST_NODE => packages.extend(["nodejs", "npm"]),
                    _ => plan.by_hand.push(node_missing(facts, NODE_ON_APT)),
                }
            }
            apt_install(&packages, facts, &mut plan);
        }
        System::OtherLinux { .. } => plan.by_hand.extend(other_linux(&facts.system, purpose)),
        System::MacOs { command_line_tools: false } => {
            plan.by_hand.push(missing("Xcode command line tools", "xcode-select --install"));
        }
        System::Windows { webview2: false } => {
            plan.by_hand.push(missing("WebView2 runtime", "winget install Microsoft.EdgeWebView2Runtime"));
        }
        System::MacOs { .. } | System::Windows { .. } => {}
    }
    if !node_ok && !matches!(facts.system, System::Apt { .. }) {
        plan.by_hand.push(node_missing(facts, node_remedy(&facts.system)));
    }
    if purpose == Purpose::Check {
        let components = [("rustfmt", facts.rustfmt), ("clippy", facts.clippy)];
        for (name, _) in components.iter().filter(|(_, found)| !found) {
            plan.by_hand.push(missing(name, &format!("rustup component add {name}")));
        }
    }
    plan
}

fn apt_packages(installed: &BTreeSet<String>, purpose: Purpose) -> Vec<&'static str> {
    let drive: &[&str] = if purpose.drives() { &TO_DRIVE } else { &[] };
    let compare: &[&str] = if purpose.needs_chromium() { &TO_COMPARE_ENGINES } else { &[] };
    let (check, cross): (&[&str], _) =
        if purpose == Purpose::Check { (&TO_CHECK, TO_CROSS) } else { (&[], &[][..]) };
    let packages = TO_BUILD.iter().chain(drive).chain(compare).chain(check).chain(cross).copied();
    packages.filter(|package| !installed.contains(*package)).collect()
}

/// Every package this tool may ask apt about.
pub(crate) fn apt_names() -> impl Iterator<Item = &'static str> {
    TO_BUILD
        .into_iter()
        .chain(TO_DRIVE)
        .chain(TO_COMPARE_ENGINES)
        .chain(TO_CHECK)
        .chain(TO_CROSS.iter().copied())
}

fn apt_install(packages: &[&str], facts: &Facts, plan: &mut Plan) {
    if packages.is_empty() {
        return;
    }
    let apt = |arguments: &[&str]| {
        let words = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"].iter().chain(arguments).copied();
        if facts.root { Run::new("env", words.skip(1)) } else { Run::new("sudo", words) }
    };
    let install: Vec<&str> =
        ["install", "--yes", "--no-install-recommends"].iter().chain(packages).copied().collect();
    if facts.root || facts.sudo {
        plan.installs.extend([apt(&["update"]), apt(&install)]);
    } else {
        let command = format!("su -c 'apt-get update && apt-get {}'", install.join(" "));
        plan.by_hand.push(missing(&format!("Debian packages ({})", packages.join(", ")), &command));
    }
}

const NODE_ON_APT: &str =
    "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash - && sudo apt-get install -y nodejs";

fn node_missing(facts: &Facts, remedy: &str) -> Missing {
    let found = match facts.node {
        Some(Version { major, minor }) if facts.npm => format!("found {major}.{minor}"),
        Some(_) => "npm not found".to_owned(),
        None => "not found".to_owned(),
    };
    let Version { major, minor } = OLDEST_NODE;
    missing(&format!("Node.js {major}.{minor} or newer, with npm ({found})"), remedy)
}

fn node_remedy(system: &System) -> &'static str {
    match system {
        System::Apt { .. } => NODE_ON_APT,
        System::MacOs { .. } => "brew install node",
        System::Windows { .. } => "winget install OpenJS.NodeJS.LTS",
        System::OtherLinux { ids, .. } => match family(ids) {
            Some(Family::Fedora) => "sudo dnf install nodejs npm",
            Some(Family::Arch) => "sudo pacman -S --needed nodejs npm",
            Some(Family::Suse) => "sudo zypper install nodejs npm",
            None => "install it from https://nodejs.org",
        },
    }
}

#[derive(Clone, Copy)]
enum Family {
    Fedora,
    Arch,
    Suse,
}

fn family(ids: &[String]) -> Option<Family> {
    ids.iter().find_map(|id| match id.as_str() {
        "fedora" | "rhel" | "centos" => Some(Family::Fedora),
        "arch" => Some(Family::Arch),
        "suse" | "opensuse" => Some(Family::Suse),
        _ => None,
    })
}

/// Names what another Linux lacks; nothing on any other system.
fn other_linux(system: &System, purpose: Purpose) -> Vec<Missing> {
    let mut lacking = Vec::new();
    let System::OtherLinux { ids, webkit, driver, chromium } = system else { return lacking };
    if !webkit {
        lacking.push(missing(
            "WebKitGTK 4.1 with its development files (pkg-config name webkit2gtk-4.1)",
            match family(ids) {
                Some(Family::Fedora) => "sudo dnf install gcc webkit2gtk4.1-devel librsvg2-devel",
                Some(Family::Arch) => "sudo pacman -S --needed base-devel webkit2gtk-4.1 librsvg",
                Some(Family::Suse) => "sudo zypper install gcc webkit2gtk3-devel librsvg-devel",
                None => "install it with this system's package manager",
            },
        ));
    }
    let by_hand = "install them with this system's package manager";
    if !driver && purpose.drives() {
        let what =
            "Xvfb, WebKitWebDriver, dbus-daemon, gnome-keyring-daemon and xclip, to drive the app unseen";
        lacking.push(missing(what, by_hand));
    }
    if !chromium && purpose.needs_chromium() {
        lacking.push(missing("chromium and chromedriver, to look at the pages in a second engine", by_hand));
    }
    lacking
}

fn missing(what: &str, remedy: &str) -> Missing {
    Missing { what: what.to_owned(), remedy: remedy.to_owned() }
}

#[cfg(test)]
mod tests;
