//! How much is used on the days ahead: an even pace with peaks, or what a forecast says.

use crate::Calls;
use crate::forecast::Forecast;
use chrono::NaiveDate;

/// How many calls a month the account makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthlyUsage {
    /// About so many.
    About(Calls),
    /// So many or fewer: WeChat says only "50 or fewer".
    AtMost(Calls),
}

/// Usage from which dates are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// A third more than given.
    High,
    /// As given; the upper end where only an upper end is known, the cautious side.
    Given,
    /// A third less; nothing at all where only an upper end is known.
    Low,
}

impl MonthlyUsage {
    /// Calls in three years of 365 days: a third of a month's calls stays a whole number.
    fn per_1095_days(self, pace: Pace) -> u128 {
        let (Self::About(calls) | Self::AtMost(calls)) = self;
        let thirds = match (self, pace) {
            (Self::About(_) | Self::AtMost(_), Pace::High) => 4_u128,
            (Self::About(_) | Self::AtMost(_), Pace::Given) => 3,
            (Self::About(_), Pace::Low) => 2,
            (Self::AtMost(_), Pace::Low) => 0,
        };
        // Twelve months in 365 days; at most 10^12 × 48.
        u128::from(calls.get()).saturating_mul(12).saturating_mul(thirds)
    }

    /// Calls on each day ahead: the monthly number spread evenly, whole calls, as late as the sum allows.
    pub(super) fn daily(self, pace: Pace, days: usize) -> Vec<u64> {
        let rate = self.per_1095_days(pace);
        let mut before = 0_u128;
        (1..=days)
            .map(|day| {
                let day = u128::try_from(day).unwrap_or(u128::MAX);
                let until = rate.saturating_mul(day) / 1_095;
                let calls = until.saturating_sub(before);
                before = until;
                // At most 10^12 × 48 / 1,095.
                u64::try_from(calls).unwrap_or(u64::MAX)
            })
            .collect()
    }
}

/// Calls beyond the even pace on one day: a campaign that the shop expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peak {
    /// Which day; one before today changes nothing.
    pub day: NaiveDate,
    /// How many more calls.
    pub calls: Calls,
}

/// How much is used on the days ahead.
#[derive(Debug, Clone)]
pub enum Usage {
    /// So many calls a month, spread evenly.
    Monthly(MonthlyUsage),
    /// What a forecast says, its campaigns included. Its first day is day 0.
    Forecast(Box<Forecast>),
}

impl From<MonthlyUsage> for Usage {
    fn from(usage: MonthlyUsage) -> Self {
        Self::Monthly(usage)
    }
}

/// The days' calls with what comes on top of them.
pub(super) fn with_peaks(mut daily: Vec<u64>, peaks: &[Peak], today: NaiveDate) -> Vec<u64> {
    for peak in peaks {
        let ahead = usize::try_from(peak.day.signed_duration_since(today).num_days()).ok();
        if let Some(calls) = ahead.and_then(|day| daily.get_mut(day)) {
            *calls = calls.saturating_add(peak.calls.get());
        }
    }
    daily
}
