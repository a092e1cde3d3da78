//! A new file in a folder, never over one that is there.

use std::fs::File;
use std::io::{ErrorKind, Result, Write as _};
use std::path::{Path, PathBuf};

/// Longest name without its ending, in characters: room for a path on every system.
const NAME_MAX: usize = 80;
/// What no system takes in a file name.
const NOT_IN_NAMES: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];
/// Names that Windows keeps for devices, whatever the ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Writes a file and makes sure that it is on disk. What was begun and failed is removed again.
pub(super) fn save(folder: &Path, name: &str, ending: &str, bytes: &[u8]) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let name = plain(name);
    let mut number = 1_u32;
    loop {
        let name =
            if number == 1 { format!("{name}.{ending}") } else { format!("{name} ({number}).{ending}") };
        let path = folder.join(name);
        match File::create_new(&path) {
            Ok(mut file) => {
                return match file.write_all(bytes).and_then(|()| file.sync_all()) {
                    Ok(()) => Ok(path),
                    Err(error) => {
                        drop(file);
                        // The first failure is the one to tell.
                        let _ = std::fs::remove_file(&path);
                        Err(error)
                    }
                };
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number = number.saturating_add(1),
            Err(error) => return Err(error),
        }
    }
}

/// A name that every system takes.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| !letter.is_control() && !NOT_IN_NAMES.contains(letter));
    let name: String = letters.take(NAME_MAX).collect();
    let name = name.trim_matches(|end: char| end == '.' || end.is_whitespace());
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    let device = stem.trim_end_matches(|end: char| end.is_ascii_digit());
    if name.is_empty() || DEVICES.contains(&device) { format!("_{name}") } else { name.to_owned() }
}
