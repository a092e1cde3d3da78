//! What may be said of a comparison.

use super::{ComparedDays, Records, Totals};

/// Records and bill may differ by this many calls before anything is concluded about the records as a whole **A**.
const DIFFERENCE_MIN: u64 = 20;
/// One side having more than this many times the calls of the other is no difference of one shop **A**.
const TIMES_MAX: u64 = 2;

/// What follows from a comparison. Only [`Verdict::Missing`] says anything against the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No day is known on both sides.
    NoCommonDay,
    /// Far more was recorded than charged: the records may be of something else.
    TooManyRecords,
    /// Far fewer were recorded than charged: the records may be only a part.
    TooFewRecords,
    /// Calls were charged that no record has, and every other explanation is ruled out.
    Missing,
    /// Calls were charged that no record has, and the records may be incomplete.
    Open,
    /// More was charged than members came, and the records say why.
    Explained,
    /// Fewer were charged than recorded, and no more than members came.
    Uncharged,
    /// Each charged call made a new member.
    Agrees,
}

impl Verdict {
    pub(super) fn of(days: &[ComparedDays], totals: &Totals, records: &Records<'_>) -> Self {
        let Totals { charged, recorded, .. } = *totals;
        let is_far = |more: u64, less: u64| {
            more.saturating_sub(less) >= DIFFERENCE_MIN && more > less.saturating_mul(TIMES_MAX)
        };
        if days.iter().all(|days| days.charged.calls.is_none()) {
            Self::NoCommonDay
        } else if is_far(recorded, charged) {
            Self::TooManyRecords
        } else if is_far(charged, recorded) {
            Self::TooFewRecords
        } else if totals.missing > records.unreadable {
            // Records without a time that can be read may be of just these calls.
            Self::Missing
        } else if totals.missing > 0 || totals.open > 0 {
            Self::Open
        } else if totals.calls.explained() > 0 {
            Self::Explained
        } else if totals.uncharged > 0 {
            Self::Uncharged
        } else {
            Self::Agrees
        }
    }
}
