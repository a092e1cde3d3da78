//! Generated shops: daily usage with the traits that make forecasts hard. One seed makes one shop, always the same.

use billing_core::forecast::History;
use chrono::NaiveDate;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng};
use rand_distr::{Distribution, Gamma, Normal, Poisson};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A few calls a day, or none.
    Quiet,
    WeekendHeavy,
    Growing,
    /// A wave over the year.
    Seasonal,
    /// Now and then some days with several times the usage; nobody tells the forecast.
    Campaign,
    /// Most days without a call.
    Intermittent,
    /// The level jumps, up or down, on days nobody knows.
    LevelShift,
}

impl Class {
    pub(crate) const ALL: [Self; 7] = [
        Self::Quiet,
        Self::WeekendHeavy,
        Self::Growing,
        Self::Seasonal,
        Self::Campaign,
        Self::Intermittent,
        Self::LevelShift,
    ];
}

pub(crate) struct Shop {
    /// Nothing for a shop that was not generated.
    pub(crate) class: Option<Class>,
    pub(crate) first_day: NaiveDate,
    /// What was really used.
    pub(crate) used: Vec<u32>,
    /// Days on which nobody took note.
    pub(crate) missing: Vec<bool>,
}

impl Shop {
    pub(crate) fn new(class: Class, seed: u64, days: usize) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let first_day =
            NaiveDate::from_ymd_opt(2023, 1, 1).unwrap() + chrono::Days::new(random.random_range(0..700));
        let means = means(class, days, &mut random);
        let week = week(class, &mut random);
        // Overdispersion: a day's mean is itself random.
        let spread: f64 = random.random_range(0.1..0.5);
        let odd = Gamma::new(1.0 / (spread * spread), spread * spread).unwrap();
        let used = means.iter().zip(week.iter().cycle()).map(|(mean, weight)| {
            let mean = mean * weight * odd.sample(&mut random);
            if mean < 1e-9 { 0 } else { Poisson::new(mean).unwrap().sample(&mut random) as u32 }
        });
        let used = used.collect();
        let often = if random.random_bool(0.5) { 0.0 } else { 0.04 };
        let missing = (0..days).map(|_| random.random_bool(often)).collect();
        Self { class: Some(class), first_day, used, missing }
    }

    /// What a forecast made on day `origin` may know: `days` days before it.
    pub(crate) fn history(&self, origin: usize, days: usize) -> History {
        let first_day = self.first_day + chrono::Days::new((origin - days) as u64);
        History::daily(first_day, &self.known(origin, days)).unwrap()
    }

    pub(crate) fn known(&self, origin: usize, days: usize) -> Vec<Option<u32>> {
        let from = origin - days;
        let known = self.used[from..origin].iter().zip(&self.missing[from..origin]);
        known.map(|(used, missing)| (!missing).then_some(*used)).collect()
    }

    /// Cumulative usage of the days from `origin` on.
    pub(crate) fn total(&self, origin: usize, days: usize) -> f64 {
        self.used[origin..origin + days].iter().copied().map(f64::from).sum()
    }
}

fn normal(deviation: f64, random: &mut StdRng) -> f64 {
    Normal::new(0.0, deviation).unwrap().sample(random)
}

fn between(low: f64, high: f64, random: &mut StdRng) -> f64 {
    (low.ln() + (high / low).ln() * random.random::<f64>()).exp()
}

/// The mean of every day before weekdays are looked at.
fn means(class: Class, days: usize, random: &mut StdRng) -> Vec<f64> {
    let level = match class {
        Class::Quiet => between(0.3, 4.0, random),
        Class::Intermittent => between(0.02, 0.25, random),
        Class::WeekendHeavy | Class::Growing | Class::Seasonal | Class::Campaign | Class::LevelShift => {
            between(4.0, 800.0, random)
        }
    };
    // Habits drift in every shop.
    let drift = random.random_range(0.01..0.04);
    let mut wander = normal(drift * 4.0, random);
    let mut means: Vec<f64> = (0..days)
        .map(|_| {
            wander = 0.97 * wander + normal(drift, random);
            level * wander.exp()
        })
        .collect();
    match class {
        Class::Quiet | Class::WeekendHeavy => {}
        Class::Growing => grow(&mut means, random),
        Class::Seasonal => wave(&mut means, random),
        Class::Campaign => campaigns(&mut means, random),
        Class::Intermittent => batches(&mut means, random),
        Class::LevelShift => shifts(&mut means, random),
    }
    means
}

fn grow(means: &mut [f64], random: &mut StdRng) {
    let rate: f64 = random.random_range(0.0005..0.004);
    let mut grown = 1.0;
    for mean in means {
        grown *= 1.0 + rate;
        *mean *= grown;
    }
}

fn wave(means: &mut [f64], random: &mut StdRng) {
    let (height, phase) = (random.random_range(0.2..0.6), random.random_range(0.0..std::f64::consts::TAU));
    for (day, mean) in means.iter_mut().enumerate() {
        *mean *= 1.0 + height * (day as f64 / 365.25 * std::f64::consts::TAU + phase).sin();
    }
}

fn campaigns(means: &mut [f64], random: &mut StdRng) {
    let mut day = random.random_range(0..40);
    while day < means.len() {
        let (length, factor) = (random.random_range(1..=7), random.random_range(2.0..6.0));
        for mean in means.iter_mut().skip(day).take(length) {
            *mean *= factor;
        }
        day += random.random_range(20..70);
    }
}

fn batches(means: &mut [f64], random: &mut StdRng) {
    let size = between(1.0, 12.0, random);
    for mean in means {
        // On few days many, on the others none at all.
        *mean = if random.random_bool(mean.min(0.9)) { size * between(0.5, 2.0, random) } else { 0.0 };
    }
}

fn shifts(means: &mut [f64], random: &mut StdRng) {
    let mut factor = 1.0;
    let mut left = random.random_range(30..250);
    for mean in means {
        if left == 0 {
            factor *= if random.random_bool(0.5) {
                between(1.4, 3.0, random)
            } else {
                1.0 / between(1.4, 3.0, random)
            };
            left = random.random_range(90..300);
        }
        left -= 1;
        *mean *= factor;
    }
}

/// Shares of seven days in a row, on average 1 unless a weekday is closed.
fn week(class: Class, random: &mut StdRng) -> [f64; 7] {
    let mut week = [(); 7].map(|()| normal(0.15, random).exp());
    if class == Class::WeekendHeavy {
        let factor = random.random_range(1.6..4.0);
        week[5] *= factor;
        week[6] *= factor;
    }
    if class != Class::Intermittent && random.random_bool(0.15) {
        week[0] = 0.0;
    }
    week
}
