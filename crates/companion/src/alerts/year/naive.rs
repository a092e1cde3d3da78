//! When an alert is due, by marks of everything that is over its limit: nothing is compared with how deep it was before.

use std::collections::BTreeSet;

use billing_core::CallsTotal;
use billing_core::alert::{Alert, Observation, Thresholds};

/// What is over its limit, and was said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Percent(u8),
    RunsOut,
    Ends(String, u16),
    Wasted(String),
}

#[derive(Debug, Default)]
pub(super) struct Naive {
    marks: BTreeSet<Mark>,
    before: Option<CallsTotal>,
}

impl Naive {
    /// What this reading is to raise.
    pub(super) fn expects(&mut self, thresholds: &Thresholds, seen: &Observation) -> Vec<Alert> {
        let over = over(thresholds, seen);
        let is_first = self.before.is_none();
        let is_refill = self.before.is_some_and(|before| seen.remaining > before);
        self.before = Some(seen.remaining);
        if is_refill {
            let had_percent = self.marks.iter().any(|mark| matches!(mark, Mark::Percent(_)));
            // What ends by date is not undone by more calls.
            self.marks.retain(|mark| matches!(mark, Mark::Ends(..)) || over.contains(mark));
            if had_percent {
                let shares = over.iter().filter(|mark| matches!(mark, Mark::Percent(_))).cloned();
                self.marks.extend(shares.collect::<Vec<_>>());
            }
        }
        let new: Vec<Mark> = over.iter().filter(|mark| !self.marks.contains(mark)).cloned().collect();
        self.marks.extend(over);
        if is_first { Vec::new() } else { said(&new, seen) }
    }
}

fn over(thresholds: &Thresholds, seen: &Observation) -> BTreeSet<Mark> {
    let (total, left) = (seen.total.get(), seen.remaining.get());
    let shares = thresholds
        .percent_left
        .iter()
        .filter(|percent| total > 0 && left * 100 <= total * u64::from(**percent));
    let mut over: BTreeSet<Mark> = shares.map(|percent| Mark::Percent(*percent)).collect();
    if seen.runs_out_in_days.is_some_and(|days| days <= u32::from(thresholds.runs_out_within_days)) {
        over.insert(Mark::RunsOut);
    }
    for lot in seen.lots.iter().filter(|lot| lot.remaining.get() > 0) {
        let days = thresholds.days_before_end.iter().filter(|days| lot.ends_in_days <= u32::from(**days));
        over.extend(days.map(|days| Mark::Ends(lot.lot.clone(), *days)));
        if lot.will_expire.get() > 0 {
            over.insert(Mark::Wasted(lot.lot.clone()));
        }
    }
    over
}

/// Of several limits of one kind, the deepest is said.
fn said(new: &[Mark], seen: &Observation) -> Vec<Alert> {
    let mut alerts = Vec::new();
    let percent = new
        .iter()
        .filter_map(|mark| if let Mark::Percent(percent) = mark { Some(*percent) } else { None })
        .min();
    alerts.extend(percent.map(|percent| Alert::PercentLeft { percent, remaining: seen.remaining }));
    if new.contains(&Mark::RunsOut) {
        alerts.extend(seen.runs_out_in_days.map(|in_days| Alert::RunsOutSoon { in_days }));
    }
    for lot in &seen.lots {
        let ends = |mark: &Mark| match mark {
            Mark::Ends(id, days) if *id == lot.lot => Some(*days),
            _ => None,
        };
        let days = new.iter().filter_map(ends).min();
        alerts.extend(days.map(|days| Alert::EndsSoon {
            lot: lot.lot.clone(),
            days,
            remaining: lot.remaining,
        }));
        if new.contains(&Mark::Wasted(lot.lot.clone())) {
            alerts.push(Alert::WillExpire { lot: lot.lot.clone(), calls: lot.will_expire });
        }
    }
    alerts
}
