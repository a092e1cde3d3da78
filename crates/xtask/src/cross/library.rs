//! The standard library of Rust for other systems.
//!
//! `rustup target add` brings one where its server can be reached. Elsewhere it is built from the source package that
//! Debian has of this very version, once: no other compiler could read a finished one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    process::{Failure, Run, answer},
    start,
};

/// Debian's package with the source, and the suite that has it for several versions of the compiler.
const PACKAGE: &str = "rust-src";
const SUITE: &str = "trixie-backports";
/// Debian's keys, by which apt tells that the package is Debian's.
const KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// A crate with nothing in it: its dependencies are what is wanted.
const EMPTY: &str = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                     [lib]\npath = \"lib.rs\"\n\n[profile.release]\npanic = \"unwind\"\n\n[workspace]\n";
const CRATES: &str = "-Zbuild-std=std,panic_unwind,panic_abort,test,proc_macro";

/// Where the standard libraries are.
pub(super) enum Library {
    /// Beside the compiler's own.
    Installed,
    /// In this folder, which is laid out as the compiler's is.
    Built(PathBuf),
}

impl Library {
    /// `run` of cargo with the library of this target.
    pub(super) fn used_by(&self, run: Run, target: &str) -> Run {
        match self {
            Self::Installed => run,
            Self::Built(folder) => run.env(&flags_of(target), &format!("--sysroot={}", folder.display())),
        }
    }
}

/// The library for all `targets`; why there is none, where the source cannot be had.
pub(super) fn make_ready(folder: &Path, targets: &[&str]) -> Result<Result<Library, String>, Failure> {
    let installed = |target: &&str| {
        let place = answer("rustc", &["--print", "target-libdir", "--target", target]);
        place.is_some_and(|place| Path::new(&place).is_dir())
    };
    if targets.iter().all(installed) {
        return Ok(Ok(Library::Installed));
    }
    let compiler = compiler()?;
    let Some(apt) = Apt::new(&folder.join("apt"))? else {
        return Ok(Err("the library's source comes from a Debian mirror, and apt names none".into()));
    };
    let Some(version) = apt.version_for(&compiler)? else {
        return Ok(Err(format!("no {PACKAGE} of version {compiler} could be found in {SUITE}")));
    };
    // Another compiler, or a package made anew, begins anew.
    let place = folder.join(format!("library-{version}"));
    for target in targets {
        let finished = libraries(&place, target);
        if !finished.is_dir() {
            let source = apt.source(&version, &compiler, &place)?;
            build(&source, &place, target, &finished)?;
        }
    }
    Ok(Ok(Library::Built(place)))
}

/// The version of the compiler: 1.95.0.
fn compiler() -> Result<String, Failure> {
    let said = answer("rustc", &["--version", "--verbose"]).unwrap_or_default();
    let release = said.lines().find_map(|line| line.strip_prefix("release: "));
    release.map(str::to_owned).ok_or_else(|| Failure::Said("rustc does not say its version".into()))
}

fn build(source: &Path, place: &Path, target: &str, finished: &Path) -> Result<(), Failure> {
    let project = place.join("empty");
    start::empty_folder(&project)?;
    for (name, text) in [("Cargo.toml", EMPTY), ("lib.rs", "")] {
        let path = project.join(name);
        fs::write(&path, text).map_err(|error| Failure::File { path, error })?;
    }
    Run::new(
        "cargo",
        ["build", "--quiet", "--release", CRATES, "--target", target, "--target-dir", "target"],
    )
    // A stable compiler builds its library with means that it keeps from others.
    .env("RUSTC_BOOTSTRAP", "1")
    // Where cargo looks for the source; otherwise beside the compiler, where a file of ours would stay for ever.
    .env("__CARGO_TESTS_ONLY_SRC_ROOT", &source.to_string_lossy())
    // The release profile optimises over the border of crates: it needs more than machine code.
    .env(&flags_of(target), "-Cembed-bitcode=yes")
    .at(&project)
    .passed_through()?;
    let unfinished = place.join("unfinished");
    start::empty_folder(&unfinished)?;
    let built = project.join("target").join(target).join("release").join("deps");
    for path in files(&built)? {
        let name = path.file_name().unwrap_or_default();
        let is_library = path.extension().is_some_and(|extension| extension == "rlib");
        if is_library && !name.to_string_lossy().starts_with("libempty-") {
            fs::copy(&path, unfinished.join(name)).map_err(|error| Failure::File { path, error })?;
        }
    }
    // Renamed when complete, so that an interrupted build is begun again.
    let failed = |error| Failure::File { path: finished.to_owned(), error };
    fs::create_dir_all(finished.parent().unwrap_or(place)).map_err(failed)?;
    fs::rename(&unfinished, finished).map_err(failed)
}

