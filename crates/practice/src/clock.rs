//! Practice time: the machine's clock plus an offset. The first start sets the offset; from then on it only grows. Where
//! a run has to be the same as the last one, the machine's clock stands still, and only the offset moves time.

use crate::assumed::FURTHEST_AHEAD;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Reads practice time. Cheap to clone; every clone shows the same time.
///
/// Whole seconds, as the platform's own times. It never goes back, even when the machine's clock does.
#[derive(Debug, Clone)]
pub struct PracticeClock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    offset_seconds: AtomicI64,
    /// The latest time that was ever shown or stored.
    latest: AtomicI64,
    /// The machine's clock, where it stands still.
    still: Option<DateTime<Utc>>,
}

/// Practice time cannot be moved that far ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("practice time cannot be moved that far ahead")]
pub struct TooFarAhead;

impl PracticeClock {
    pub(crate) fn new(offset_seconds: i64, latest: i64, still: Option<DateTime<Utc>>) -> Self {
        let (offset_seconds, latest) = (AtomicI64::new(offset_seconds), AtomicI64::new(latest));
        let inner = Inner { offset_seconds, latest, still };
        Self { inner: Arc::new(inner) }
    }

    /// Practice time.
    pub fn now(&self) -> DateTime<Utc> {
        let machine = self.inner.still.unwrap_or_else(system_now);
        let shown = machine.timestamp().saturating_add(self.offset_seconds());
        let before = self.inner.latest.fetch_max(shown, Ordering::AcqRel);
        DateTime::from_timestamp(shown.max(before), 0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Practice time, off by so much, as HTTP writes it.
    pub(crate) fn http_date(&self, off: TimeDelta) -> String {
        (self.now() + off).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// How far practice time is ahead of the machine's clock.
    pub(crate) fn offset_seconds(&self) -> i64 {
        self.inner.offset_seconds.load(Ordering::Acquire)
    }

    /// The offset after moving forward. It takes effect with [`Self::set_offset`], once it is stored.
    pub(crate) fn offset_after(&self, step: std::time::Duration) -> Result<i64, TooFarAhead> {
        let step = i64::try_from(step.as_secs()).map_err(|_| TooFarAhead)?;
        let offset = self.offset_seconds().checked_add(step).ok_or(TooFarAhead)?;
        if TimeDelta::try_seconds(offset).is_none_or(|ahead| ahead > FURTHEST_AHEAD) {
            return Err(TooFarAhead);
        }
        Ok(offset)
    }

    pub(crate) fn set_offset(&self, offset_seconds: i64) {
        self.inner.offset_seconds.fetch_max(offset_seconds, Ordering::AcqRel);
    }
}

/// The machine's clock. Only sessions and practice time look at it.
pub(crate) fn system_now() -> DateTime<Utc> {
    // Whole seconds, as practice time itself: the difference of two such instants loses nothing.
    Utc::now().trunc_subsecs(0)
}
