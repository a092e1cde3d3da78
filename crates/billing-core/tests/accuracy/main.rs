//! Whether forecasts are honest: how often what came was within the band, on generated shops never used for tuning.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

#[path = "../support/accuracy.rs"]
mod accuracy;
#[path = "../support/shops.rs"]
mod shops;

use accuracy::{Known, Outcome, PAST, within};
use shops::Class;

/// 50 shops of each class. `docs/forecast.md` reports others, and tuning used yet others.
const SEEDS: std::ops::Range<u64> = 500_000..500_050;

/// The share of 28-day totals within the 80 % band, in percent.
fn covered<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> f64 {
    let inside: Vec<bool> =
        outcomes.map(|outcome| within(&outcome.totals[0].0, outcome.totals[0].1)).collect();
    assert!(inside.len() >= 100, "too few to tell: {}", inside.len());
    100.0 * inside.iter().filter(|inside| **inside).count() as f64 / inside.len() as f64
}

#[test]
fn the_band_holds_what_it_promises() {
    let known = [Known::Days(7), Known::Days(28), Known::Days(90), Known::Days(365)];
    let outcomes: Vec<Outcome> =
        accuracy::shops(SEEDS).flat_map(|shop| accuracy::outcomes(&shop, PAST, &known)).collect();
    let overall = covered(outcomes.iter());
    assert!((75.0..=85.0).contains(&overall), "overall: {overall:.1} %");
    for class in Class::ALL {
        let covered = covered(outcomes.iter().filter(|outcome| outcome.class == Some(class)));
        assert!(covered >= 65.0, "{class:?}: {covered:.1} %");
    }
    // A short history is wide rather than wrong.
    let by_length = known.map(|known| covered(outcomes.iter().filter(|outcome| outcome.known == known)));
    for (known, covered) in known.iter().zip(by_length) {
        assert!(covered >= 70.0, "{known:?}: {covered:.1} %");
    }
}

/// Single days, and against the simplest forecast there is.
#[test]
fn days_are_within_their_bands_and_totals_nearer_than_the_last_week_repeated() {
    let outcomes: Vec<Outcome> = accuracy::shops(SEEDS)
        .flat_map(|shop| accuracy::outcomes(&shop, PAST, &[Known::Days(365)]))
        .collect();
    let mean = |value: fn(&Outcome) -> f64| outcomes.iter().map(value).sum::<f64>() / outcomes.len() as f64;
    // Bands of whole calls hold more where calls are few.
    let within = 100.0 * mean(|outcome| outcome.days_within);
    assert!((75.0..=90.0).contains(&within), "{within:.1} %");
    let error = mean(|outcome| (outcome.totals[0].1 - outcome.totals[0].0.p50).abs() / outcome.usual);
    let naive = mean(|outcome| (outcome.totals[0].1 - outcome.naive).abs() / outcome.usual);
    assert!(error < 0.85 * naive, "{error:.3} against {naive:.3}");
}

#[test]
fn less_history_means_a_wider_band() {
    let known = [Known::Days(7), Known::Days(365)];
    let mut widths = [0.0; 2];
    for shop in accuracy::shops(SEEDS.start..SEEDS.start + 10) {
        for (outcome, width) in accuracy::outcomes(&shop, PAST, &known).iter().zip(&mut widths) {
            let (band, _) = outcome.totals[0];
            *width += (band.p90 - band.p10) / outcome.usual;
        }
    }
    assert!(widths[0] > widths[1], "{widths:?}");
}

#[test]
fn an_average_alone_is_enough_for_an_honest_band() {
    let outcomes: Vec<Outcome> =
        accuracy::shops(SEEDS).flat_map(|shop| accuracy::outcomes(&shop, PAST, &[Known::Average])).collect();
    let covered = covered(outcomes.iter());
    assert!((70.0..=95.0).contains(&covered), "{covered:.1} %");
}
