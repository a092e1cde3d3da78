//! How far off the model was on days it had not seen, and what that says of the days ahead (conformal prediction).
//!
//! The model is fitted anew at many past days, each time to what was known then, and what it said of the usage that
//! followed is compared with what came. The drift that would have served best is chosen; the quantiles of its errors –
//! of cumulative usage over 7, 28, 91 … days, not only of single days – replace what is assumed of errors, as far as
//! there are enough of them.

use super::history::{Day, Observed};
use super::level::{DRIFT_PRIOR, DRIFTS, Model};
use super::profile::Profile;
use super::quantiles::{NORMAL, Quantiles, SHARES};
use super::real_of;

/// Days ahead at which errors are collected.
const HORIZONS: [usize; 5] = [1, 7, 28, 91, 182];
/// Days ahead of an origin that are also looked at one by one: the first horizon.
const SINGLE_DAYS: usize = 7;
/// Observations that the first fit needs.
const OBSERVATIONS_MIN: usize = 14;
/// At most so many fits.
const ORIGINS_MAX: usize = 40;
/// At most so many days back.
const DAYS_BACK: usize = 730;
/// An error of more standard deviations says that the deviation was misjudged, not how far things can go.
const SCORE_MAX: f64 = 3.5;
/// What is assumed counts as much as so many errors that do not overlap.
const PRIOR_ERRORS: f64 = 14.0;
/// Each step away from the drift assumed must make errors so much smaller.
const DRIFT_STEP: f64 = 0.03;

/// What is assumed of errors: a normal distribution, moved and made wider, upwards more than downwards. What a history
/// has not shown yet is mostly more: campaigns, batches, growth.
#[derive(Debug, Clone, Copy)]
struct Prior {
    shift: f64,
    down: f64,
    up: f64,
}

/// For one day.
const SINGLE: Prior = Prior { shift: 0.05, down: 1.05, up: 1.2 };
/// For the sum of several days.
const SUM: Prior = Prior { shift: 0.1, down: 1.15, up: 1.5 };
/// For the sum of several days while there is too little history to compare with.
const UNTRIED: Prior = Prior { shift: 0.1, down: 1.15, up: 1.8 };

/// For the sum of several days where an average is all there is: its doubt says already how far it may be off.
const STATED: Prior = Prior { shift: 0.0, down: 1.1, up: 1.2 };

impl Prior {
    fn quantiles(self) -> Quantiles {
        NORMAL.map(|score| self.shift + score * if score > 0.0 { self.up } else { self.down })
    }
}

/// Quantiles of standardised errors at some horizons, nearest first.
#[derive(Debug, Clone)]
pub(super) struct Calibration(Vec<(usize, Quantiles)>);

impl Calibration {
    /// What to assume of a few days.
    pub(super) fn untried() -> Self {
        Self(vec![(1, SINGLE.quantiles()), (SINGLE_DAYS, UNTRIED.quantiles())])
    }

    /// What to assume of an average.
    pub(super) fn stated() -> Self {
        Self(vec![(1, SINGLE.quantiles()), (SINGLE_DAYS, STATED.quantiles())])
    }

    /// The standardised errors to expect so many days ahead.
    pub(super) fn at(&self, days: usize) -> Quantiles {
        let later = self.0.partition_point(|(horizon, _)| *horizon < days);
        let earlier = later.checked_sub(1).and_then(|earlier| self.0.get(earlier));
        match (earlier, self.0.get(later)) {
            (Some((from, near)), Some((to, far))) => {
                let part = real_of(days.saturating_sub(*from)) / real_of(to.saturating_sub(*from));
                let mut scores = *near;
                for (score, far) in scores.iter_mut().zip(far) {
                    *score += (far - *score) * part;
                }
                scores
            }
            (Some((_, only)), None) | (None, Some((_, only))) => *only,
            (None, None) => NORMAL,
        }
    }
}

/// The model whose drift would have served best, and how far off it would have been.
pub(super) fn held_out(observed: &[Observed], calendar: &[Day]) -> Option<(Model, Calibration)> {
    let days = observed.last().map_or(0, Observed::end);
    let seen = without_unknown(observed, calendar.get(..days).unwrap_or_default());
    let profile = Profile::estimate(observed, calendar);
    let fitted =
        |drift: &f64| Some(Trial::new(*drift, Model::fit(profile, *drift, observed, calendar, None)?));
    let mut trials: Vec<Trial> = DRIFTS.iter().filter_map(fitted).collect();
    let origins = origins(observed, days);
    for origin in &origins {
        let (Some(before), Some(after)) = (observed.get(..*origin), observed.get(*origin..)) else {
            continue;
        };
        let profile = Profile::estimate(before, calendar);
        let ahead = before.last().and_then(|last| seen.get(last.end()..)).unwrap_or_default();
        for trial in &mut trials {
            if let Some(model) = Model::fit(profile, trial.drift, before, calendar, None) {
                trial.compare(&model.scattering_like(&trial.model), after, ahead);
            }
        }
    }
    let best = trials.into_iter().min_by(|one, other| one.loss().total_cmp(&other.loss()))?;
    let first = origins.first().and_then(|origin| observed.get(*origin)).map_or(days, |span| span.start);
    let length = real_of(days.saturating_sub(first));
    let quantiles = HORIZONS.iter().zip(best.errors).map(|(horizon, errors)| {
        let prior = if *horizon == 1 { SINGLE } else { SUM };
        (*horizon, blended(errors.scores, length / real_of(*horizon), prior))
    });
    Some((best.model, Calibration(quantiles.collect())))
}

