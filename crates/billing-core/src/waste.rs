//! Calls that will expire unused: an estimate from a monthly average, at an even pace **A**.

use crate::Calls;
use crate::recommend::{MonthlyUsage, RemainingLot};

/// For each lot, in the order given, the calls that will expire unused if usage goes on as it is; nothing for a lot
/// without a known end. Where only an upper end of usage is known, at that: then no more is wasted than is said.
///
/// Until a lot ends, what is asked for is met by it and by the lots before it in the order of consumption (billing rules
/// 5.3): the trial first, then by earliest end.
pub fn expiring_unused(lots: &[RemainingLot], usage: MonthlyUsage) -> Vec<Option<Calls>> {
    let (MonthlyUsage::About(monthly) | MonthlyUsage::AtMost(monthly)) = usage;
    let mut order: Vec<(usize, &RemainingLot)> = lots.iter().enumerate().collect();
    // The trial, which has no known end, sorts first; equal ends keep the order given.
    order.sort_by_key(|(_, lot)| lot.usable_days);
    let (mut available, mut lost) = (0_u128, 0_u128);
    let mut found = vec![None; lots.len()];
    for (place, lot) in order {
        let left = u128::from(lot.remaining.get());
        available = available.saturating_add(left);
        let Some(days) = lot.usable_days else { continue };
        // Twelve months in 365 days; at most 10^12 × 12 × 2^32.
        let demand = u128::from(monthly.get()).saturating_mul(12).saturating_mul(days.into()) / 365;
        let unused = available.saturating_sub(lost).saturating_sub(demand).min(left);
        lost = lost.saturating_add(unused);
        // No more than the lot has, which is a number of calls.
        let unused = u64::try_from(unused).ok().and_then(|calls| Calls::new(calls).ok());
        if let Some(slot) = found.get_mut(place) {
            *slot = unused;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(remaining: u64, usable_days: Option<u32>) -> RemainingLot {
        RemainingLot { remaining: Calls::new(remaining).unwrap(), usable_days }
    }

    fn unused(lots: &[RemainingLot], monthly: u64) -> Vec<Option<u64>> {
        let usage = MonthlyUsage::About(Calls::new(monthly).unwrap());
        expiring_unused(lots, usage).into_iter().map(|calls| calls.map(Calls::get)).collect()
    }

    #[test]
    fn what_outlasts_the_demand_is_wasted() {
        // 365 calls a month are 12 a day.
        for (lots, expected) in [
            (vec![], vec![]),
            // 120 of 1,000 in ten days.
            (vec![lot(1_000, Some(10))], vec![Some(880)]),
            (vec![lot(120, Some(10))], vec![Some(0)]),
            (vec![lot(500, Some(0))], vec![Some(500)]),
            // No known end, no waste.
            (vec![lot(1_000, None)], vec![None]),
            // The trial is used first, so that the pack ages meanwhile.
            (vec![lot(60, None), lot(1_000, Some(10))], vec![None, Some(940)]),
            (vec![lot(1_000, Some(10)), lot(60, None)], vec![Some(940), None]),
            // The second lot serves only from the eleventh day on: what the first wasted is not used twice.
            (vec![lot(1_000, Some(10)), lot(1_000, Some(20))], vec![Some(880), Some(880)]),
            (vec![lot(60, Some(10)), lot(1_000, Some(20))], vec![Some(0), Some(820)]),
            // The order given does not matter, the ends do.
            (vec![lot(1_000, Some(20)), lot(60, Some(10))], vec![Some(820), Some(0)]),
        ] {
            assert_eq!(unused(&lots, 365), expected, "{lots:?}");
        }
    }

    #[test]
    fn an_upper_end_counts_as_it_is_and_nothing_used_wastes_everything() {
        let lots = [lot(1_000, Some(10))];
        let at_most = expiring_unused(&lots, MonthlyUsage::AtMost(Calls::new(365).unwrap()));
        assert_eq!(at_most, expiring_unused(&lots, MonthlyUsage::About(Calls::new(365).unwrap())));
        assert_eq!(unused(&lots, 0), [Some(1_000)]);
        let largest = Calls::MAX.get();
        assert_eq!(
            unused(&[lot(largest, Some(u32::MAX)), lot(largest, Some(0))], largest),
            [Some(0), Some(largest)]
        );
    }
}
