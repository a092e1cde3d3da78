//! How good forecasts are: the tables of `docs/forecast.md`.
//!
//! `cargo run --release --package billing-core --example forecast_accuracy`
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "it prints tables, or fails"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

#[path = "../tests/support/accuracy.rs"]
mod accuracy;
#[path = "../tests/support/shops.rs"]
mod shops;

use accuracy::{AHEAD, Known, Outcome, PAST, within};
use augurs_core::{Fit, Predict};
use augurs_ets::AutoETS;
use augurs_ets::trend::AutoETSTrendModel;
use augurs_mstl::MSTLModel;
use billing_core::forecast::{self, Band, ForecastInput};
use shops::{Class, Shop};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// 50 shops of each class, never looked at while the model was tuned.
const SEEDS: std::ops::Range<u64> = 900_000..900_050;
/// Forecasts start on these days of a shop's life.
const ORIGINS: [usize; 3] = [PAST, PAST + 28, PAST + 56];

const KNOWN: [Known; 6] =
    [Known::Average, Known::Days(7), Known::Days(28), Known::Days(90), Known::Days(365), Known::Days(PAST)];

/// A forecast of ours and the library's total of the same 28 days, if it was asked.
struct Row {
    outcome: Outcome,
    library: Option<f64>,
}

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if !files.is_empty() {
        return of_files(&files);
    }
    let mut times = Times::default();
    let mut rows = Vec::new();
    for shop in accuracy::shops(SEEDS) {
        for origin in ORIGINS {
            rows.extend(rows_of(&shop, origin, &KNOWN, &mut times));
        }
    }
    println!("{} shops, {} forecasts\n\n{HEAD}", SEEDS.count() * Class::ALL.len(), rows.len());
    for class in Class::ALL {
        print(&format!("{class:?}"), rows.iter().filter(|row| row.outcome.class == Some(class)));
    }
    print_by_known(&rows);
    let ratio = times.library.as_secs_f64() / times.ours.as_secs_f64();
    println!("\nOne fit of the library takes as long as {ratio:.2} forecasts of ours with all their fits.");
    let shop = Shop::new(Class::WeekendHeavy, SEEDS.start, 1_095);
    println!(
        "Three years of days and a year ahead: {:?}, the quickest of 21 runs.",
        time_of_a_large_one(&shop)
    );
}

/// Files as `billing forecast` reads them, with a day's calls for every day: what came is compared every four weeks.
fn of_files(files: &[String]) {
    let mut rows = Vec::new();
    for file in files {
        let input = forecast::parse(&std::fs::read(file).unwrap()).unwrap();
        let daily: Vec<Option<u32>> =
            input.history.spans().iter().map(|span| Some(span.calls? as u32)).collect();
        let shop = Shop {
            class: None,
            first_day: input.history.first_day(),
            used: daily.iter().map(|calls| calls.unwrap_or_default()).collect(),
            missing: daily.iter().map(Option::is_none).collect(),
        };
        let last = daily.len().saturating_sub(AHEAD[1]);
        for origin in (365..=last).step_by(28) {
            rows.extend(rows_of(&shop, origin, &KNOWN[..5], &mut Times::default()));
        }
    }
    println!("{} files, {} forecasts\n\n{HEAD}", files.len(), rows.len());
    print_by_known(&rows);
}

#[derive(Default)]
struct Times {
    ours: Duration,
    library: Duration,
}

fn rows_of(shop: &Shop, origin: usize, known: &[Known], times: &mut Times) -> Vec<Row> {
    let mut rows = Vec::new();
    for known in known {
        let start = Instant::now();
        let outcomes = accuracy::outcomes(shop, origin, &[*known]);
        let ours = start.elapsed();
        // The library wants two weeks at least.
        let library = match *known {
            Known::Days(days) if days >= 14 => {
                let start = Instant::now();
                let total = library_total(&shop.known(origin, days));
                times.ours += ours;
                times.library += start.elapsed();
                total
            }
            Known::Average | Known::Days(_) => None,
        };
        rows.extend(outcomes.into_iter().map(|outcome| Row { outcome, library }));
    }
    rows
}

