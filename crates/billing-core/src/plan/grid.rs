//! What serving the calls from a given one on spends at the very least, validity included.
//!
//! A shortest path over some calls only, the points: at least the first call of every day. A pack bought at a point is taken
//! to reach the first point that is not before what it really reaches. That is never too little, and starting further on
//! never costs more, so what the path spends from a point is at most what any plan spends from there – exactly that where
//! every call is a point.

use super::demand::Demand;
use super::offer::Offer;
use super::spent::Spent;

#[derive(Debug)]
pub(super) struct Grid {
    /// Calls from one point to the next on the same day.
    width: u64,
    /// For each day the number of its first point.
    first: Vec<usize>,
    /// For each point what is spent from there on. The last one is the end.
    spent: Vec<Spent>,
}

impl Grid {
    /// With about so many points from the call `start` on, and one a day.
    pub(super) fn new(demand: &Demand, offers: &[Offer], start: u64, points: u64) -> Self {
        let todo = demand.total().saturating_sub(start);
        let width = todo.div_ceil(points.max(1)).max(1);
        let mut first = Vec::with_capacity(demand.days());
        let mut calls = Vec::new();
        for day in 0..demand.days() {
            first.push(calls.len());
            let end = demand.before_day(day.saturating_add(1));
            let mut call = demand.before_day(day);
            if end <= start {
                continue;
            }
            while call < end {
                calls.push((day, call));
                call = call.saturating_add(width);
            }
        }
        let mut grid = Self { width, first, spent: vec![Spent::default(); calls.len().saturating_add(1)] };
        for (point, (day, call)) in calls.iter().enumerate().rev() {
            let ways = offers.iter().map(|offer| {
                let reach = demand.reach_on(*day, *call, offer);
                let rest = grid.from(demand, demand.day_of(reach), reach);
                rest.plus(Spent { cost: offer.cost, purchases: 1, bought: 0 })
            });
            let least = ways.min().unwrap_or_default();
            if let Some(here) = grid.spent.get_mut(point) {
                *here = least;
            }
        }
        grid
    }

    /// The least cost from a call on a day, and the fewest purchases at that cost.
    pub(super) fn from(&self, demand: &Demand, day: usize, call: u64) -> Spent {
        let into_day = call.saturating_sub(demand.before_day(day));
        let within = usize::try_from(into_day.div_ceil(self.width)).unwrap_or(usize::MAX);
        let next_day = self.first.get(day.saturating_add(1)).copied();
        let end = next_day.unwrap_or_else(|| self.spent.len().saturating_sub(1));
        let point = self.first.get(day).map_or(end, |first| first.saturating_add(within).min(end));
        self.spent.get(point).copied().unwrap_or_default()
    }
}
