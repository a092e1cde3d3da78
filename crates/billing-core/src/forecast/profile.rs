//! How the days of a week share its usage.

use super::history::{Day, Observed};
use super::real_of;

/// Only so many days back: habits change.
const DAYS_BACK: usize = 182;
/// A day is compared with the three weeks around it.
const DAYS_AROUND: usize = 10;
/// A single day counts at most so many times what is usual around it: an unannounced campaign is no habit.
const OUTLIER: f64 = 4.0;
/// A weekday that never had a call counts as closed if chance alone would do that less often.
const CLOSED_BY_CHANCE: f64 = 0.01;

/// A day's share relative to an average day; 0 for closed weekdays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Profile([f64; 7]);

#[derive(Debug, Clone, Copy, Default)]
struct Weekday {
    seen: f64,
    zeros: f64,
    calls: f64,
    usual: f64,
    squares: f64,
}

impl Profile {
    const EVEN: Self = Self([1.0; 7]);

    /// What a day takes, in average days.
    pub(super) fn weight(&self, day: &Day) -> f64 {
        if day.closed { 0.0 } else { self.0.get(day.weekday).copied().unwrap_or(1.0) }
    }

    /// What days take together, and the sum of the squares of what each takes.
    pub(super) fn exposure(&self, days: &[Day]) -> (f64, f64) {
        let weights = days.iter().map(|day| self.weight(day));
        weights.fold((0.0, 0.0), |(sum, squares), weight| (sum + weight, squares + weight * weight))
    }

    /// From single days; spans of several days say nothing about weekdays.
    pub(super) fn estimate(observed: &[Observed], calendar: &[Day]) -> Self {
        let end = observed.last().map_or(0, Observed::end);
        let days: Vec<(usize, usize, f64)> = observed
            .iter()
            .filter(|span| span.days == 1 && span.start.saturating_add(DAYS_BACK) >= end)
            .filter_map(|span| {
                let day = calendar.get(span.start).filter(|day| !day.closed)?;
                Some((span.start, day.weekday, span.calls?))
            })
            .collect();
        let mut weekdays = [Weekday::default(); 7];
        for (position, (start, weekday, calls)) in days.iter().enumerate() {
            let Some(usual) = usual_around(&days, position, *start) else { continue };
            let Some(weekday) = weekdays.get_mut(*weekday) else { continue };
            let calls = calls.min(OUTLIER * (usual + 1.0));
            weekday.seen += 1.0;
            weekday.zeros += if calls > 0.0 { 0.0 } else { 1.0 };
            weekday.calls += calls;
            weekday.usual += usual;
            weekday.squares += (calls - usual) * (calls - usual);
        }
        shrunk(&weekdays)
    }
}

/// The mean of the known days around one of them.
fn usual_around(days: &[(usize, usize, f64)], position: usize, start: usize) -> Option<f64> {
    let from = position.saturating_sub(DAYS_AROUND);
    let around = days.get(from..)?.iter().take(DAYS_AROUND.saturating_mul(2).saturating_add(1));
    let near = around.filter(|(other, _, _)| start.abs_diff(*other) <= DAYS_AROUND);
    let (sum, count) = near.fold((0.0, 0.0), |(sum, count), (_, _, calls)| (sum + calls, count + 1.0));
    (sum > 0.0).then(|| sum / count)
}

/// Ratios to what is usual, drawn towards 1 as far as they may be chance.
fn shrunk(weekdays: &[Weekday; 7]) -> Profile {
    let all = weekdays.iter().fold((0.0, 0.0), |(seen, zeros), day| (seen + day.seen, zeros + day.zeros));
    let closed = weekdays.map(|day| {
        // Zeros among the other weekdays, with half a zero on top: few days prove little.
        let chance = (all.1 - day.zeros + 0.5) / (all.0 - day.seen + 1.0);
        day.seen >= 2.0 && day.zeros >= day.seen && repeated(chance, day.seen) < CLOSED_BY_CHANCE
    });
    let ratios = weekdays.map(|day| {
        let ratio = if day.usual > 0.0 { day.calls / day.usual } else { 1.0 };
        // The sum's spread, with a prior of one more day as different as the ratio says.
        let spread = day.squares - (day.calls - day.usual) * (day.calls - day.usual) / day.seen.max(1.0);
        let error =
            spread.max(day.usual) / (day.usual * day.usual).max(1e-9) * (day.seen + 1.0) / day.seen.max(1.0);
        (ratio, if day.usual > 0.0 { error } else { 1e9 })
    });
    let open = || ratios.iter().zip(closed).filter(|(_, closed)| !closed).map(|(ratio, _)| *ratio);
    let count = real_of(open().count());
    if count < 1.0 {
        return Profile::EVEN;
    }
    let mean = open().map(|(ratio, _)| ratio).sum::<f64>() / count;
    let apart =
        open().map(|(ratio, error)| (ratio - mean) * (ratio - mean) - error.min(1.0)).sum::<f64>() / count;
    let apart = apart.max(0.0);
    let mut weights = [0.0; 7];
    for ((weight, (ratio, error)), closed) in weights.iter_mut().zip(ratios).zip(closed) {
        let kept = if apart > 0.0 { apart / (apart + error) } else { 0.0 };
        *weight = if closed { 0.0 } else { (mean + (ratio - mean) * kept).max(0.05) };
    }
    let sum: f64 = weights.iter().sum();
    Profile(weights.map(|weight| weight * 7.0 / sum))
}

/// `chance` to the power of a whole number: exact on every machine, unlike `powf`.
fn repeated(chance: f64, times: f64) -> f64 {
    let mut product = 1.0;
    let mut left = times;
    while left >= 1.0 && product > 1e-12 {
        product *= chance;
        left -= 1.0;
    }
    product
}
