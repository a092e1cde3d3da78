//! The base model: a level that drifts, seen through counts that scatter (a Kalman filter for the local level model,
//! which is simple exponential smoothing with a gain that knows how much history there is).
//!
//! In the state-space form the variance of *cumulative* usage follows from the same three numbers as the forecast, so
//! days ahead are not treated as if they were independent.

use super::history::{Day, Observed};
use super::profile::Profile;
use super::quantiles::Moments;
use super::{CAMPAIGN_DOUBT, Effect, real_of};

/// How fast the level may drift: variance a day, relative to the variance of one day's calls.
pub(super) const DRIFTS: [f64; 6] = [0.0, 0.0005, 0.003, 0.01, 0.03, 0.1];
/// The drift assumed until the history speaks.
pub(super) const DRIFT_PRIOR: f64 = 0.003;
/// However long the time ahead, the level's standard deviation stays below this share of it: shops wander, but come back.
const LEVEL_DOUBT_MAX: f64 = 0.6;
/// Weight of the past in the scatter: an observation counts half after about 70 later ones.
const FADING: f64 = 0.99;
/// Scatter to assume: a day's variance is its mean (calls come one by one) plus the square of this share of it (there
/// are good and bad days); worth so many observations.
const PRIOR_SCATTER: f64 = 0.5;
const PRIOR_OBSERVATIONS: f64 = 4.0;

/// What is assumed before the first observation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Calls on an average day.
    pub(super) level: f64,
    /// Its standard deviation relative to itself.
    pub(super) doubt: f64,
}

/// A fitted model.
#[derive(Debug)]
pub(super) struct Model {
    profile: Profile,
    /// Calls on an average day.
    level: f64,
    /// Variance of the level, relative to that of an average day's calls.
    doubt: f64,
    /// What is added to it every day.
    drift: f64,
    /// Variance of an average day's calls, relative to the level.
    scatter: f64,
}

impl Model {
    /// Fits to what was observed; nothing if that is nothing.
    pub(super) fn fit(
        profile: Profile,
        drift: f64,
        observed: &[Observed],
        calendar: &[Day],
        start: Option<Start>,
    ) -> Option<Self> {
        Filter::run(observed, calendar, &profile, start, drift).map(|filter| filter.model(profile))
    }

    /// The same model as if days scattered like those of another one.
    pub(super) const fn scattering_like(self, other: &Self) -> Self {
        Self { scatter: other.scatter, ..self }
    }

    /// The moments of the calls of the days from one place up to another: what lies before them only makes the level
    /// less certain.
    pub(super) fn between(&self, days: &[Day], from: usize, to: usize) -> Option<Moments> {
        let doubt = (self.doubt + self.drift * real_of(from)).min(self.doubt_max());
        let days = days.get(from..to)?;
        Self { doubt, ..*self }.ahead(days).last().map(|(_, sum)| sum)
    }

    /// The largest doubt of the level, however far ahead.
    fn doubt_max(&self) -> f64 {
        (LEVEL_DOUBT_MAX * LEVEL_DOUBT_MAX * self.level / self.scatter).max(self.doubt)
    }

    /// One after the other the moments of the calls of each day and of all days until then.
    pub(super) fn ahead<'a>(&'a self, days: &'a [Day]) -> impl Iterator<Item = (Moments, Moments)> + 'a {
        let mut level = self.doubt;
        let mut shared = 0.0;
        let mut guessed = 0.0;
        let mut sum = Moments::default();
        let noise = self.scatter * self.level;
        let most = self.doubt_max();
        days.iter().map(move |day| {
            level = (level + self.drift).min(most);
            let (weight, extra, guess) = self.expected(day);
            let mean = self.level * weight + extra;
            let own = mixed(self.level, mean / self.level, weight * weight);
            let scatter = noise * (own + weight * weight * level);
            let one = Moments { mean, variance: scatter + guess * guess };
            // A shop that expects too much of one campaign expects too much of all: their errors add up.
            sum.mean += mean;
            sum.variance += scatter + 2.0 * weight * shared * noise + guess * (guess + 2.0 * guessed);
            shared += weight * level;
            guessed += guess;
            (one, sum)
        })
    }

    /// What a day takes in average days, calls on top, and how many calls a campaign may be off.
    fn expected(&self, day: &Day) -> (f64, f64, f64) {
        let weight = self.profile.weight(day);
        match day.campaign.filter(|_| !day.closed) {
            None => (weight, 0.0, 0.0),
            Some(Effect::Extra(calls)) => (weight, f64::from(calls), f64::from(calls) * CAMPAIGN_DOUBT),
            Some(Effect::Factor(factor)) => {
                (weight * factor, 0.0, (factor - 1.0).abs() * weight * self.level * CAMPAIGN_DOUBT)
            }
        }
    }
}

/// One pass over the history.
#[derive(Debug, Clone, Copy)]
struct Filter {
    drift: f64,
    level: f64,
    doubt: f64,
    /// Faded sums over the observations: their number and error², relative.
    weight: f64,
    squares: f64,
}

impl Filter {
    fn run(
        observed: &[Observed],
        calendar: &[Day],
        profile: &Profile,
        start: Option<Start>,
        drift: f64,
    ) -> Option<Self> {
        let mut filter = start.map(|start| Self::new(start.level, doubt_of(start), drift));
        for span in observed {
            if let Some(filter) = &mut filter {
                filter.doubt += drift * real_of(span.days);
            }
            let (exposure, squares) = profile.exposure(span.of(calendar));
            let Some(calls) = span.calls.filter(|_| exposure > 0.0) else { continue };
            let first = || {
                let level = calls / exposure;
                Self::new(level, mixed(level, exposure, squares) / (exposure * exposure), drift)
            };
            match &mut filter {
                Some(filter) => filter.observe(calls, exposure, squares),
                None => filter = Some(first()),
            }
        }
        filter
    }

    const fn new(level: f64, doubt: f64, drift: f64) -> Self {
        Self { drift, level, doubt, weight: 0.0, squares: 0.0 }
    }

    fn observe(&mut self, calls: f64, exposure: f64, squares: f64) {
        let error = calls / exposure - self.level;
        let variance = self.doubt + mixed(self.level, exposure, squares) / (exposure * exposure);
        let squares = error * error / (variance * self.level.max(self.least()));
        let gain = self.doubt / variance;
        self.level = (self.level + gain * error).max(0.0);
        self.doubt *= 1.0 - gain;
        self.weight = self.weight * FADING + 1.0;
        self.squares = self.squares * FADING + squares;
    }

    /// The least level to assume: half a call in the days the level rests on. No call so far does not mean never.
    fn least(&self) -> f64 {
        (0.5 * self.doubt).max(1e-4)
    }

    fn model(&self, profile: Profile) -> Model {
        let level = self.level.max(self.least());
        let scatter =
            (self.squares + PRIOR_OBSERVATIONS * scatter_prior(level)) / (self.weight + PRIOR_OBSERVATIONS);
        Model { profile, level, doubt: self.doubt, drift: self.drift, scatter }
    }
}

/// Variance of an average day relative to its mean.
fn scatter_prior(level: f64) -> f64 {
    1.0 + PRIOR_SCATTER * PRIOR_SCATTER * level
}

fn doubt_of(start: Start) -> f64 {
    start.doubt * start.doubt * start.level / scatter_prior(start.level)
}

/// How the scatter of a day follows its share: like its square root where few calls come one by one, in proportion where
/// many do and good and bad days make the difference.
fn mixed(level: f64, exposure: f64, squares: f64) -> f64 {
    let single = 1.0 / scatter_prior(level);
    single * exposure + (1.0 - single) * squares
}
