use super::*;

const NODE_20: Option<Version> = Some(Version { major: 20, minor: 20 });
const NODE_18: Option<Version> = Some(Version { major: 18, minor: 20 });

fn debian(lacking: &[&str]) -> Facts {
    let installed = apt_names().filter(|name| !lacking.contains(name)).map(String::from).collect();
    Facts {
        system: System::Apt { installed, node_candidate: NODE_18 },
        root: true,
        sudo: false,
        node: NODE_20,
        npm: true,
        rustfmt: true,
        clippy: true,
    }
}

fn on(system: System) -> Facts {
    Facts { system, ..debian(&[]) }
}

fn commands(plan: &Plan) -> Vec<String> {
    plan.installs.iter().map(ToString::to_string).collect()
}

fn remedies(plan: &Plan) -> Vec<&str> {
    plan.by_hand.iter().map(|missing| missing.remedy.as_str()).collect()
}

#[test]
fn a_complete_machine_needs_nothing() {
    for purpose in [Purpose::Open, Purpose::Drive, Purpose::DriveBothEngines, Purpose::Check] {
        assert_eq!(plan(&debian(&[]), purpose), Plan::default());
    }
    for system in [
        System::MacOs { command_line_tools: true },
        System::Windows { webview2: true },
        System::OtherLinux { ids: vec!["void".into()], webkit: true, driver: true, chromium: true },
    ] {
        assert_eq!(plan(&on(system), Purpose::Check), Plan::default());
    }
}

#[test]
fn only_what_is_missing_is_installed() {
    let plan = plan(&debian(&["xvfb", "libwebkit2gtk-4.1-dev"]), Purpose::Check);
    assert_eq!(
        commands(&plan),
        [
            "env DEBIAN_FRONTEND=noninteractive apt-get update",
            "env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
             libwebkit2gtk-4.1-dev xvfb",
        ]
    );
    assert!(plan.by_hand.is_empty());
}

#[test]
fn opening_a_window_needs_no_driver() {
    let facts = debian(&["xvfb", "webkit2gtk-driver"]);
    assert_eq!(plan(&facts, Purpose::Open), Plan::default());
    assert_eq!(plan(&facts, Purpose::Drive).installs.len(), 2);
}

#[test]
fn only_what_looks_at_pages_in_both_engines_needs_the_second() {
    let facts = debian(&["chromium", "chromium-driver"]);
    for purpose in [Purpose::Open, Purpose::Drive] {
        assert_eq!(plan(&facts, purpose), Plan::default(), "{purpose:?}");
    }
    for purpose in [Purpose::DriveBothEngines, Purpose::Check] {
        let install = &commands(&plan(&facts, purpose))[1];
        assert!(install.ends_with(" chromium chromium-driver"), "{purpose:?}: {install}");
    }
    let void =
        |chromium| on(System::OtherLinux { ids: vec!["void".into()], webkit: true, driver: true, chromium });
    assert_eq!(plan(&void(false), Purpose::Drive), Plan::default());
    assert_eq!(plan(&void(true), Purpose::DriveBothEngines), Plan::default());
    assert!(plan(&void(false), Purpose::DriveBothEngines).by_hand[0].what.starts_with("chromium and"));
}

#[test]
fn who_is_not_root_uses_sudo_or_is_told() {
    let with_sudo = Facts { root: false, sudo: true, ..debian(&["dbus"]) };
    assert!(commands(&plan(&with_sudo, Purpose::Drive))[1].starts_with("sudo env DEBIAN_FRONTEND"));
    let without = Facts { root: false, sudo: false, ..debian(&["dbus"]) };
    let plan = plan(&without, Purpose::Drive);
    assert!(plan.installs.is_empty());
    assert_eq!(
        remedies(&plan),
        ["su -c 'apt-get update && apt-get install --yes --no-install-recommends dbus'"]
    );
}

#[test]
fn apt_brings_node_only_where_its_node_is_new_enough() {
    let old_apt = Facts { node: None, npm: false, ..debian(&[]) };
    assert_eq!(remedies(&plan(&old_apt, Purpose::Open)), [NODE_ON_APT]);
    let System::Apt { installed, .. } = debian(&[]).system else { panic!() };
    let new_apt = Facts { system: System::Apt { installed, node_candidate: NODE_20 }, ..old_apt };
    assert!(commands(&plan(&new_apt, Purpose::Open))[1].ends_with(" nodejs npm"));
}

#[test]
fn node_is_judged_by_its_version_and_its_npm() {
    let with = |node, npm| Facts { node, npm, ..on(System::MacOs { command_line_tools: true }) };
    assert!(plan(&with(Version::parse("v20.19.0"), true), Purpose::Open).by_hand.is_empty());
    for (facts, said) in [
        (with(NODE_18, true), "(found 18.20)"),
        (with(NODE_20, false), "(npm not found)"),
        (with(None, false), "(not found)"),
    ] {
        let plan = plan(&facts, Purpose::Open);
        assert_eq!(remedies(&plan), ["brew install node"]);
        assert!(plan.by_hand[0].what.ends_with(said), "{}", plan.by_hand[0].what);
    }
}

#[test]
fn other_systems_are_told_one_command_each() {
    let bare = |system| Facts { node: None, npm: false, ..on(system) };
    let cases = [
        (System::MacOs { command_line_tools: false }, vec!["xcode-select --install", "brew install node"]),
        (
            System::Windows { webview2: false },
            vec!["winget install Microsoft.EdgeWebView2Runtime", "winget install OpenJS.NodeJS.LTS"],
        ),
        (
            System::OtherLinux {
                ids: vec!["rocky".into(), "rhel".into()],
                webkit: false,
                driver: true,
                chromium: true,
            },
            vec!["sudo dnf install gcc webkit2gtk4.1-devel librsvg2-devel", "sudo dnf install nodejs npm"],
        ),
        (
            System::OtherLinux { ids: vec!["void".into()], webkit: false, driver: false, chromium: true },
            vec!["install it with this system's package manager", "install it from https://nodejs.org"],
        ),
    ];
    for (system, expected) in cases {
        let plan = plan(&bare(system), Purpose::Open);
        assert!(plan.installs.is_empty(), "nothing is installed where apt is not");
        assert_eq!(remedies(&plan), expected);
    }
}

#[test]
fn checks_need_the_toolchain_components() {
    let facts = Facts { rustfmt: false, clippy: false, ..debian(&[]) };
    assert!(plan(&facts, Purpose::Open).by_hand.is_empty());
    let plan = plan(&facts, Purpose::Check);
    assert_eq!(remedies(&plan), ["rustup component add rustfmt", "rustup component add clippy"]);
}

#[test]
fn versions_are_read_from_every_source() {
    let version = |major, minor| Some(Version { major, minor });
    assert_eq!(Version::parse("v20.20.2"), version(20, 20));
    assert_eq!(Version::parse("18.20.4+dfsg-1~deb12u1"), version(18, 20));
    assert_eq!(Version::parse("1:20.19.2"), version(20, 19));
    assert_eq!(Version::parse("22"), version(22, 0));
    assert_eq!(Version::parse("(none)"), None);
}
