//! What the guard holds in memory.

use std::sync::Arc;

use crate::bulk::state::Bulk;
use crate::member_card::under_way::ModeChanges;

/// By what the guard acts.
#[derive(Debug, Clone)]
pub(crate) struct Guards {
    pub(crate) modes: ModeChanges,
    pub(crate) bulk: Arc<Bulk>,
}
