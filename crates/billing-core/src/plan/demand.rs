//! Calls in the order in which they arrive, numbered from 0.

use super::PlanInput;
use super::offer::Offer;

/// Which call arrives on which day.
#[derive(Debug)]
pub(super) struct Demand {
    /// `before[d]` calls arrive before day `d`; the last entry is the total.
    before: Vec<u64>,
}

impl Demand {
    /// Calls on day 0, 1, …: at most 3,650 × 10^9 of a plan, more only where none is made.
    pub(super) fn new(daily: impl IntoIterator<Item = u64>) -> Self {
        let sums = daily.into_iter().scan(0_u64, |sum, calls| {
            *sum = sum.saturating_add(calls);
            Some(*sum)
        });
        Self { before: std::iter::once(0).chain(sums).collect() }
    }

    pub(super) fn of(input: &PlanInput) -> Self {
        Self::new(input.daily_demand.iter().copied().map(u64::from))
    }

    /// All calls.
    pub(super) fn total(&self) -> u64 {
        self.before.last().copied().unwrap_or(0)
    }

    /// Days of the horizon.
    pub(super) fn days(&self) -> usize {
        self.before.len().saturating_sub(1)
    }

    /// Calls that arrive before a day; all of them after the horizon.
    pub(super) fn before_day(&self, day: usize) -> u64 {
        self.before.get(day).copied().unwrap_or_else(|| self.total())
    }

    /// Calls that arrive on a day.
    pub(super) fn on_day(&self, day: usize) -> u64 {
        self.before_day(day.saturating_add(1)).saturating_sub(self.before_day(day))
    }

    /// The day on which a call arrives. For the call after the last one: the horizon.
    pub(super) fn day_of(&self, call: u64) -> usize {
        self.before.partition_point(|before| *before <= call).saturating_sub(1)
    }

    /// The first call that a pack bought at `call` does not serve.
    pub(super) fn reach(&self, call: u64, offer: &Offer) -> u64 {
        self.reach_on(self.day_of(call), call, offer)
    }

    /// The same where the day of the call is known.
    pub(super) fn reach_on(&self, day: usize, call: u64, offer: &Offer) -> u64 {
        call.saturating_add(offer.calls).min(self.before_day(day.saturating_add(offer.days)))
    }

    /// The earliest call from which a pack reaches at least `goal`: the inverse of [`Demand::reach`]. `goal` is above 0.
    pub(super) fn earliest_to_reach(&self, goal: u64, offer: &Offer) -> u64 {
        let last_day = self.day_of(goal.saturating_sub(1));
        // Bought on day `first_day` it is usable on `last_day`, its last day.
        let first_day = last_day.saturating_add(1).saturating_sub(offer.days);
        goal.saturating_sub(offer.calls).max(self.before_day(first_day))
    }
}
