//! Programs that the checks need. Cargo subcommands: the ones on PATH, else private copies under `target/tools`; Python
//! programs always there.

use std::path::{Path, PathBuf};

use crate::process::{Failure, Run, answer};

/// A cargo subcommand and the version CI uses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    pub(crate) subcommand: &'static str,
    package: &'static str,
    version: &'static str,
}

pub(crate) const DENY: Tool = Tool { subcommand: "deny", package: "cargo-deny", version: "0.20.2" };
pub(crate) const MACHETE: Tool = Tool { subcommand: "machete", package: "cargo-machete", version: "0.9.2" };
pub(crate) const MUTANTS: Tool = Tool { subcommand: "mutants", package: "cargo-mutants", version: "27.1.0" };
pub(crate) const NEXTEST: Tool = Tool { subcommand: "nextest", package: "cargo-nextest", version: "0.9.143" };
pub(crate) const FUZZ: Tool = Tool { subcommand: "fuzz", package: "cargo-fuzz", version: "0.13.2" };

impl Tool {
    /// Installs the tool when there is none. Unoptimised: that halves the wait, and each runs only a moment.
    pub(crate) fn make_ready(self, repository: &Path) -> Result<(), Failure> {
        let own = self.own_copy(repository);
        if answer("cargo", &[self.subcommand, "--version"]).is_some() || own.exists() {
            return Ok(());
        }
        println!("{} is not installed; compiling it once (some minutes).", self.package);
        let root = tools(repository).to_string_lossy().into_owned();
        let arguments = ["--debug", "--version", self.version, "--root", &root, self.package];
        Run::cargo("install", arguments).passed_through()
    }

    /// `cargo <subcommand> <arguments>`; cargo finds our own copy on the path it is given.
    pub(crate) fn run<'a>(self, repository: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Run {
        let own = tools(repository).join("bin");
        let known = std::env::var_os("PATH").unwrap_or_default();
        let places = [own.clone()].into_iter().chain(std::env::split_paths(&known));
        let path = std::env::join_paths(places).unwrap_or_else(|_| own.into());
        Run::new("cargo", [self.subcommand])
            .env("PATH", &path.to_string_lossy())
            .args(arguments)
            .at(repository)
    }

    fn own_copy(self, repository: &Path) -> PathBuf {
        let name = format!("{}{}", self.package, std::env::consts::EXE_SUFFIX);
        tools(repository).join("bin").join(name)
    }
}

/// Tests, each in a process of its own and with a limit of time (`.config/nextest.toml`).
pub(crate) fn nextest<'a>(repository: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Run {
    NEXTEST.run(repository, ["run", "--locked", "--no-fail-fast"]).args(arguments)
}

/// Programs written in Python, in an environment of their own under `target/tools`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Python {
    name: &'static str,
    /// Packages with the versions CI uses.
    packages: &'static [&'static str],
}

/// Checks an interface against its OpenAPI document.
pub(crate) const SCHEMATHESIS: Python =
    Python { name: "schemathesis", packages: &["schemathesis==4.32.5", "openapi-spec-validator==0.9.0"] };

/// Solves mixed-integer programs. From Python's registry it comes as a finished library, in seconds; as a Rust dependency
/// it would be compiled from C++ for minutes, for everybody.
pub(crate) const HIGHS: Python = Python { name: "highs", packages: &["highspy==1.15.1", "numpy==2.4.6"] };

/// Compiles C for systems that this one is not, with their headers; Rust's own tools for that want Apple's.
pub(crate) const ZIG: Python = Python { name: "zig", packages: &["ziglang==0.17.1"] };

/// A WeChat library that nobody here wrote, with everything it brings; its AES is left to choose.
pub(crate) const WECHATPY: Python = Python {
    name: "wechatpy",
    packages: &[
        "wechatpy==1.8.18",
        "pycryptodome==4.4.0",
        "certifi==2026.10.18",
        "charset-normalizer==3.5.2",
        "idna==3.20",
        "optionaldict==0.1.2",
        "python-dateutil==4.0.0",
        "requests==2.34.2",
        "six==1.17.0",
        "tzdata==2026.6",
        "urllib3==2.8.0",
        "xmltodict==1.0.4",
    ],
};

impl Python {
    /// Installs what is not there in these versions; why it could not, in a sentence, as a check then cannot be made.
    pub(crate) fn make_ready(self, repository: &Path) -> Result<(), String> {
        let folder = self.folder(repository);
        let list = folder.join("installed");
        let wanted = self.packages.join("\n");
        if std::fs::read_to_string(&list).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        let python = if cfg!(windows) { "python" } else { "python3" };
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        let installs = [
            Run::new(python, ["-m", "venv", "--clear", &folder.to_string_lossy()]),
            self.run(repository, "python", pip).args(self.packages.iter().copied()),
        ];
        let cannot = || format!("{} could not be installed from here", self.name);
        for install in installs {
            println!("$ {install}");
            let (installed, said) = install.asked().unwrap_or_else(|failure| (false, failure.to_string()));
            if !installed {
                println!("{}", said.trim_end());
                return Err(cannot());
            }
        }
        // Written last, so that an interrupted installation is begun again.
        std::fs::write(&list, wanted).map_err(|_| cannot())
    }

    /// One of its programs.
    pub(crate) fn run<'a>(
        self,
        repository: &Path,
        program: &str,
        arguments: impl IntoIterator<Item = &'a str>,
    ) -> Run {
        let program = self.program(repository, program);
        Run::new(&program.to_string_lossy(), [""; 0]).args(arguments).at(repository)
    }

    pub(crate) fn program(self, repository: &Path, name: &str) -> PathBuf {
        self.folder(repository).join(if cfg!(windows) { "Scripts" } else { "bin" }).join(name)
    }

    fn folder(self, repository: &Path) -> PathBuf {
        tools(repository).join(self.name)
    }
}

fn tools(repository: &Path) -> PathBuf {
    repository.join("target").join("tools")
}
