//! What is shipped: built as it is shipped, installed, started and removed again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    machine,
    process::{Failure, Run, answer},
    report::Ending,
    start, tools,
};

/// Starts the installed app as its entry in the desktop's menu does; the test finds the program here.
const TEST: &str = "shipped::the_installed_app_opens_and_leaves_only_its_data";
const PROGRAM: &str = "COMPANION_INSTALLED_PROGRAM";

/// Where Debian keeps the entries of the desktop's menu.
const MENU: &str = "/usr/share/applications/";

pub(crate) fn check(repository: &Path) -> Result<Ending, Failure> {
    if !cfg!(target_os = "linux") {
        return Ok(Ending::Skipped("a package is tried on Debian and Ubuntu only".into()));
    }
    let package = build(repository)?;
    if !machine::may_install_packages() {
        return Ok(Ending::Skipped(format!(
            "{} is built; installing it needs root on Debian",
            package.display()
        )));
    }
    try_out(repository, &package).map(|()| Ending::Done)
}

/// The Debian package in the release profile. The UI has been built by now.
fn build(repository: &Path) -> Result<PathBuf, Failure> {
    let folder = start::target(repository).join("release").join("bundle").join("deb");
    start::empty_folder(&folder)?;
    let tauri = repository.join("ui").join("node_modules").join("@tauri-apps").join("cli").join("tauri.js");
    Run::new("node", [&*tauri.to_string_lossy(), "build", "--bundles", "deb", "--ci"])
        .args(["--config", r#"{"build":{"beforeBuildCommand":""}}"#, "--", "--locked"])
        .at(repository)
        .passed_through()?;
    let failed = |error| Failure::File { path: folder.clone(), error };
    let files = fs::read_dir(&folder).map_err(failed)?.flatten().map(|entry| entry.path());
    let packages: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|one| one == "deb")).collect();
    match packages.as_slice() {
        [package] => Ok(package.clone()),
        other => Err(Failure::Said(format!("one package was expected, not {other:?}"))),
    }
}

/// Installs the package, starts what its menu entry names, and removes it.
fn try_out(repository: &Path, package: &Path) -> Result<(), Failure> {
    let file = package.to_string_lossy();
    let name = answer("dpkg-deb", &["--field", &file, "Package"])
        .ok_or_else(|| Failure::Said(format!("{file} names no package")))?;
    if is_installed(&name) {
        let said = format!("{name} is installed here already; remove it first with `dpkg --remove {name}`");
        return Err(Failure::Said(said));
    }
    let mut installed = Installed { name, is_there: true };
    Run::new("dpkg", ["--install", &file]).passed_through()?;
    let files = installed.files();
    let program = program_of_menu_entry(&files)?;
    tools::nextest(repository, ["--workspace", "--test", "e2e", "--run-ignored", "only"])
        .args(["--filterset", &format!("test(={TEST})")])
        .env(PROGRAM, &program)
        .passed_through()?;
    installed.remove()?;
    let left: Vec<_> = files.iter().filter(|path| Path::new(path).is_file()).collect();
    if is_installed(&installed.name) || !left.is_empty() {
        return Err(Failure::Said(format!("removing {} left {left:?}", installed.name)));
    }
    Ok(())
}

/// A package that is removed in any case.
struct Installed {
    name: String,
    is_there: bool,
}

impl Installed {
    fn files(&self) -> Vec<String> {
        let list = answer("dpkg-query", &["--listfiles", &self.name]).unwrap_or_default();
        list.lines().map(str::to_owned).filter(|path| Path::new(path).is_file()).collect()
    }

    fn remove(&mut self) -> Result<(), Failure> {
        self.is_there = false;
        Run::new("dpkg", ["--remove", &self.name]).passed_through()
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        if self.is_there
            && let Err(failure) = self.remove()
        {
            eprintln!("{failure}");
        }
    }
}

fn is_installed(name: &str) -> bool {
    let status = answer("dpkg-query", &["--show", "--showformat", "${db:Status-Status}", name]);
    status.is_some_and(|status| status == "installed")
}

/// The program that the one menu entry among `files` starts.
fn program_of_menu_entry(files: &[String]) -> Result<String, Failure> {
    let entries: Vec<&String> =
        files.iter().filter(|path| path.starts_with(MENU) && path.ends_with(".desktop")).collect();
    let [entry] = entries.as_slice() else {
        return Err(Failure::Said(format!("one menu entry was expected, not {entries:?}")));
    };
    let text = fs::read_to_string(entry).map_err(|error| Failure::File { path: entry.into(), error })?;
    let word = program_of(&text).ok_or_else(|| Failure::Said(format!("{entry} starts nothing:\n{text}")))?;
    let program = if word.starts_with('/') { word } else { format!("/usr/bin/{word}") };
    if files.contains(&program) {
        return Ok(program);
    }
    Err(Failure::Said(format!("{entry} starts {program}, which is not in the package: {files:?}")))
}

/// The first word of the line `Exec` (Desktop Entry Specification, "The Exec key").
fn program_of(entry: &str) -> Option<String> {
    let command = entry.lines().find_map(|line| line.strip_prefix("Exec="))?;
    command.split_whitespace().next().map(|word| word.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_menu_entry_names_its_program() {
        let entry = "[Desktop Entry]\nName=Merchant Companion\nExec=merchant-companion %U\nTerminal=false\n";
        assert_eq!(program_of(entry).as_deref(), Some("merchant-companion"));
        assert_eq!(program_of("[Desktop Entry]\nExec=\"/opt/app\"\n").as_deref(), Some("/opt/app"));
        assert_eq!(program_of("[Desktop Entry]\nName=x\n"), None);
    }
}
