//! Taking turns.

use std::time::Instant;

/// One side of a comparison.
pub(crate) struct Side<'a> {
    pub(crate) name: &'static str,
    pub(crate) work: Box<dyn FnMut() + 'a>,
}

impl<'a> Side<'a> {
    pub(crate) fn new<T>(name: &'static str, mut work: impl FnMut() -> T + 'a) -> Self {
        Self { name, work: Box::new(move || drop(std::hint::black_box(work()))) }
    }
}

/// Lets the sides take turns and prints what each takes, as a multiple of the first: the median over the rounds, and the
/// fastest round of each. Whatever else a machine does only ever adds to a time, so where the two differ the second is
/// nearer to what the sides cost.
pub(crate) fn take_turns(title: &str, rounds: usize, mut sides: Vec<Side<'_>>) {
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); sides.len()];
    // The first round fills caches and is not counted.
    for round in 0..=rounds {
        for (side, times) in sides.iter_mut().zip(&mut times) {
            let started = Instant::now();
            (side.work)();
            if round > 0 {
                times.push(started.elapsed().as_secs_f64());
            }
        }
    }
    println!("\n{title} (median of {rounds} rounds)\n");
    println!("| | time | speed | speed of the fastest rounds |\n|---|---|---|---|");
    let fastest = |times: &[f64]| times.iter().copied().fold(f64::INFINITY, f64::min);
    for (side, own) in sides.iter().zip(&times) {
        let ratios = own.iter().zip(&times[0]).map(|(own, first)| own / first).collect();
        let ratio = median(ratios);
        let of_fastest = fastest(&times[0]) / fastest(own);
        println!("| {} | {ratio:.2} | {:.2} | {of_fastest:.2} |", side.name, 1.0 / ratio);
    }
}

pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
