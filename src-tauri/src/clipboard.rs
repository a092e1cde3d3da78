//! The clipboard. Secrets stay out of its history, and are cleared after half a minute.
//!
//! Where the application ended in that time without clearing it, the next start does: a note next to the ledger says which
//! secret was copied, never what it is.
//!
//! Clearing alone is not enough, because Windows' history (and its cloud) and clipboard programs elsewhere
//! have saved a copy by then; so the text is also marked as not to be recorded.

use std::{fs, io, path::PathBuf, sync::Arc, time::Duration};

use arboard::Clipboard;
#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(all(unix, not(target_os = "macos")))]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use companion::{
    Companion, Paths,
    api::{ErrorCode, LoginField},
    secrets::Secret,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

/// How long a copied secret stays in the clipboard.
pub(crate) const CLEARS_AFTER_SECONDS: u32 = 30;

/// The note, below the home directory; there while a secret is in the clipboard.
const NOTE: &str = "clipboard.json";

/// Which secret was copied.
#[derive(Serialize, Deserialize)]
pub(crate) struct Origin {
    pub(crate) account: String,
    pub(crate) field: LoginField,
}

/// The system clipboard, opened on first use: on X11 the text lives only as long as its owner.
#[derive(Clone)]
pub(crate) struct SystemClipboard {
    held: Arc<Mutex<Held>>,
}

struct Held {
    note: PathBuf,
    clipboard: Option<Clipboard>,
    /// Counts copies, so that an older timer does not clear a newer copy.
    copy: u64,
    text: Option<Secret<String>>,
}

impl SystemClipboard {
    pub(crate) fn new(paths: &Paths) -> Self {
        let note = paths.home().join(NOTE);
        Self { held: Arc::new(Mutex::new(Held { note, clipboard: None, copy: 0, text: None })) }
    }

    /// Copies `secret` and clears it after [`CLEARS_AFTER_SECONDS`], unless something else was copied meanwhile.
    pub(crate) async fn copy(&self, secret: Secret<String>, origin: Origin) -> Result<(), arboard::Error> {
        let mut held = self.held.lock().await;
        held.write_note(&origin);
        unrecorded(held.clipboard()?).text(secret.expose().to_owned())?;
        held.text = Some(secret);
        held.copy += 1;
        let (copy, this) = (held.copy, self.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(CLEARS_AFTER_SECONDS.into())).await;
            let mut held = this.held.lock().await;
            if held.copy == copy {
                held.clear();
            }
        });
        Ok(())
    }

    /// Copies what is no secret; it stays until something else is copied.
    pub(crate) async fn copy_text(&self, text: String) -> Result<(), arboard::Error> {
        let mut held = self.held.lock().await;
        held.clipboard()?.set_text(text)?;
        held.copy += 1;
        held.text = None;
        held.drop_note();
        Ok(())
    }

    /// Clears what an earlier run copied and could not clear any more.
    pub(crate) async fn clear_left_over(&self, companion: &Companion) {
        let Some(origin) = self.held.lock().await.read_note() else { return };
        let secret = companion.login_secret(&origin.account, origin.field).await;
        let mut held = self.held.lock().await;
        match secret {
            // Something was copied meanwhile, and has a note of its own.
            _ if held.text.is_some() => {}
            Ok(secret) => {
                held.text = Some(secret);
                // It has to be open to be cleared.
                match held.clipboard() {
                    Ok(_) => held.clear(),
                    Err(error) => {
                        tracing::warn!(%error, "the clipboard of the run before could not be looked at");
                    }
                }
            }
            // Nothing is left that it could be compared with.
            Err(error) if matches!(error.code(), ErrorCode::LoginMissing | ErrorCode::NotFound) => {
                held.drop_note();
            }
            Err(error) => tracing::warn!(%error, "the next start looks at the clipboard of the run before"),
        }
    }

    /// Clears a copied secret at once; for the app's exit.
    pub(crate) fn clear_now(&self) {
        if let Ok(mut held) = self.held.try_lock() {
            held.clear();
        }
    }
}

impl Held {
    fn clipboard(&mut self) -> Result<&mut Clipboard, arboard::Error> {
        Ok(match &mut self.clipboard {
            Some(clipboard) => clipboard,
            none => none.insert(Clipboard::new()?),
        })
    }

    /// Takes our text back, but leaves alone what the person has copied since.
    fn clear(&mut self) {
        let (Some(clipboard), Some(text)) = (&mut self.clipboard, self.text.take()) else { return };
        let still_ours = clipboard.get_text().is_ok_and(|found| found == *text.expose());
        if still_ours && let Err(error) = clipboard.clear() {
            tracing::warn!(%error, "the clipboard could not be cleared");
            return;
        }
        self.drop_note();
    }

    fn write_note(&self, origin: &Origin) {
        let written =
            serde_json::to_vec(origin).map_err(io::Error::from).and_then(|text| fs::write(&self.note, text));
        if let Err(error) = written {
            tracing::warn!(%error, "after a crash the clipboard would not be cleared");
        }
    }

    fn read_note(&self) -> Option<Origin> {
        serde_json::from_slice(&fs::read(&self.note).ok()?).ok()
    }

    fn drop_note(&self) {
        match fs::remove_file(&self.note) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "a note on the clipboard stays until the next start");
            }
            _ => {}
        }
    }
}

#[cfg(any(unix, windows))]
fn unrecorded(clipboard: &mut Clipboard) -> arboard::Set<'_> {
    #[cfg(windows)]
    return clipboard.set().exclude_from_history().exclude_from_cloud().exclude_from_monitoring();
    #[cfg(unix)]
    return clipboard.set().exclude_from_history();
}
