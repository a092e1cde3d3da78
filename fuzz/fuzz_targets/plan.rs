//! A plan: what is read is solved, and what is solved serves every call.
#![no_main]

use billing_core::plan;
use libfuzzer_sys::fuzz_target;

/// Longer inputs, and many purchases of a small pack, only cost time.
const DAYS_MAX: usize = 200;
const SMALLEST_PACKS_MAX: u64 = 500;

fuzz_target!(|text: &[u8]| {
    let Ok(input) = plan::parse(text) else { return };
    let demand: u64 = input.daily_demand.iter().map(|calls| u64::from(*calls)).sum();
    let smallest = input.packs.iter().map(|pack| pack.calls.get()).min().unwrap_or(1);
    if input.daily_demand.len() > DAYS_MAX || demand / smallest > SMALLEST_PACKS_MAX {
        return;
    }
    let Ok(solved) = plan::solve(&input) else { return };
    let text = serde_json::to_value(&solved).unwrap();
    if text["status"] == "optimal" {
        assert_eq!(text["served"].as_u64(), Some(demand));
        assert_eq!(solved, plan::solve(&input).unwrap());
    }
});
