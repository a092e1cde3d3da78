//! What checking the bill holds in memory, and for how long.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::bill_check::upload::BillFile;
use crate::ports::Timer;

/// Customers' numbers stand in a file of sign-ups: it goes this long after it was used last.
const FORGOTTEN_AFTER: Duration = Duration::from_mins(10);

type Held = Mutex<Option<(String, Arc<BillFile>)>>;

/// The sign-ups that were handed over last, and for which account.
#[derive(Debug)]
pub(crate) struct BillCheck {
    held: Arc<Held>,
    /// The one task that forgets it.
    forgets: Mutex<JoinSet<()>>,
    timer: Arc<dyn Timer>,
}

impl BillCheck {
    pub(crate) fn new(timer: Arc<dyn Timer>) -> Self {
        Self { held: Arc::default(), forgets: Mutex::default(), timer }
    }

    /// Holds this file instead of the one before.
    pub(super) fn hold(&self, account: String, file: Arc<BillFile>) {
        *lock(&self.held) = Some((account, file));
        self.forget_later();
    }

    /// The file of this account, which is then held for another while.
    pub(super) fn file(&self, account: &str) -> Option<Arc<BillFile>> {
        let file =
            lock(&self.held).as_ref().filter(|(of, _)| of == account).map(|(_, file)| Arc::clone(file))?;
        self.forget_later();
        Some(file)
    }

    fn forget_later(&self) {
        let (held, waited) = (Arc::clone(&self.held), self.timer.sleep(FORGOTTEN_AFTER));
        let mut forgets = lock(&self.forgets);
        forgets.abort_all();
        forgets.spawn(async move {
            waited.await;
            *lock(&held) = None;
        });
    }
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infra::tables::Table;
    use crate::ports::SystemTimer;

    #[tokio::test(start_paused = true)]
    async fn a_file_is_forgotten_ten_minutes_after_its_last_use() {
        let bill = BillCheck::new(Arc::new(SystemTimer));
        let file = Arc::new(BillFile::of(
            "sign-ups.csv".to_owned(),
            Table { rows: vec![vec!["13800000000".to_owned()]] },
        ));
        let alone = Arc::downgrade(&file);
        bill.hold("account".to_owned(), file);
        assert!(bill.file("another").is_none());
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_mins(9)).await;
            assert!(bill.file("account").is_some(), "used within ten minutes");
        }
        tokio::time::sleep(Duration::from_mins(11)).await;
        assert!(bill.file("account").is_none());
        assert!(alone.upgrade().is_none(), "nothing else holds it");
    }
}
