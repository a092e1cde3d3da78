//! The folders and ports of one world, and the search for secrets in them.

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
};

use tempfile::TempDir;

/// Everything a world writes is below this folder, which goes with it.
pub(crate) struct Home {
    root: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let root = tempfile::Builder::new().prefix("companion-e2e-").tempdir().expect("a temporary folder");
        for name in ["user", "data/keyrings", "config", "cache", "state", "run"] {
            fs::create_dir_all(root.path().join(name)).expect("a folder");
        }
        let private = fs::Permissions::from_mode(0o700); // what the desktop specification demands of it
        fs::set_permissions(root.path().join("run"), private).expect("permissions");
        Self { root }
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// What the app gets as `COMPANION_HOME`.
    pub(crate) fn app(&self) -> PathBuf {
        self.root().join("companion")
    }

    /// What the app and its web view print.
    pub(crate) fn output(&self) -> PathBuf {
        self.root().join("output.txt")
    }

    /// The variables that lead every well-behaved program into this home, and where its libraries and the zone are.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        let mut variables = self.folders();
        for inherited in ["PATH", "LD_LIBRARY_PATH"] {
            if let Ok(value) = std::env::var(inherited) {
                variables.insert(inherited.to_owned(), value);
            }
        }
        // A shop's times are Beijing times wherever the machine stands.
        let zone = std::env::var("TZ").unwrap_or_else(|_| "America/New_York".to_owned());
        variables.extend([("LANG".to_owned(), "C.UTF-8".to_owned()), ("TZ".to_owned(), zone)]);
        variables
    }

    /// A program with these variables and none of the environment that the tests run in.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(self.variables()).stdin(Stdio::null());
        command
    }

    fn folders(&self) -> BTreeMap<String, String> {
        [
            ("HOME", "user"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_RUNTIME_DIR", "run"),
        ]
        .into_iter()
        .map(|(name, folder)| (name.to_owned(), self.root().join(folder).to_string_lossy().into_owned()))
        .collect()
    }

    /// Files in a folder that hold any of `values`, in any encoding a program is likely to write, as "file: value".
    pub(crate) fn files_with(folder: &Path, values: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        for file in files_below(folder) {
            let Ok(bytes) = fs::read(&file) else { continue };
            found.extend(
                values
                    .iter()
                    .filter(|value| encodings(value).iter().any(|needle| contains(&bytes, needle)))
                    .map(|value| format!("{}: {value}", file.display())),
            );
        }
        found
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries.flatten() {
        // A link leads out of the home, a socket or a pipe holds nothing.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(files_below(&entry.path())),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    files
}

/// `value` as it is, as a form or an address carries it, and as JavaScript engines and Windows keep it.
pub(crate) fn encodings(value: &str) -> Vec<Vec<u8>> {
    let in_address = value.bytes().map(|byte| {
        let plain = byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    });
    let json = serde_json::Value::from(value).to_string();
    vec![
        value.as_bytes().to_vec(),
        in_address.collect::<String>().into_bytes(),
        json.trim_matches('"').as_bytes().to_vec(),
        value.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ]
}

pub(crate) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else { return false };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| byte == first) {
        from += at + 1;
        if bytes[from..].starts_with(rest) {
            return true;
        }
    }
    false
}

/// A port nobody listens on, and that no other test of this run was given. Below the range from which the
/// system takes ports for outgoing connections, so that it stays free while the app is restarted.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Tests that run at the same time are processes with neighbouring ids: each gets a range of its own.
    let start = u16::try_from(std::process::id() * 64 % 10_000).unwrap_or_default();
    for _ in 0..10_000 {
        let port = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no free port between 20000 and 30000");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_value_is_found_in_every_encoding() {
        let home = Home::new();
        let secret = "Ab1&é\"Z";
        for (number, bytes) in encodings(secret).into_iter().enumerate() {
            let file = home.root().join("data").join(format!("deep-{number}"));
            fs::write(&file, [b"AbAb1 before ".to_vec(), bytes, b" after".to_vec()].concat()).unwrap();
            assert_eq!(Home::files_with(home.root(), &["absent", secret]).len(), 1, "encoding {number}");
            fs::remove_file(file).unwrap();
        }
        assert!(Home::files_with(home.root(), &[secret]).is_empty());
    }

    #[test]
    fn ports_are_given_out_once() {
        let ports: std::collections::BTreeSet<u16> = (0..50).map(|_| free_port()).collect();
        assert_eq!(ports.len(), 50);
    }
}
