//! Which changes of the acquisition mode are being finished right now.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The changes that this run is still finishing by itself. All other open ones wait for the person.
#[derive(Debug, Clone, Default)]
pub(crate) struct ModeChanges(Arc<Mutex<HashSet<String>>>);

/// Dropped when nobody works on the change any more.
pub(crate) struct UnderWay {
    changes: Arc<Mutex<HashSet<String>>>,
    id: String,
}

impl ModeChanges {
    pub(crate) fn ids(&self) -> HashSet<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// `None` when somebody works on the change already.
    pub(crate) fn begin(&self, id: &str) -> Option<UnderWay> {
        let is_first = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned());
        is_first.then(|| UnderWay { changes: Arc::clone(&self.0), id: id.to_owned() })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}
