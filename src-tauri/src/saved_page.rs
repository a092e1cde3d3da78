//! The main window's page as it last stood. The next window shows it until the application stands, so that figures are
//! there as soon as the window is. Its only pages are such as never show a secret (`data-keep` in `ui/`).

use std::{fs, io, path::Path};

use companion::api::SavedPage;
use serde::{Deserialize, Serialize};

/// Below the home directory; may be thrown away at any time.
const FILE: &str = "first-page.json";
/// More than any page of ours has.
const BYTES_MAX: usize = 1 << 20;

/// A page belongs to the style sheet of the version that made it.
#[derive(Serialize, Deserialize)]
struct Saved<P> {
    version: String,
    page: P,
}

/// Replaces the saved page. Errors: those of the file.
pub(crate) fn save(page: &SavedPage, home: &Path) -> io::Result<()> {
    let saved = serde_json::to_vec(&Saved { version: env!("CARGO_PKG_VERSION").to_owned(), page })?;
    if saved.len() > BYTES_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    // Whole or not at all.
    let fresh = home.join(FILE).with_extension("new");
    fs::write(&fresh, saved)?;
    fs::rename(fresh, home.join(FILE))
}

/// Returns the page saved last, if there is one of this version.
pub(crate) fn load(home: &Path) -> Option<SavedPage> {
    let saved: Saved<SavedPage> = serde_json::from_slice(&fs::read(home.join(FILE)).ok()?).ok()?;
    (saved.version == env!("CARGO_PKG_VERSION")).then_some(saved.page)
}

/// Deletes the page saved last: what it shows may be an account that was removed. Errors: those of the file.
pub(crate) fn forget(home: &Path) -> io::Result<()> {
    match fs::remove_file(home.join(FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Returns the script that hands it to the window before anything else runs there.
pub(crate) fn script(page: &SavedPage) -> String {
    format!("window.__SAVED_PAGE__ = {};", serde_json::json!(page))
}

#[cfg(test)]
mod tests {
    use companion::api::Theme;

    use super::*;

    fn page(html: &str) -> SavedPage {
        SavedPage { lang: "zh-CN".into(), theme: Theme::Dark, html: html.into() }
    }

    #[test]
    fn the_last_page_is_there_again() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(load(home.path()), None);
        for html in ["<p>1</p>", "<p>\"806\" </script>\u{2028}</p>"] {
            save(&page(html), home.path()).unwrap();
            assert_eq!(load(home.path()), Some(page(html)));
        }
        let script = script(&page("<p>\"</p>"));
        assert_eq!(script, r#"window.__SAVED_PAGE__ = {"html":"<p>\"</p>","lang":"zh-CN","theme":"dark"};"#);
    }

    #[test]
    fn what_another_version_or_nobody_wrote_is_left_out() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join(FILE);
        for text in [
            "",
            "{}",
            "{\"version\":\"0.0.0-other\",\"page\":{\"lang\":\"en\",\"theme\":\"dark\",\"html\":\"\"}}",
        ] {
            fs::write(&file, text).unwrap();
            assert_eq!(load(home.path()), None, "{text}");
        }
    }

    #[test]
    fn a_page_too_large_leaves_the_one_before() {
        let home = tempfile::tempdir().unwrap();
        save(&page("small"), home.path()).unwrap();
        assert!(save(&page(&"x".repeat(BYTES_MAX)), home.path()).is_err());
        assert_eq!(load(home.path()), Some(page("small")));
    }
}
