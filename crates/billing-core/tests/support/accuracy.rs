//! Forecasts of generated shops beside what came.

use crate::shops::{Class, Shop};
use billing_core::Calls;
use billing_core::forecast::MonthlyUsage;
use billing_core::forecast::{self, Band, Forecast, ForecastInput, History};
use std::collections::BTreeSet;
use std::ops::Range;

/// Days before the first forecast.
pub(crate) const PAST: usize = 730;
/// Days ahead of which totals are compared.
pub(crate) const AHEAD: [usize; 2] = [28, 91];

/// What a forecast knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    /// WeChat's blurred monthly average only.
    Average,
    /// So many days before.
    Days(usize),
}

/// One forecast and what came.
pub(crate) struct Outcome {
    pub(crate) class: Option<Class>,
    pub(crate) known: Known,
    /// The band of each total of [`AHEAD`], and the total.
    pub(crate) totals: [(Band, f64); 2],
    /// The share of the first 28 days that were within their own bands.
    pub(crate) days_within: f64,
    /// The total of 28 days if the last week comes four times.
    pub(crate) naive: f64,
    /// 28 days of this shop on average until then, and two calls more: of a shop with next to none, one more is not twice as many.
    pub(crate) usual: f64,
}

pub(crate) fn within(band: &Band, actual: f64) -> bool {
    (band.p10..=band.p90).contains(&actual)
}

/// A shop and all forecasts of it at one origin.
pub(crate) fn outcomes(shop: &Shop, origin: usize, known: &[Known]) -> Vec<Outcome> {
    known
        .iter()
        .filter_map(|known| {
            let forecast = forecast::forecast(&input(shop, origin, *known)?).ok()?;
            Some(outcome(shop, origin, *known, &forecast))
        })
        .collect()
}

/// All shops of a seed: one of each class.
pub(crate) fn shops(seeds: Range<u64>) -> impl Iterator<Item = Shop> {
    seeds.flat_map(|seed| {
        (0_u64..)
            .zip(Class::ALL)
            .map(move |(place, class)| Shop::new(class, seed * 7 + place, PAST + 28 * 2 + 91))
    })
}

/// What a forecast made at `origin` may know. Nothing where nobody took note of any of the days.
fn input(shop: &Shop, origin: usize, known: Known) -> Option<ForecastInput> {
    let (history, monthly_average) = match known {
        Known::Average => {
            let today = shop.first_day + chrono::Days::new(origin as u64);
            (History::none(today), Some(average(shop, origin)))
        }
        Known::Days(days) => (shop.history(origin, days), None),
    };
    let something = monthly_average.is_some() || history.spans().iter().any(|span| span.calls.is_some());
    let input = ForecastInput {
        history,
        monthly_average,
        horizon: AHEAD[1],
        closed: BTreeSet::new(),
        campaigns: Vec::new(),
    };
    something.then_some(input)
}

/// The mean of the last three months as WeChat tells it: two significant digits, and never less than 50.
fn average(shop: &Shop, origin: usize) -> MonthlyUsage {
    let monthly = (shop.total(origin - 91, 91) / 3.0) as u64;
    let digits = monthly.checked_ilog10().unwrap_or(0);
    let unit = 10_u64.pow(digits.saturating_sub(1));
    let calls = |calls| Calls::new(calls).unwrap();
    if monthly <= 50 {
        MonthlyUsage::AtMost(calls(50))
    } else {
        MonthlyUsage::About(calls((monthly + unit / 2) / unit * unit))
    }
}

fn outcome(shop: &Shop, origin: usize, known: Known, forecast: &Forecast) -> Outcome {
    let totals = AHEAD.map(|days| (forecast.cumulative[days - 1].band(), shop.total(origin, days)));
    let used = shop.used[origin..origin + 28].iter().copied().map(f64::from);
    let days_within = forecast.days.iter().zip(used).filter(|(band, used)| within(band, *used)).count();
    let week: Vec<f64> = shop.known(origin, 7).into_iter().flatten().map(f64::from).collect();
    Outcome {
        class: shop.class,
        known,
        totals,
        days_within: days_within as f64 / 28.0,
        naive: week.iter().sum::<f64>() / week.len().max(1) as f64 * 28.0,
        usual: shop.total(0, origin) / origin as f64 * 28.0 + 2.0,
    }
}
