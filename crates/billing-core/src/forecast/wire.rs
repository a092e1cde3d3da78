//! Forecast files, read strictly.

use super::{CALLS_A_DAY_MAX, Campaign, DAYS_MAX, Effect, FACTOR_MAX, ForecastInput, History, MonthlyUsage};
use crate::Calls;
use crate::input::{self, InputError, Object, present, required};
use crate::time::parse_day;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use std::collections::BTreeSet;

/// WeChat's average never says less than "50 or fewer" **W**.
const AT_MOST: Calls = match Calls::new(50) {
    Ok(calls) => calls,
    Err(_) => unreachable!(),
};
/// Days of other centuries are mistakes of typing.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;
/// A month of the most calls a day.
const MONTHLY_MAX: u64 = 31 * 1_000_000_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ForecastWire {
    #[serde(default, deserialize_with = "present")]
    first_day: Option<Day>,
    #[serde(default, deserialize_with = "present")]
    daily: Option<Vec<Option<u32>>>,
    #[serde(default, deserialize_with = "present")]
    monthly_average: Option<Calls>,
    #[serde(default, deserialize_with = "present")]
    horizon: Option<usize>,
    #[serde(default, deserialize_with = "present")]
    closed: Option<Vec<Day>>,
    #[serde(default, deserialize_with = "present")]
    campaigns: Option<Vec<Object<CampaignWire>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CampaignWire {
    #[serde(default, deserialize_with = "present")]
    day: Option<Day>,
    #[serde(default, deserialize_with = "present")]
    extra: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    factor: Option<f64>,
}

/// A day as [`parse_day`] reads it.
#[derive(Debug, Clone, Copy)]
struct Day(NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_day(&text).map(Self).map_err(D::Error::custom)
    }
}

/// Reads a forecast file. `monthly_average`, `closed` and `campaigns` may be missing; with an average, `daily` too.
pub fn parse(json: &[u8]) -> Result<ForecastInput, InputError> {
    let Object(wire): Object<ForecastWire> = input::parse(json)?;
    let Day(first_day) = required(wire.first_day, "", "first_day")?;
    let daily = match (wire.daily, wire.monthly_average) {
        (None, Some(_)) => Vec::new(),
        (daily, _) => required(daily, "", "daily")?,
    };
    let campaigns = wire.campaigns.unwrap_or_default().into_iter().enumerate();
    let campaigns = campaigns.map(|(place, Object(campaign))| read(campaign, &format!("campaigns[{place}]")));
    let input = ForecastInput {
        history: History::daily(first_day, &daily)?,
        monthly_average: wire.monthly_average.map(monthly),
        horizon: required(wire.horizon, "", "horizon")?,
        closed: wire.closed.unwrap_or_default().into_iter().map(|Day(day)| day).collect::<BTreeSet<_>>(),
        campaigns: campaigns.collect::<Result<_, InputError>>()?,
    };
    check(&input)?;
    Ok(input)
}

fn monthly(calls: Calls) -> MonthlyUsage {
    if calls <= AT_MOST { MonthlyUsage::AtMost(AT_MOST) } else { MonthlyUsage::About(calls) }
}

fn read(campaign: CampaignWire, path: &str) -> Result<Campaign, InputError> {
    let Day(day) = required(campaign.day, path, "day")?;
    let effect = match (campaign.extra, campaign.factor) {
        (Some(extra), None) => Effect::Extra(extra),
        (None, Some(factor)) => Effect::Factor(factor),
        (Some(_), Some(_)) | (None, None) => {
            return Err(InputError::new(path, "a campaign has either `extra` calls or a `factor`"));
        }
    };
    Ok(Campaign { day, effect })
}

/// The limits of a forecast.
pub(super) fn check(input: &ForecastInput) -> Result<(), InputError> {
    check_day(input.history.first_day(), || "first_day".to_owned())?;
    if !(1..=DAYS_MAX).contains(&input.horizon) {
        return Err(InputError::new("horizon", format_args!("not within 1 to {DAYS_MAX} days")));
    }
    if input.monthly_average.is_none() && input.history.spans().iter().all(|span| span.calls.is_none()) {
        return Err(InputError::new("daily", "no day is known, and no monthly average"));
    }
    if let Some(MonthlyUsage::About(calls) | MonthlyUsage::AtMost(calls)) = input.monthly_average
        && calls.get() > MONTHLY_MAX
    {
        return Err(InputError::new("monthly_average", format_args!("more than {MONTHLY_MAX} calls")));
    }
    for (place, day) in input.closed.iter().enumerate() {
        check_day(*day, || format!("closed[{place}]"))?;
    }
    let mut days = BTreeSet::new();
    for (place, campaign) in input.campaigns.iter().enumerate() {
        check_day(campaign.day, || format!("campaigns[{place}].day"))?;
        if !days.insert(campaign.day) {
            return Err(InputError::new(
                format!("campaigns[{place}].day"),
                "this day has a campaign already",
            ));
        }
        match campaign.effect {
            Effect::Extra(extra) if extra > CALLS_A_DAY_MAX => {
                let message = format_args!("more than {CALLS_A_DAY_MAX} calls on a day");
                return Err(InputError::new(format!("campaigns[{place}].extra"), message));
            }
            Effect::Factor(factor) if !(0.0..=FACTOR_MAX).contains(&factor) => {
                let message = format_args!("not within 0 to {FACTOR_MAX}");
                return Err(InputError::new(format!("campaigns[{place}].factor"), message));
            }
            Effect::Extra(_) | Effect::Factor(_) => {}
        }
    }
    Ok(())
}

fn check_day(day: NaiveDate, path: impl FnOnce() -> String) -> Result<(), InputError> {
    if YEARS.contains(&day.year()) {
        return Ok(());
    }
    Err(InputError::new(path(), format_args!("not within the years {} to {}", YEARS.start(), YEARS.end())))
}
