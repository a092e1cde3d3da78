//! How cost grows with events and with lots.

use crate::replay::attributed;
use crate::shop::{Ids, events, setting};
use crate::sides::median;
use billing_core::replay::Scenario;
use std::process::Command;
use std::time::Instant;

const ROUNDS: usize = 5;

/// One row per point, each in a process of its own.
pub(crate) fn curve() {
    println!(
        "\nReplay as a history grows (each point a process of its own; time per use, relative to the first)\n"
    );
    println!("| uses | lots | time per use | memory of the events | memory added by the replay |");
    println!("|---|---|---|---|---|");
    let uses = [10_000, 100_000, 1_000_000, 10_000_000].map(|uses| (uses, 1_000));
    let lots = [1, 10, 100, 10_000, 100_000].map(|lots| (1_000_000, lots));
    let mut first = None;
    for (uses, lots) in uses.into_iter().chain(lots) {
        let this = std::env::current_exe().unwrap();
        let point =
            Command::new(this).args(["point", &uses.to_string(), &lots.to_string()]).output().unwrap();
        assert!(point.status.success(), "{}", String::from_utf8_lossy(&point.stderr));
        let said = String::from_utf8(point.stdout).unwrap();
        let numbers: Vec<f64> = said.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let [nanoseconds, before, after] = numbers[..] else { panic!("{said}") };
        let ratio = nanoseconds / *first.get_or_insert(nanoseconds);
        println!("| {uses} | {lots} | {ratio:.2} | {before:.0} MB | {:.1} MB |", after - before);
    }
}

/// Prints nanoseconds per use and the peak memory before and after.
pub(crate) fn point(uses: usize, lots: usize) {
    let scenario = Scenario::new(setting(), events(uses, lots, Ids::Counted).collect());
    let before = peak_megabytes();
    let times = (0..ROUNDS).map(|_| {
        let started = Instant::now();
        std::hint::black_box(attributed(&scenario));
        started.elapsed().as_secs_f64()
    });
    let time = median(times.collect());
    println!("{} {before} {}", time * 1e9 / f64::from(u32::try_from(uses).unwrap()), peak_megabytes());
}

/// The most memory this process ever had, as Linux counts it.
pub(crate) fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: f64 =
        peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(f64::NAN);
    kilobytes / 1024.0
}