fn libraries(place: &Path, target: &str) -> PathBuf {
    place.join("lib").join("rustlib").join(target).join("lib")
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::File { path: folder.to_owned(), error })?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

/// The variable with the compiler's arguments for a target.
fn flags_of(target: &str) -> String {
    format!("CARGO_TARGET_{}_RUSTFLAGS", variable(target))
}

/// A target as it stands in the names of cargo's variables.
pub(super) fn variable(target: &str) -> String {
    target.to_uppercase().replace('-', "_")
}

/// apt with an index of its own: nothing of another suite is ever installed on this machine.
struct Apt {
    folder: PathBuf,
    options: Vec<String>,
}

impl Apt {
    /// With the mirror of Debian that this machine uses; nothing where it uses none.
    fn new(folder: &Path) -> Result<Option<Self>, Failure> {
        let format = ["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"];
        let mirrors = answer("apt-get", &format).unwrap_or_default();
        let Some(mirror) = mirrors.lines().next() else { return Ok(None) };
        for part in ["lists/partial", "cache/archives/partial"] {
            let path = folder.join(part);
            fs::create_dir_all(&path).map_err(|error| Failure::File { path, error })?;
        }
        let sources = folder.join("suite.sources");
        let text =
            format!("Types: deb\nURIs: {mirror}\nSuites: {SUITE}\nComponents: main\nSigned-By: {KEYS}\n");
        fs::write(&sources, text).map_err(|error| Failure::File { path: sources.clone(), error })?;
        let option = |name: &str, path: &Path| ["-o".to_owned(), format!("{name}={}", path.display())];
        let options = [
            option("Dir::Etc::SourceList", &sources),
            option("Dir::Etc::SourceParts", Path::new("/dev/null")),
            option("Dir::State::Lists", &folder.join("lists")),
            option("Dir::Cache", &folder.join("cache")),
        ];
        Ok(Some(Self { folder: folder.to_owned(), options: options.concat() }))
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Run {
        let options = self.options.iter().map(String::as_str);
        Run::new(program, options.chain(arguments.iter().copied())).at(&self.folder)
    }

    /// The version of the package that has the source of this compiler.
    fn version_for(&self, compiler: &str) -> Result<Option<String>, Failure> {
        let (found, said) = self.run("apt-get", &["update", "--quiet"]).asked()?;
        if !found {
            println!("{}", said.trim_end());
        }
        let (_, said) = self.run("apt-cache", &["madison", PACKAGE]).asked()?;
        Ok(version_in(&said, compiler))
    }

    /// Fetches and unpacks the package; the folder with the library's source.
    fn source(&self, version: &str, compiler: &str, place: &Path) -> Result<PathBuf, Failure> {
        let unpacked = place.join("source");
        let library = unpacked.join(format!("usr/src/rustc-{compiler}/library"));
        if library.is_dir() {
            return Ok(library);
        }
        self.run("apt-get", &["download", &format!("{PACKAGE}={version}")]).passed_through()?;
        let beginning = format!("{PACKAGE}_{version}");
        let package = files(&self.folder)?
            .into_iter()
            .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&beginning)))
            .ok_or_else(|| Failure::Said(format!("apt left no file of {PACKAGE} {version}")))?;
        let words = ["--extract", &*package.to_string_lossy(), &*unpacked.to_string_lossy()];
        start::empty_folder(&unpacked)?;
        Run::new("dpkg-deb", words).passed_through()?;
        if library.is_dir() {
            return Ok(library);
        }
        Err(Failure::Said(format!("{PACKAGE} {version} has no {}", library.display())))
    }
}

/// The version for a compiler in what `apt-cache madison` says: `rust-src | 1.95.0+dfsg1-2~bpo13+1 | mirror suite`.
fn version_in(madison: &str, compiler: &str) -> Option<String> {
    let versions = madison.lines().filter_map(|line| line.split('|').nth(1)).map(str::trim);
    let of_compiler =
        |version: &&str| version.strip_prefix(compiler).is_some_and(|rest| rest.starts_with(['+', '-', '~']));
    versions.into_iter().find(of_compiler).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_of_the_compiler_is_found() {
        let said = "  rust-src | 1.97.1+dfsg1-1~bpo13+1 | mirror suite/main amd64 Packages\n\
                    \x20 rust-src | 1.95.0+dfsg1-2~bpo13+1 | mirror suite/main amd64 Packages\n";
        assert_eq!(version_in(said, "1.95.0").as_deref(), Some("1.95.0+dfsg1-2~bpo13+1"));
        assert_eq!(version_in(said, "1.95"), None);
        assert_eq!(version_in("", "1.95.0"), None);
    }

    #[test]
    fn targets_have_variables() {
        assert_eq!(flags_of("x86_64-pc-windows-gnu"), "CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS");
    }
}
