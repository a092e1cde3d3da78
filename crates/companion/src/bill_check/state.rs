//! What checking the bill holds in memory.

use std::sync::{Arc, Mutex};

use crate::bill_check::upload::BillFile;

/// The sign-ups that were handed over last, and for which account.
#[derive(Debug, Default)]
pub(crate) struct BillCheck {
    pub(super) file: Mutex<Option<(String, Arc<BillFile>)>>,
}
