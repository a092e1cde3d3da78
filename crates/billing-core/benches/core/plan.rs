//! Planning, next to a solver for mixed-integer programs.

use crate::packs::{MONTHLY, even, price_list};
use crate::sides::median;
use billing_core::Yuan;
use billing_core::plan::{self, PlanInput};
use std::process::Command;
use std::time::Instant;

const ROUNDS: usize = 11;

/// Ten years on ten packs, planned, next to what the solver takes for two years on the nine of a year. The solver is a
/// program that is told the calls a month, and says its seconds and whether it came to its end.
pub(crate) fn beside(solver: &[&str]) {
    println!(
        "\nA plan for 3,650 days on ten packs, next to HiGHS on 730 days and nine packs (median of {ROUNDS})\n"
    );
    println!("| calls a month | plan | HiGHS | plan as a part of HiGHS |\n|---|---|---|---|");
    for monthly in MONTHLY {
        let input = PlanInput {
            daily_demand: even(monthly, 3_650),
            lots: Vec::new(),
            packs: price_list(),
            bother: Yuan::ZERO,
            max_purchases: None,
        };
        let times = (0..ROUNDS).map(|_| {
            let started = Instant::now();
            std::hint::black_box(plan::solve(&input).unwrap());
            started.elapsed().as_secs_f64()
        });
        let ours = median(times.collect());
        let [program, arguments @ ..] = solver else {
            println!("| {monthly} | {:.2} ms | – | – |", ours * 1e3);
            continue;
        };
        let asked =
            Command::new(program).args(arguments).arg("--monthly").arg(monthly.to_string()).output().unwrap();
        assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
        let said = String::from_utf8(asked.stdout).unwrap();
        let (seconds, ending) = said.trim().split_once(' ').unwrap();
        let theirs: f64 = seconds.parse().unwrap();
        println!("| {monthly} | {:.2} ms | {theirs:.2} s {ending} | 1/{:.0} |", ours * 1e3, theirs / ours);
    }
}
