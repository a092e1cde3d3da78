//! From mean and variance to quantiles, and back.

/// The shares at which quantiles are kept.
pub(super) const SHARES: [f64; 19] = [
    0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85,
    0.90, 0.95,
];
/// The standard normal distribution at [`SHARES`].
pub(super) const NORMAL: [f64; 19] = [
    -1.644_854, -1.281_552, -1.036_433, -0.841_621, -0.674_490, -0.524_401, -0.385_320, -0.253_347,
    -0.125_661, 0.0, 0.125_661, 0.253_347, 0.385_320, 0.524_401, 0.674_490, 0.841_621, 1.036_433, 1.281_552,
    1.644_854,
];

/// One number for each of [`SHARES`], never falling.
pub(super) type Quantiles = [f64; 19];

/// Below, the transformation to the normal distribution fails: the wider a distribution, the less it would reach.
const SHAPE_MIN: f64 = 0.1;

/// What a model says of a number of calls.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    pub(super) mean: f64,
    pub(super) variance: f64,
}

impl Moments {
    /// The shape of the gamma distribution with this mean and variance: counts that scatter never fall below 0, lean to
    /// the right when they are few, and look normal when they are many.
    fn shape(&self) -> f64 {
        (self.mean * self.mean / self.variance).max(SHAPE_MIN)
    }

    /// How many standard deviations an outcome is off, after the transformation of Wilson and Hilferty, which makes a
    /// gamma distribution normal.
    pub(super) fn score(&self, calls: f64) -> Option<f64> {
        let shape = self.shape();
        let score = 3.0 * shape.sqrt() * ((calls / self.mean).cbrt() - 1.0 + 1.0 / (9.0 * shape));
        score.is_finite().then_some(score)
    }

    /// The outcome that is so many standard deviations off.
    pub(super) fn outcome(&self, score: f64) -> f64 {
        if self.mean <= 0.0 {
            return 0.0;
        }
        let shape = self.shape();
        let root = (1.0 - 1.0 / (9.0 * shape) + score / (3.0 * shape.sqrt())).max(0.0);
        self.mean * root * root * root
    }
}
