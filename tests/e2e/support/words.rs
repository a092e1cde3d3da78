//! What the app says, out of the UI's own locale files.

use std::{fs, path::Path};

use serde_json::Value;

/// What every text under this key has in common: the longest part of it that nothing is put into.
pub(crate) fn words(language: &str, key: &str) -> String {
    let mut path = key.split('.');
    let file = format!("ui/src/locales/{language}/{}.json", path.next().unwrap_or_default());
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file)).expect("a locale file");
    let texts: Value = serde_json::from_str(&text).expect("JSON");
    let text = path.fold(&texts, |texts, name| &texts[name]);
    let text = text.as_str().unwrap_or_else(|| panic!("{file} has no {key}"));
    let parts = text.split(['{', '}']).step_by(2);
    parts.max_by_key(|part| part.len()).unwrap_or_default().trim().to_owned()
}