fn print_by_known(rows: &[Row]) {
    for known in KNOWN {
        let name = match known {
            Known::Average => "monthly average only".to_owned(),
            Known::Days(days) => format!("{days} days known"),
        };
        let of_it: Vec<&Row> = rows.iter().filter(|row| row.outcome.known == known).collect();
        if !of_it.is_empty() {
            print(&name, of_it.into_iter());
        }
    }
    print("all", rows.iter());
}

const HEAD: &str = "\
| | 28 days within band, % | below / above, % | 91 days within band, % | single days within band, % | error | pinball | error where the library can: ours | seasonal naive | library |
|---|---|---|---|---|---|---|---|---|---|";

fn print<'a>(name: &str, rows: impl Iterator<Item = &'a Row>) {
    let rows: Vec<&Row> = rows.collect();
    let mean = |value: &dyn Fn(&Outcome) -> f64| {
        rows.iter().map(|row| value(&row.outcome)).sum::<f64>() / rows.len() as f64
    };
    let share = |is: &dyn Fn(&Outcome) -> bool| mean(&|outcome| if is(outcome) { 100.0 } else { 0.0 });
    let covered = |place: usize| share(&|outcome| within(&outcome.totals[place].0, outcome.totals[place].1));
    let below = share(&|outcome| outcome.totals[0].1 < outcome.totals[0].0.p10);
    let above = share(&|outcome| outcome.totals[0].1 > outcome.totals[0].0.p90);
    let error = |outcome: &Outcome, total: f64| (outcome.totals[0].1 - total).abs() / outcome.usual;
    let compared: Vec<(f64, f64, f64)> = rows
        .iter()
        .filter_map(|Row { outcome, library }| {
            Some((
                error(outcome, outcome.totals[0].0.p50),
                error(outcome, outcome.naive),
                error(outcome, (*library)?),
            ))
        })
        .collect();
    let of = |pick: &dyn Fn(&(f64, f64, f64)) -> f64| match compared.len() {
        0 => "–".to_owned(),
        count => format!("{:.3}", compared.iter().map(pick).sum::<f64>() / count as f64),
    };
    println!(
        "| {name} | {:.1} | {below:.1} / {above:.1} | {:.1} | {:.1} | {:.3} | {:.3} | {} | {} | {} |",
        covered(0),
        covered(1),
        mean(&|outcome| 100.0 * outcome.days_within),
        mean(&|outcome| error(outcome, outcome.totals[0].0.p50)),
        mean(&|outcome| pinball(&outcome.totals[0].0, outcome.totals[0].1) / outcome.usual),
        of(&|errors| errors.0),
        of(&|errors| errors.1),
        of(&|errors| errors.2),
    );
}

/// Twice the pinball loss of the three quantiles, on average: an absolute error that also asks for a narrow band.
fn pinball(band: &Band, actual: f64) -> f64 {
    let loss = |quantile: f64, share: f64| {
        let off = actual - quantile;
        if off > 0.0 { share * off } else { (share - 1.0) * off }
    };
    2.0 / 3.0 * (loss(band.p10, 0.1) + loss(band.p50, 0.5) + loss(band.p90, 0.9))
}

/// MSTL with a weekly season around AutoETS. It knows no gaps: a missing day gets the mean of its weekday.
fn library_total(known: &[Option<u32>]) -> Option<f64> {
    let of_weekday = |place: usize| {
        let same = known.iter().skip(place % 7).step_by(7).flatten().copied().map(f64::from);
        let (sum, count) = same.fold((0.0, 0.0), |(sum, count), calls| (sum + calls, count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    };
    let filled: Vec<f64> = known
        .iter()
        .enumerate()
        .map(|(place, calls)| calls.map_or_else(|| of_weekday(place), f64::from))
        .collect();
    let model = MSTLModel::new(vec![7], AutoETSTrendModel::from(AutoETS::non_seasonal()));
    let forecast = model.fit(&filled).ok()?.predict(28, None).ok()?;
    Some(forecast.point.iter().sum::<f64>().max(0.0))
}

/// The quickest of 21 runs.
fn time_of_a_large_one(shop: &Shop) -> Duration {
    let input = ForecastInput {
        history: shop.history(1_095, 1_095),
        monthly_average: None,
        horizon: 365,
        closed: BTreeSet::new(),
        campaigns: Vec::new(),
    };
    let run = || {
        let start = Instant::now();
        std::hint::black_box(forecast::forecast(&input).unwrap());
        start.elapsed()
    };
    (0..21).map(|_| run()).min().unwrap()
}