/// The calendar with days of which nothing is known left out, as if closed: forecasts compared with the rest are then
/// about the rest.
fn without_unknown(observed: &[Observed], calendar: &[Day]) -> Vec<Day> {
    let mut seen = calendar.to_vec();
    for span in observed.iter().filter(|span| span.calls.is_none()) {
        for day in seen.get_mut(span.start..span.end()).unwrap_or_default() {
            day.closed = true;
        }
    }
    seen
}

/// Places in the observations at which the model is fitted to those before.
fn origins(observed: &[Observed], days: usize) -> Vec<usize> {
    let mut known = 0_usize;
    let mut possible = Vec::new();
    for (place, span) in observed.iter().enumerate() {
        if known >= OBSERVATIONS_MIN && span.start.saturating_add(DAYS_BACK) >= days {
            possible.push(place);
        }
        known = known.saturating_add(usize::from(span.calls.is_some()));
    }
    let step = possible.len().div_ceil(ORIGINS_MAX).max(1);
    possible.into_iter().step_by(step).collect()
}

/// One way to let the level drift, and how far off it was.
struct Trial {
    drift: f64,
    /// Fitted to all that is known.
    model: Model,
    /// At each of [`HORIZONS`].
    errors: [Errors; 5],
}

/// Errors at one horizon.
#[derive(Default)]
struct Errors {
    /// Standardised.
    scores: Vec<f64>,
    /// Squares of the differences of roots, which weigh shops' quiet and busy times alike.
    squares: f64,
    count: f64,
}

impl Errors {
    fn mean(&self) -> f64 {
        if self.count > 0.0 { self.squares / self.count } else { 0.0 }
    }
}

impl Trial {
    fn new(drift: f64, model: Model) -> Self {
        Self { drift, model, errors: Default::default() }
    }

    /// Mean error of a week's and of four weeks' usage; a drift unlike the one assumed has to earn it.
    fn loss(&self) -> f64 {
        let [_, week, month, ..] = &self.errors;
        let (low, high) = (self.drift.min(DRIFT_PRIOR), self.drift.max(DRIFT_PRIOR));
        let steps = DRIFTS.iter().filter(|drift| low < **drift && **drift <= high).count();
        (week.mean() + month.mean()) * (1.0 + DRIFT_STEP * real_of(steps))
    }

    /// Compares what a model says of the days ahead with what came after.
    fn compare(&mut self, model: &Model, after: &[Observed], days: &[Day]) {
        let [single, sums @ ..] = &mut self.errors;
        let mut sums = HORIZONS.iter().skip(1).zip(sums).peekable();
        let mut ahead = model.ahead(days);
        let mut actual = 0.0;
        let mut known = 0_usize;
        let mut passed = 0_usize;
        for span in after {
            let Some((one, sum)) = ahead.by_ref().take(span.days).last() else { break };
            passed = passed.saturating_add(span.days);
            if let Some(calls) = span.calls {
                actual += calls;
                known = known.saturating_add(span.days);
                if span.days == 1 && passed <= SINGLE_DAYS {
                    single.scores.extend(one.score(calls).map(limited));
                }
            }
            while let Some((_, errors)) = sums.next_if(|(horizon, _)| passed >= **horizon) {
                // Half of the days must be known.
                if known.saturating_mul(2) >= passed {
                    let error = actual.sqrt() - sum.mean.sqrt();
                    errors.scores.extend(sum.score(actual).map(limited));
                    errors.squares += error * error;
                    errors.count += 1.0;
                }
            }
            if sums.peek().is_none() {
                break;
            }
        }
    }
}

fn limited(score: f64) -> f64 {
    score.clamp(-SCORE_MAX, SCORE_MAX)
}

/// Quantiles of errors, drawn towards what is assumed where they are few or overlap.
fn blended(mut errors: Vec<f64>, apart: f64, prior: Prior) -> Quantiles {
    errors.sort_unstable_by(f64::total_cmp);
    let evidence = apart.min(real_of(errors.len()));
    let mut quantiles = prior.quantiles();
    for (quantile, share) in quantiles.iter_mut().zip(SHARES) {
        if let Some(seen) = at_share(&errors, share) {
            *quantile = (*quantile * PRIOR_ERRORS + seen * evidence) / (PRIOR_ERRORS + evidence);
        }
    }
    quantiles
}

/// The quantile of which conformal prediction speaks: at place `share × (count + 1)`, so that few errors reach further.
fn at_share(sorted: &[f64], share: f64) -> Option<f64> {
    let wanted = share * (real_of(sorted.len()) + 1.0);
    let mut below = sorted.first()?;
    for (place, error) in (1_usize..).zip(sorted) {
        let past = real_of(place) - wanted;
        if past >= 0.0 {
            return Some(error + (below - error) * past.min(1.0));
        }
        below = error;
    }
    sorted.last().copied()
}
