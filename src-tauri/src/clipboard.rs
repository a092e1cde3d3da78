//! The clipboard. Secrets stay out of its history and cleared after half a minute.
//!
//! Clearing alone is not enough, because Windows' history (and its cloud) and clipboard programs elsewhere
//! have saved a copy by then; so the text is also marked as not to be recorded.

use std::{sync::Arc, time::Duration};

use arboard::Clipboard;
#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(all(unix, not(target_os = "macos")))]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use companion::secrets::Secret;
use tokio::sync::Mutex;

/// How long a copied secret stays in the clipboard.
pub(crate) const CLEARS_AFTER_SECONDS: u32 = 30;

/// The system clipboard, opened on first use: on X11 the text lives only as long as its owner.
#[derive(Clone, Default)]
pub(crate) struct SystemClipboard {
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    clipboard: Option<Clipboard>,
    /// Counts copies, so that an older timer does not clear a newer copy.
    copy: u64,
    text: Option<Secret<String>>,
}

impl SystemClipboard {
    /// Copies `secret` and clears it after [`CLEARS_AFTER_SECONDS`], unless something else was copied meanwhile.
    pub(crate) async fn copy(&self, secret: Secret<String>) -> Result<(), arboard::Error> {
        let mut held = self.held.lock().await;
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
        Ok(())
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
