//! `cargo xtask cross`: the code of Windows and macOS, as far as Linux can tell.
//!
//! Both are linted, C included. For Windows all tests that need no web view run under Wine, the Credential Manager among
//! them, and the linked program checks itself. `docs/reach.md` says what that leaves open.

mod apple;
mod library;
mod wine;

use std::{fs, path::Path};

use crate::{
    process::{Failure, Run},
    report::Ending,
    start, tools,
};
use apple::Compiler;
use wine::Wine;

pub(crate) const TITLE: &str = "Windows and macOS, as far as Linux can tell";

const WINDOWS: &str = "x86_64-pc-windows-gnu";
const MACOS: &str = "aarch64-apple-darwin";

/// What runs under Wine: all but the pages in their window, what asks for cargo, which is not in Wine, and the months of
/// faults, which take minutes there.
const UNDER_WINE: &str =
    "not binary(e2e) and not package(xtask) and not test(/^(layers|simulator|guarded_month)::/)";

/// Folders as people have them: names in Chinese, with spaces and signs, and beyond what old programs of Windows can name.
const HOMES: [&str; 3] = ["店主 李雷 😀", "O'Neil & Co #1 (100% 好)", LONG];
const LONG: &str = "资料/一个很长很长的文件夹名字一个很长很长的文件夹名字一个很长很长的文件夹名字/\
                    一个很长很长的文件夹名字一个很长很长的文件夹名字一个很长很长的文件夹名字/\
                    another folder with a long name, another folder with a long name, another folder/\
                    another folder with a long name, another folder with a long name, another folder";

pub(crate) fn check(repository: &Path) -> Result<Ending, Failure> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Ok(Ending::Skipped("other systems are tried from Linux on x86-64 only".into()));
    }
    let folder = repository.join("target").join("cross");
    let library = match library::make_ready(&folder, &[WINDOWS, MACOS])? {
        Ok(library) => library,
        Err(why) => return Ok(Ending::Skipped(why)),
    };
    let compiler = match Compiler::make_ready(repository, &folder)? {
        Ok(compiler) => compiler,
        Err(why) => return Ok(Ending::Skipped(why)),
    };
    same_files_with_line_ends_of_windows(repository, &folder)?;
    let programs = start::target(repository).join(WINDOWS).join("debug");
    let wine = Wine::make_ready(&folder, programs.clone())?;
    let windows = |run: Run| wine::tools(library.used_by(run, WINDOWS), WINDOWS);
    let both = |run: Run| compiler.used_by(library.used_by(windows(run), MACOS), MACOS);
    both(lints(repository)).passed_through()?;
    let tests = ["--workspace", "--target", WINDOWS, "--profile", "wine", "--filterset", UNDER_WINE];
    wine.used_by(windows(tools::nextest(repository, tests)), WINDOWS).passed_through()?;
    // The program was linked for the tests that start it.
    checks_itself(&programs.join("merchant-companion.exe"), &folder, &wine).map(|()| Ending::Done)
}

fn lints(repository: &Path) -> Run {
    let targets = ["--target", WINDOWS, "--target", MACOS, "--workspace", "--all-targets"];
    Run::cargo("clippy", targets).args(["--", "-D", "warnings"]).at(repository)
}

/// Git for Windows writes its own line ends unless `.gitattributes` says otherwise; fixtures are compared to the byte.
fn same_files_with_line_ends_of_windows(repository: &Path, folder: &Path) -> Result<(), Failure> {
    let clone = folder.join("checkout");
    start::empty_folder(&clone)?;
    let clone = clone.to_string_lossy().into_owned();
    let git = |arguments: &[&str]| Run::new("git", arguments);
    git(&["clone", "--quiet", "--shared", "--config", "core.autocrlf=true", ".", &clone])
        .at(repository)
        .passed_through()?;
    let (_, files) = git(&["-C", &clone, "ls-files", "--eol"]).asked()?;
    let changed: Vec<_> =
        files.lines().filter(|line| line.contains("w/crlf") && !line.contains("i/crlf")).collect();
    if files.is_empty() || !changed.is_empty() {
        return Err(Failure::Said(format!("files that Windows would write otherwise: {changed:#?}")));
    }
    Ok(())
}

/// The program as it is linked for Windows: it finds everything but a web view, and leaves nothing.
fn checks_itself(program: &Path, folder: &Path, wine: &Wine) -> Result<(), Failure> {
    let homes = folder.join("homes");
    start::empty_folder(&homes)?;
    for name in HOMES {
        let home = homes.join(name);
        start::empty_folder(&home)?;
        let arguments = ["--self-check", "--json"];
        let check = wine.run(program, arguments).env("COMPANION_HOME", &wine::path(&home));
        println!("$ {check}");
        let (_, said) = check.asked()?;
        println!("{}", said.trim_end());
        let failed = said.matches("\"ok\": false").count();
        if failed != 1 || !said.contains("\"web_view_missing\"") {
            return Err(Failure::Said(format!("in {name}, all but the web view should be well")));
        }
        let left = fs::read_dir(&home).map_err(|error| Failure::File { path: home.clone(), error })?;
        let left: Vec<_> = left.flatten().map(|entry| entry.file_name()).collect();
        if !left.is_empty() {
            return Err(Failure::Said(format!("in {name} the self-check left {left:?}")));
        }
    }
    Ok(())
}
