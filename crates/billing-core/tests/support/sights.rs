//! What a guard sees, in tests of it.

use billing_core::guard::{Cover, Sight};
use billing_core::situation::Mode;

/// Read just now; the mode in force is what it was.
pub(crate) fn sight(mode: Mode, remaining: u64) -> Sight {
    Sight {
        mode: Some(mode),
        changed_by_others: false,
        remaining: Some(remaining),
        used_since: 0,
        is_fresh: true,
        cover: Cover::Unknown,
        monthly: Some(300),
        acts_today: 0,
        pool: None,
    }
}
